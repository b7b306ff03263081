#include <fmt/format.h>

#include "cli/completion.hpp"

namespace hasim::cli {
namespace {

std::string bash_list(const std::vector<std::string>& words)
{
    return fmt::format("{}", fmt::join(words, " "));
}

// What is completed for a value, as assignments.
std::string bash_kind(const ShellOption& option)
{
    switch (option.offer) {
    case Offer::files: return "kind=files";
    case Offer::directories: return "kind=directories";
    case Offer::programs: return "kind=programs";
    case Offer::words: return "kind=words words=" + shell_quoted(bash_list(option.words));
    case Offer::by_name:
    case Offer::nothing: break;
    }
    return "kind=nothing";
}

std::string bash_entry(const ShellCommand& command)
{
    std::string names;
    std::string values;
    for (const ShellOption& option : command.options) {
        names += (names.empty() ? "" : " ") + option.name;
        if (!option.flag()) {
            values += fmt::format("            {}) {} ;;\n", option.name, bash_kind(option));
        }
    }
    std::string text =
        fmt::format("        {})\n            options={}\n            case $2 in\n{}",
                    shell_quoted(command.name), shell_quoted(names), values);
    for (std::size_t i = 0; i < command.arguments.size(); ++i) {
        const ShellOption& argument = command.arguments[i];
        text += fmt::format("            {}) {} ;;\n",
                            argument.repeated ? "[0-9]*" : std::to_string(i), bash_kind(argument));
    }
    return text + "            esac ;;\n";
}

// The part that is the same whatever the commands are.
constexpr std::string_view kBashMachine = R"sh(
# Puts paths that begin with $2 into COMPREPLY: of the kind that compgen calls $1.
_hasim_paths()
{
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

# Puts what $kind means, begun with $1, into COMPREPLY.
_hasim_offer()
{
    case $kind in
        words) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$1") ;;
        files) _hasim_paths -f "$1" ;;
        directories) _hasim_paths -d "$1" ;;
        programs) _hasim_paths -c "$1" ;;
    esac
}

# Finds the command before the cursor: sets $command, and $at, the index of the word behind it.
_hasim_find()
{
    local first=${COMP_WORDS[1]} second=${COMP_WORDS[2]-}
    command= at=1
    if [[ $first == help && COMP_CWORD -gt 1 ]]; then return; fi
    if [[ $first == -* ]]; then command=run; return; fi
    if ((COMP_CWORD < 2)); then return; fi
    command=$first at=2
    if [[ $second != -* && -n $(_hasim_seconds "$first") ]]; then
        if ((COMP_CWORD < 3)); then command=; else command="$first $second" at=3; fi
    fi
}

# Walks from $at to the cursor: sets $argument, the number of the argument that the cursor is in,
# and $program, the index of the word where a program's own command line begins.
_hasim_walk()
{
    local i word kind words options only=
    argument=0 program=0
    for ((i = at; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == -- && -z $only ]]; then
            only=yes
        elif [[ $word == -?* && -z $only ]]; then
            kind=
            _hasim_table "$command" "$word"
            if [[ ${COMP_WORDS[i + 1]} == = ]]; then
                ((i += 2))
            elif [[ $kind ]]; then
                ((i++))
            fi
        else
            kind=
            _hasim_table "$command" $argument
            if [[ $kind == programs ]]; then program=$i; return; fi
            ((argument++))
        fi
    done
}

_hasim()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command at argument program kind= words= options=
    COMPREPLY=()
    # bash parts --conf=FILE into three words.
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    _hasim_find
    if [[ -z $command ]]; then
        kind=words words=$_hasim_firsts
        if [[ ${COMP_WORDS[1]} != help && COMP_CWORD -gt 1 ]]; then
            words=$(_hasim_seconds "${COMP_WORDS[1]}")
        elif [[ ${COMP_WORDS[1]} == help && COMP_CWORD -gt 2 ]]; then
            words=$(_hasim_seconds "${COMP_WORDS[2]}")
        fi
        _hasim_offer "$current"
        return
    fi
    _hasim_walk
    if ((program)); then
        if declare -F _command_offset >/dev/null; then
            _command_offset "$program"
        else
            kind=files
            _hasim_offer "$current"
        fi
        return
    fi
    if [[ $previous == -?* ]]; then _hasim_table "$command" "$previous"; fi
    if [[ $kind && $previous != -- ]]; then _hasim_offer "$current"; return; fi
    if [[ $current == -* ]]; then
        _hasim_table "$command" ''
        if [[ $COMP_CWORD -eq 1 ]]; then options+=' --version'; fi
        kind=words words=$options
    else
        _hasim_table "$command" "$argument"
        if [[ $argument -eq 0 && $COMP_CWORD -eq 2 && -n $(_hasim_seconds "$command") ]]; then
            kind=words words=$(_hasim_seconds "$command")
        fi
    fi
    _hasim_offer "$current"
}

complete -F _hasim hasim
)sh";

}  // namespace

std::string bash_completion(const std::vector<Command>& commands)
{
    const std::vector<ShellCommand> all = shell_commands(commands);
    std::string firsts;
    std::string families;
    for (const FirstWord& first : first_words(all)) {
        firsts += (firsts.empty() ? "" : " ") + first.word;
        std::string seconds;
        for (const ShellCommand& command : first.family) {
            seconds += (seconds.empty() ? "" : " ") + second_word(command);
        }
        if (!seconds.empty()) {
            families += fmt::format("        {}) echo {} ;;\n", first.word, shell_quoted(seconds));
        }
    }
    std::string text =
        "# Completion of hasim for bash, made by `hasim completion bash`. -*- shell-script -*-\n\n";
    text += "_hasim_firsts=" + shell_quoted(firsts) + "\n\n";
    text +=
        "# The second words of the commands that begin with $1.\n_hasim_seconds()\n{\n    case $1 "
        "in\n" +
        families + "    esac\n}\n\n";
    text +=
        "# Of the command $1: sets $options, and $kind (with $words) to what the option, or the "
        "argument of that number,\n"
        "# $2 takes; a flag takes nothing, and leaves $kind as it is.\n"
        "_hasim_table()\n{\n    case $1 in\n";
    for (const ShellCommand& command : all) {
        text += bash_entry(command);
    }
    return text + "    esac\n}\n" + std::string(kBashMachine);
}

}  // namespace hasim::cli
