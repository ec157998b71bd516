# The page of demine report: the sources in packer/page with packages of the npm registry, bundled into one document.
set(DEMINE_PAGE AUTO CACHE STRING "Build the page of demine report: ON, OFF, or AUTO, which is ON where npm gets its packages")
set_property(CACHE DEMINE_PAGE PROPERTY STRINGS AUTO ON OFF)
set(DEMINE_NPM_FOLDER ${PROJECT_BINARY_DIR}/npm CACHE PATH "Where npm's packages are put; builds may share it")

# npm_install(NAME SOURCE OUT): has the packages of SOURCE/package-lock.json in ${DEMINE_NPM_FOLDER}/NAME. Sets OUT to why
# not, "" where they are there; with DEMINE_PAGE=ON that is an error.
function(npm_install NAME SOURCE OUT)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${SOURCE}/package.json ${SOURCE}/package-lock.json)
  set(${OUT} "" PARENT_SCOPE)
  execute_process(
    COMMAND ${PROJECT_SOURCE_DIR}/cmake/npm-install ${SOURCE} ${DEMINE_NPM_FOLDER}/${NAME}
    OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE status)
  if(status EQUAL 0)
    return()
  endif()
  if(NOT DEMINE_PAGE STREQUAL AUTO)
    message(FATAL_ERROR "npm-install ${NAME} failed (${status}):\n${output}\n"
      "Without the page demine builds with -DDEMINE_PAGE=OFF")
  endif()
  message(STATUS "npm-install ${NAME} failed (${status}):\n${output}")
  set(${OUT} "npm does not get the packages of ${NAME}" PARENT_SCOPE)
endfunction()

# Sets OUT to what is missing, "" where nothing is.
function(page_missing OUT)
  find_program(DEMINE_NODE NAMES node nodejs)
  find_program(DEMINE_NPM npm)
  set(missing "")
  if(NOT DEMINE_NODE OR NOT DEMINE_NPM)
    set(missing "node and npm are not found")
  else()
    execute_process(COMMAND ${DEMINE_NODE} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(REGEX REPLACE "^v" "" version "${version}")
    if(version VERSION_LESS 18)
      set(missing "${DEMINE_NODE} is of version ${version}, older than 18")
    endif()
  endif()
  set(${OUT} ${missing} PARENT_SCOPE)
endfunction()

# page_add(TARGET): adds page_template to a target, with the page or without.
function(page_add TARGET)
  set(page ${PROJECT_SOURCE_DIR}/packer/page)
  set(missing "")
  if(DEMINE_PAGE)
    page_missing(missing)
  endif()
  if(missing AND NOT DEMINE_PAGE STREQUAL AUTO)
    message(FATAL_ERROR "The page of demine report cannot be built: ${missing}. Install nodejs (18 or newer) and npm, "
      "or configure with -DDEMINE_PAGE=OFF")
  endif()
  if(DEMINE_PAGE AND NOT missing)
    npm_install(page ${page} missing)
  endif()
  set(DEMINE_PAGE_MISSING "${missing}" PARENT_SCOPE)
  if(missing OR NOT DEMINE_PAGE)
    message(STATUS "demine report: built without its page (DEMINE_PAGE=${DEMINE_PAGE}; ${missing})")
    target_sources(${TARGET} PRIVATE ${PROJECT_SOURCE_DIR}/packer/report/page_absent.c)
    set(DEMINE_HAS_PAGE OFF PARENT_SCOPE)
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${page}/*.js ${page}/*.css ${page}/*.html ${page}/*.mjs)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/page_template.c)
  add_custom_command(OUTPUT ${out}
    COMMAND ${DEMINE_NODE} ${page}/bundle.mjs ${DEMINE_NPM_FOLDER}/page ${out}
    DEPENDS ${sources} ${page}/package-lock.json
    COMMENT "Bundling the page of demine report" VERBATIM)
  target_sources(${TARGET} PRIVATE ${out})
  set(DEMINE_HAS_PAGE ON PARENT_SCOPE)
endfunction()
