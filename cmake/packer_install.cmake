# Installs the command demine and what belongs to it, where this project is not a part of another.
if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()
install(TARGETS demine RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${PROJECT_SOURCE_DIR}/packer/demine.schema.json ${PROJECT_SOURCE_DIR}/packer/policy.schema.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/demine)
install(FILES ${PROJECT_SOURCE_DIR}/packer/demine.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
set(completions ${PROJECT_SOURCE_DIR}/packer/completions)
install(FILES ${completions}/demine.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME demine)
install(FILES ${completions}/_demine DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${completions}/demine.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
