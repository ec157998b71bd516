# Completion of demine for fish.
complete -c demine -n __fish_use_subcommand -f -a pack -d 'Link, pack and check the functions of a manifest'
complete -c demine -n __fish_use_subcommand -f -a help -d 'Show the help of a subcommand'
complete -c demine -n __fish_use_subcommand -f -a version -d 'Show the version'
complete -c demine -n '__fish_seen_subcommand_from help' -f -a pack
complete -c demine -n '__fish_seen_subcommand_from pack' -s o -l output -r -a '(__fish_complete_directories)' -d 'Folder of the zips'
complete -c demine -n '__fish_seen_subcommand_from pack' -l state -r -a '(__fish_complete_directories)' -d 'Folder of objects and records'
complete -c demine -n '__fish_seen_subcommand_from pack' -l account -r -F -d 'Output of get-account-settings'
complete -c demine -n '__fish_seen_subcommand_from pack' -s j -l jobs -x -d 'Tools and threads at a time'
complete -c demine -n '__fish_seen_subcommand_from pack' -l json -d 'Report as JSON'
complete -c demine -n '__fish_seen_subcommand_from pack' -l color -x -a 'auto always never' -d 'When to colour'
complete -c demine -n '__fish_seen_subcommand_from pack' -s q -l quiet -d 'Warnings and errors only'
complete -c demine -n '__fish_seen_subcommand_from pack' -s h -l help -d 'Show help'
