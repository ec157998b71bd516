# Installs the library, its CMake package and its .pc file, where this project is not a part of another.
if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/libshared)

install(TARGETS shared EXPORT libshared ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/shared DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT libshared NAMESPACE libshared:: FILE libsharedTargets.cmake DESTINATION ${package_dir})

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/libsharedConfig.cmake.in ${PROJECT_BINARY_DIR}/libsharedConfig.cmake
  INSTALL_DESTINATION ${package_dir} PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/libsharedConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/libsharedConfig.cmake ${PROJECT_BINARY_DIR}/libsharedConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/demine_function.cmake
  DESTINATION ${package_dir})

if(TARGET cjson)
  get_target_property(cjson_type cjson TYPE)
endif()
if(cjson_type STREQUAL "STATIC_LIBRARY")
  set(libshared_pc_cjson_libs "-L\${libdir}/libshared -l:libcjson.a")
  set(libshared_pc_cjson_cflags "-I\${libdir}/libshared/include")
else()
  set(libshared_pc_cjson_libs "${CJSON_ARCHIVE}")
endif()
file(RELATIVE_PATH libshared_pc_include ${CMAKE_INSTALL_FULL_LIBDIR} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(${PROJECT_SOURCE_DIR}/cmake/libshared.pc.in ${PROJECT_BINARY_DIR}/libshared.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/libshared.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
