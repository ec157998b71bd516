# elf_seeds(FOLDER): sets FOLDER to a folder of small programs, linked by the target elf_seeds, for fuzz_elf and
# fuzz_graph to start from. They are built without the project's own flags, since a sanitizer would make them a hundred
# times as large.
function(elf_seeds FOLDER)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/elf_seeds)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/elf_seed.c)
  file(MAKE_DIRECTORY ${folder})
  set(command ${CMAKE_C_COMPILER} -Os -fno-stack-protector -funwind-tables ${source})
  set(small -Wl,-z,noseparate-code,-z,norelro,-z,max-page-size=512,--build-id=none)
  add_custom_command(OUTPUT ${folder}/static ${folder}/static-stripped ${folder}/dynamic ${folder}/static-relocations
      ${folder}/dynamic-relocations
    COMMAND ${command} ${small} -nostdlib -static -o ${folder}/static
    COMMAND ${command} ${small} -nostdlib -static -s -o ${folder}/static-stripped
    COMMAND ${command} ${small} -DSEED_DYNAMIC -fno-builtin -no-pie -o ${folder}/dynamic -lm
    COMMAND ${command} ${small} -nostdlib -static -Wl,-q -o ${folder}/static-relocations
    COMMAND ${command} ${small} -DSEED_DYNAMIC -fno-builtin -no-pie -Wl,-q -o ${folder}/dynamic-relocations -lm
    DEPENDS ${source} VERBATIM)
  add_custom_target(elf_seeds DEPENDS ${folder}/static ${folder}/static-stripped ${folder}/dynamic
    ${folder}/static-relocations ${folder}/dynamic-relocations)
  set(${FOLDER} ${folder} PARENT_SCOPE)
endfunction()
