# Completion of demine for bash.
_demine()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W 'pack size why share advise check report snapshot diff layers published verify limits prune-plan template symbolize help version --help --version' -- "$cur")
        return
    fi
    case ${COMP_WORDS[1]} in
    help)
        mapfile -t COMPREPLY < <(compgen -W 'pack size why share advise check report snapshot diff layers published verify limits prune-plan template symbolize' -- "$cur")
        ;;
    pack)
        case $prev in
        -o | --output | --state | --cache)
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            ;;
        --color)
            mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
            ;;
        --level)
            mapfile -t COMPREPLY < <(compgen -W 'fast default smallest' -- "$cur")
            ;;
        -j | --jobs | --allow-extra | --cache-url) ;;
        *)
            if [[ $cur == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W '--output --state --account --level --replan --allow-extra --check --cache --no-cache --cache-url --cache-read-only --jobs --json --color --quiet --help' -- "$cur")
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            fi
            ;;
        esac
        ;;
    snapshot | diff)
        case $prev in
        --state)
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            ;;
        --color)
            mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
            ;;
        --sort)
            mapfile -t COMPREPLY < <(compgen -W 'file zip' -- "$cur")
            ;;
        -d | --depth)
            mapfile -t COMPREPLY < <(compgen -W 'library member symbol' -- "$cur")
            ;;
        -j | --jobs | -n | --top | -f | --function) ;;
        *)
            if [[ $cur != -* ]]; then
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            elif [[ ${COMP_WORDS[1]} == snapshot ]]; then
                mapfile -t COMPREPLY < <(compgen -W '--output --depth --manifest --state --jobs --quiet --help' -- "$cur")
            else
                mapfile -t COMPREPLY < <(compgen -W '--top --function --sort --markdown --exit-code --manifest --state --jobs --json --color --quiet --help' -- "$cur")
            fi
            ;;
        esac
        ;;
    size | why | share | advise | check | layers)
        case $prev in
        --state)
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            ;;
        -m | --manifest)
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            ;;
        --color)
            mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
            ;;
        --sort)
            mapfile -t COMPREPLY < <(compgen -W 'zip file retained' -- "$cur")
            ;;
        -d | --depth)
            mapfile -t COMPREPLY < <(compgen -W 'library member symbol' -- "$cur")
            ;;
        --level)
            mapfile -t COMPREPLY < <(compgen -W 'fast default smallest' -- "$cur")
            ;;
        -j | --jobs | -n | --top | --allow-extra) ;;
        *)
            local options='--manifest --state --jobs --json --color --quiet --help'
            case ${COMP_WORDS[1]} in
            size) options+=' --depth --top --sort' ;;
            share | advise) options+=' --top' ;;
            layers) options+=' --top --level --replan --allow-extra' ;;
            esac
            mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
            ;;
        esac
        ;;
    report)
        case $prev in
        --state)
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            ;;
        --html | --account | --against | --history | -m | --manifest)
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            ;;
        -j | --jobs) ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W '--html --against --history --account --manifest --state --jobs --quiet --help' -- "$cur")
            ;;
        esac
        ;;
    published)
        case $prev in
        --state)
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            ;;
        -m | --manifest)
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            ;;
        --color)
            mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
            ;;
        --date) ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W '--manifest --date --again --state --json --color --quiet --help' -- "$cur")
            ;;
        esac
        ;;
    limits)
        case $prev in
        --state)
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            ;;
        --account | -m | --manifest)
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            ;;
        --profile)
            mapfile -t COMPREPLY < <(compgen -W 'today 2016 both' -- "$cur")
            ;;
        --color)
            mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
            ;;
        --level)
            mapfile -t COMPREPLY < <(compgen -W 'fast default smallest' -- "$cur")
            ;;
        -j | --jobs | --allow-extra) ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W '--all --account --profile --level --replan --allow-extra --manifest --state --jobs --json --color --quiet --help' -- "$cur")
            ;;
        esac
        ;;
    prune-plan)
        if [[ $prev == --color ]]; then
            mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
        elif [[ $cur == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W '--versions --aliases --no-aliases --layer-versions --all-functions --keep --manifest --sh --json --color --help' -- "$cur")
        elif [[ $prev != -k && $prev != --keep ]]; then
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        fi
        ;;
    template)
        case $prev in
        -o | --output | --zips | --state)
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            ;;
        -m | --manifest)
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            ;;
        --level)
            mapfile -t COMPREPLY < <(compgen -W 'fast default smallest' -- "$cur")
            ;;
        -j | --jobs | --allow-extra) ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W '--output --zips --force --level --replan --allow-extra --manifest --state --jobs --quiet --help' -- "$cur")
            ;;
        esac
        ;;
    verify)
        if [[ $cur == -* && $prev != --lock ]]; then
            mapfile -t COMPREPLY < <(compgen -W '--lock --json --quiet --help' -- "$cur")
        else
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        fi
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
