# Gives the target cjson, by its full name libshared::cjson: a static cJSON compiled with a section per function.
#
# Debian has none. In this order: the folder named by DEMINE_CJSON_SOURCE_DIR; a libcjson.a of the system that has
# sections and parses on several threads at once; Debian's source package, fetched by apt (which checks its signature)
# into the build folder.

# Sets OUT to whether an archive has a section of its own for cJSON_Parse, and where a parse failed for each thread.
function(cjson_is_fit ARCHIVE OUT)
  execute_process(COMMAND ${CMAKE_OBJDUMP} -h ${ARCHIVE} OUTPUT_VARIABLE headers ERROR_QUIET)
  if(headers MATCHES "[.]text[.]cJSON_Parse" AND headers MATCHES "[.]tbss[.]global_error")
    set(${OUT} TRUE PARENT_SCOPE)
  else()
    set(${OUT} FALSE PARENT_SCOPE)
  endif()
endfunction()

# Writes to OUT the source FILE with one word more. Every parse writes where it failed into a static variable, for
# cJSON_GetErrorPtr alone: a data race between workers that each read their request. Each thread gets its own.
function(cjson_for_threads FILE OUT)
  file(READ ${FILE} source)
  string(REPLACE "static error global_error" "static _Thread_local error global_error" changed "${source}")
  if(changed STREQUAL source AND source MATCHES "global_error")
    message(FATAL_ERROR "cJSON: ${FILE} declares global_error in a way that cmake/cjson_static.cmake does not know; "
      "workers could not parse at the same time")
  endif()
  file(CONFIGURE OUTPUT ${OUT} CONTENT "${changed}" @ONLY)
endfunction()

function(cjson_from_source DIR)
  if(NOT EXISTS ${DIR}/cJSON.c OR NOT EXISTS ${DIR}/cJSON.h)
    message(FATAL_ERROR "cJSON: no cJSON.c and cJSON.h in ${DIR}; set DEMINE_CJSON_SOURCE_DIR to the folder that has them")
  endif()
  # <cjson/cJSON.h> is how an installed cJSON is included; the header gets that place here too.
  configure_file(${DIR}/cJSON.h ${PROJECT_BINARY_DIR}/cjson/include/cjson/cJSON.h COPYONLY)
  cjson_for_threads(${DIR}/cJSON.c ${PROJECT_BINARY_DIR}/cjson/source/cJSON.c)
  configure_file(${DIR}/cJSON.h ${PROJECT_BINARY_DIR}/cjson/source/cJSON.h COPYONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${DIR}/cJSON.c)
  add_library(cjson STATIC ${PROJECT_BINARY_DIR}/cjson/source/cJSON.c)
  target_include_directories(cjson SYSTEM PUBLIC
    $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/cjson/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_LIBDIR}/libshared/include>)
  target_compile_options(cjson PRIVATE -Os -ffunction-sections -fdata-sections -w
    $<$<CONFIG:MinSizeRel>:-fno-asynchronous-unwind-tables -fno-plt>
    -ffile-prefix-map=${PROJECT_BINARY_DIR}/cjson/source=cjson)
  target_link_libraries(cjson PRIVATE $<BUILD_INTERFACE:demine_reproducible>)
  set_target_properties(cjson PROPERTIES ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/cjson)
  if(PROJECT_IS_TOP_LEVEL)
    install(TARGETS cjson EXPORT libshared ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/libshared)
    install(FILES ${DIR}/cJSON.h DESTINATION ${CMAKE_INSTALL_LIBDIR}/libshared/include/cjson)
  endif()
endfunction()

function(cjson_find_or_build)
  if(DEMINE_CJSON_SOURCE_DIR)
    cjson_from_source(${DEMINE_CJSON_SOURCE_DIR})
    return()
  endif()
  if(NOT CMAKE_CROSSCOMPILING)
    find_library(CJSON_ARCHIVE libcjson.a)
    mark_as_advanced(CJSON_ARCHIVE)
    if(CJSON_ARCHIVE)
      cjson_is_fit(${CJSON_ARCHIVE} fit)
      if(fit)
        add_library(cjson INTERFACE)
        target_link_libraries(cjson INTERFACE ${CJSON_ARCHIVE})
        if(PROJECT_IS_TOP_LEVEL)
          install(TARGETS cjson EXPORT libshared)
        endif()
        return()
      endif()
    endif()
  endif()
  include(apt_source)
  apt_source(cjson DIR)
  cjson_from_source(${DIR})
endfunction()

cjson_find_or_build()
add_library(libshared::cjson ALIAS cjson)
