# demine_function(TARGET
#     [LINKAGE static|dynamic]        default static
#     [ASSETS PLACE=SOURCE …]         PLACE in the package; SOURCE, a file or a folder, relative to the current source folder
#     [ENVIRONMENT NAME=VALUE …]
#     [MEMORY_MB N] [TIMEOUT_S N]     default 128 and 3
#     [RUNTIME provided.al2023|provided.al2]
#     [PROJECT NAME])                 default the name of the top project; these two are the same for all functions
#
# Makes an executable target a Lambda function: links it the way that demine explains best (a section per function and
# variable, unused ones dropped, relocations kept, a map beside it), and adds it to the target "package". Building
# that writes demine.json for all functions of the build into the folder "demine" of the build folder and runs
# "demine pack" on it; the zips are then in demine/dist.
#
# Where find_package found no command demine, set DEMINE_EXECUTABLE to it.
include_guard(GLOBAL)

# A text as a JSON string.
function(demine_json_string TEXT OUT)
  string(REPLACE "\\" "\\\\" TEXT "${TEXT}")
  string(REPLACE "\"" "\\\"" TEXT "${TEXT}")
  string(REPLACE "\n" "\\n" TEXT "${TEXT}")
  string(REPLACE "\r" "\\r" TEXT "${TEXT}")
  string(REPLACE "\t" "\\t" TEXT "${TEXT}")
  set(${OUT} "\"${TEXT}\"" PARENT_SCOPE)
endfunction()

# A list of NAME=VALUE texts, given by its name so that a ";" in a value survives, as a JSON object. Relative values are
# turned into paths where FOLDER is given.
function(demine_json_members WHAT LIST FOLDER OUT)
  set(members "")
  set(comma "")
  foreach(pair IN LISTS ${LIST})
    if(NOT pair MATCHES "^([^=]+)=(.*)$")
      message(FATAL_ERROR "demine_function: ${WHAT} ${pair}: must be NAME=VALUE")
    endif()
    set(name "${CMAKE_MATCH_1}")
    set(value "${CMAKE_MATCH_2}")
    if(FOLDER AND NOT value MATCHES "^\\$<")
      cmake_path(ABSOLUTE_PATH value BASE_DIRECTORY "${FOLDER}" NORMALIZE)
    endif()
    demine_json_string("${name}" name)
    demine_json_string("${value}" value)
    string(APPEND members "${comma}${name}: ${value}")
    set(comma ", ")
  endforeach()
  set(${OUT} "{${members}}" PARENT_SCOPE)
endfunction()

# Sets a value of the whole manifest; a second one that differs is an error.
function(demine_project_value KEY VALUE TARGET)
  get_property(known GLOBAL PROPERTY demine_${KEY})
  if(known AND NOT known STREQUAL VALUE)
    get_property(first GLOBAL PROPERTY demine_${KEY}_target)
    message(FATAL_ERROR "demine_function(${TARGET}): ${KEY} ${VALUE} differs from ${known} of ${first}; "
      "one build packs for one ${KEY}")
  endif()
  set_property(GLOBAL PROPERTY demine_${KEY} "${VALUE}")
  set_property(GLOBAL PROPERTY demine_${KEY}_target "${TARGET}")
endfunction()

# What Lambda calls the processor that this build is for.
function(demine_architecture OUT)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    set(${OUT} x86_64 PARENT_SCOPE)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
    set(${OUT} arm64 PARENT_SCOPE)
  else()
    message(FATAL_ERROR "demine_function: Lambda runs x86_64 and arm64, not ${CMAKE_SYSTEM_PROCESSOR}")
  endif()
endfunction()

function(demine_link_options TARGET LINKAGE)
  target_compile_options(${TARGET} PRIVATE -ffunction-sections -fdata-sections -fno-pie -g)
  # A linker option by -Wl would end at a comma in the path.
  target_link_options(${TARGET} PRIVATE -Wl,--gc-sections -Wl,-q "SHELL:-Xlinker \"-Map=$<TARGET_FILE:${TARGET}>.map\"")
  if(LINKAGE STREQUAL "dynamic")
    target_link_options(${TARGET} PRIVATE -no-pie -Wl,-z,noseparate-code)
  else()
    target_link_options(${TARGET} PRIVATE -static)
  endif()
  set_property(TARGET ${TARGET} APPEND PROPERTY ADDITIONAL_CLEAN_FILES "$<TARGET_FILE:${TARGET}>.map")
endfunction()

