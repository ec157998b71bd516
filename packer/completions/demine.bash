# Completion of demine for bash.
_demine()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W 'pack symbolize help version --help --version' -- "$cur")
        return
    fi
    case ${COMP_WORDS[1]} in
    help)
        mapfile -t COMPREPLY < <(compgen -W 'pack symbolize' -- "$cur")
        ;;
    pack)
        case $prev in
        -o | --output | --state)
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            ;;
        --color)
            mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
            ;;
        -j | --jobs) ;;
        *)
            if [[ $cur == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W '--output --state --account --jobs --json --color --quiet --help' -- "$cur")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            fi
            ;;
        esac
        ;;
    symbolize)
        case $prev in
        -d | --debug | -m | --manifest)
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            ;;
        --color)
            mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
            ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W '--debug --manifest --json --color --help' -- "$cur")
            ;;
        esac
        ;;
    esac
}
complete -o filenames -F _demine demine
