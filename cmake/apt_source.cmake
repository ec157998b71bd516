# apt_source(PACKAGE OUT): unpacks Debian's source package into the build folder and sets OUT to where it lies.
# The work is done once; cmake/apt-source says how.
function(apt_source PACKAGE OUT)
  set(folder ${PROJECT_BINARY_DIR}/apt-source)
  if(DEMINE_APT_SOURCE_FOLDER) # shared by several build folders
    set(folder ${DEMINE_APT_SOURCE_FOLDER})
  endif()
  if(NOT EXISTS ${folder}/${PACKAGE}/.complete)
    message(STATUS "Fetching the source of ${PACKAGE} with apt")
    execute_process(
      COMMAND ${PROJECT_SOURCE_DIR}/cmake/apt-source ${PACKAGE} ${folder}
      OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "apt-source ${PACKAGE} failed (${status}):\n${output}")
    endif()
  endif()
  set(${OUT} ${folder}/${PACKAGE} PARENT_SCOPE)
endfunction()