# Called at the end of the top folder, when all functions are known.
function(demine_write_manifest MANIFEST)
  get_property(functions GLOBAL PROPERTY demine_functions)
  foreach(key PROJECT RUNTIME)
    get_property(value GLOBAL PROPERTY demine_${key})
    demine_json_string("${value}" ${key})
  endforeach()
  demine_architecture(architecture)
  set(toolchain "")
  if(CMAKE_STRIP)
    demine_json_string("${CMAKE_STRIP}" strip)
    set(toolchain "  \"toolchain\": {\"strip\": ${strip}},\n")
  endif()
  file(GENERATE OUTPUT "${MANIFEST}" CONTENT "{
  \"name\": ${PROJECT},
  \"target\": {\"runtime\": ${RUNTIME}, \"architecture\": \"${architecture}\"},
${toolchain}  \"functions\": {${functions}
  }
}
")
endfunction()

function(demine_add_package)
  set(folder "${CMAKE_BINARY_DIR}/demine")
  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(multi_config)
    string(APPEND folder "/$<CONFIG>")
  endif()
  if(DEMINE_EXECUTABLE)
    set(command "${DEMINE_EXECUTABLE}" pack "${folder}/demine.json")
  elseif(TARGET demine)
    set(command "$<TARGET_FILE:demine>" pack "${folder}/demine.json")
  else()
    set(command "${CMAKE_COMMAND}" -E echo "There is no command demine; set DEMINE_EXECUTABLE to it."
      COMMAND "${CMAKE_COMMAND}" -E false)
  endif()
  add_custom_target(package COMMAND ${command} VERBATIM USES_TERMINAL COMMENT "Packing the functions")
  cmake_language(EVAL CODE
    "cmake_language(DEFER DIRECTORY [==[${CMAKE_SOURCE_DIR}]==] CALL demine_write_manifest [==[${folder}/demine.json]==])")
endfunction()

function(demine_function TARGET)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LINKAGE;MEMORY_MB;TIMEOUT_S;RUNTIME;PROJECT" "ASSETS;ENVIRONMENT")
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "demine_function(${TARGET}): cannot use ${arg_UNPARSED_ARGUMENTS} ${arg_KEYWORDS_MISSING_VALUES}")
  endif()
  if(NOT TARGET ${TARGET})
    message(FATAL_ERROR "demine_function(${TARGET}): there is no such target; add_executable goes first")
  endif()
  get_target_property(type ${TARGET} TYPE)
  if(NOT type STREQUAL "EXECUTABLE")
    message(FATAL_ERROR "demine_function(${TARGET}): must be an executable")
  endif()
  if(NOT DEFINED arg_LINKAGE)
    set(arg_LINKAGE static)
  elseif(NOT arg_LINKAGE MATCHES "^(static|dynamic)$")
    message(FATAL_ERROR "demine_function(${TARGET}): LINKAGE ${arg_LINKAGE} must be static or dynamic")
  endif()
  if(NOT DEFINED arg_RUNTIME)
    set(arg_RUNTIME provided.al2023)
  endif()
  if(NOT DEFINED arg_PROJECT)
    set(arg_PROJECT "${CMAKE_PROJECT_NAME}")
  endif()
  demine_project_value(RUNTIME "${arg_RUNTIME}" ${TARGET})
  demine_project_value(PROJECT "${arg_PROJECT}" ${TARGET})
  demine_link_options(${TARGET} ${arg_LINKAGE})

  set(keys "")
  foreach(key MEMORY_MB TIMEOUT_S)
    if(NOT DEFINED arg_${key})
      continue()
    elseif(NOT arg_${key} MATCHES "^[0-9]+$")
      message(FATAL_ERROR "demine_function(${TARGET}): ${key} ${arg_${key}} must be a whole number")
    endif()
    string(TOLOWER ${key} name)
    string(APPEND keys ",\n      \"${name}\": ${arg_${key}}")
  endforeach()
  if(arg_ASSETS)
    demine_json_members(ASSETS arg_ASSETS "${CMAKE_CURRENT_SOURCE_DIR}" assets)
    string(APPEND keys ",\n      \"assets\": ${assets}")
  endif()
  if(arg_ENVIRONMENT)
    demine_json_members(ENVIRONMENT arg_ENVIRONMENT "" environment)
    string(APPEND keys ",\n      \"environment\": ${environment}")
  endif()

  get_property(functions GLOBAL PROPERTY demine_functions)
  if(NOT functions)
    demine_add_package()
  else()
    set_property(GLOBAL APPEND_STRING PROPERTY demine_functions ",")
  endif()
  add_dependencies(package ${TARGET})
  set_property(GLOBAL APPEND_STRING PROPERTY demine_functions "
    \"${TARGET}\": {
      \"binary\": \"$<TARGET_FILE:${TARGET}>\",
      \"map\": \"$<TARGET_FILE:${TARGET}>.map\",
      \"linkage\": \"${arg_LINKAGE}\"${keys}
    }")
endfunction()
