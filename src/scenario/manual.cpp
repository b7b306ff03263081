// docs/faults.md, from the table of faults.
#include <fmt/core.h>

#include "scenario/faults.hpp"

namespace hasim::scenario {
namespace {

std::string_view placeholder(ParameterKind kind)
{
    switch (kind) {
    case ParameterKind::none: return "";
    case ParameterKind::duration:
    case ParameterKind::jitter:
    case ParameterKind::pause: return "D";
    case ParameterKind::signed_duration: return "[-]D";
    case ParameterKind::count:
    case ParameterKind::limit:
    case ParameterKind::pid: return "N";
    case ParameterKind::bandwidth: return "R";
    case ParameterKind::percent: return "P%";
    case ParameterKind::factor: return "FACTOR";
    case ParameterKind::code: return "CODE";
    case ParameterKind::serial: return "S";
    case ParameterKind::text: return "PIN";
    case ParameterKind::mode: return "activeBasic|activeEnhanced";
    }
    return "";
}

std::string parameter_usage(const FaultParameter& parameter)
{
    std::string text;
    for (const std::string_view part :
         {parameter.before, placeholder(parameter.kind), parameter.after}) {
        text += part.empty() || text.empty() ? "" : " ";
        text += part;
    }
    return text;
}

std::string_view target_word(Target::Kind kind)
{
    switch (kind) {
    case Target::Kind::hsm: return "hsmN[..hsmM]";
    case Target::Kind::appliance: return "appliance NAME";
    case Target::Kind::member: return "member S";
    case Target::Kind::group: return "group \"L\"";
    case Target::Kind::client: return "client [NAME]";
    case Target::Kind::any: return "any";
    case Target::Kind::all: return "all";
    }
    return "";
}

constexpr std::string_view kPreface =
    R"(# Faults

<!-- Made from the table in src/scenario/faults.cpp; the tests write it anew with
     HASIM_UPDATE_GOLDEN=1. -->

What a scenario line, or `hasim ctl`, can do to the simulated world. The language around these
words is in [scenario.md](scenario.md).

What all of them share:

- `hsmN` is an appliance in the order of the configuration. For a partition's faults it stands for
  all its partitions; a `member` stands for its appliance where the fault is an appliance's or the
  network's. `any` is one, drawn from the seed each time the line fires. `client` without a name
  is every client process.
- A fault lasts until its opposite, `heal`, `heal all`, or the end of its `for D`. Those without a
  `for` in their grammar happen once.
- The end of a `for D` ends that firing and nothing else (chosen): where a fault of the same kind
  was done later, that one stays; where one was done before and is to last longer, it comes back;
  where the fault was healed meanwhile, nothing happens. A service that starts anew (`power off`,
  `power on`, `reboot`, `ntls restart`) has ended an `ntls stop`.
- Silence is an idealisation of TCP's retransmission: what is sent and who wants to connect waits,
  and is delivered as soon as the fault ends. Nothing is lost and nothing arrives twice.
- "At each tick" means every AutoReconnectInterval counted from C_Initialize, for a member that
  has attempts left.
- What an appliance does here beyond what the vendor's note says of connections (attached cable,
  running appliance, running NTLS service) is (chosen): the note describes the client.
)";

void add_point(std::string& text, std::string_view title, std::string_view what)
{
    text += fmt::format("- *{}:* {}\n", title, what);
}

}  // namespace

std::string usage(const FaultInfo& info)
{
    std::string text(info.words);
    bool open = false;
    for (const FaultParameter& parameter : info.parameters) {
        if (parameter.kind == ParameterKind::none) {
            break;
        }
        if (!parameter.instead) {
            text += open ? "] " : " ";
            text += parameter.optional ? "[" : "";
        } else {
            text += " | ";
        }
        text += parameter_usage(parameter);
        open = parameter.optional;
    }
    text += open ? "]" : "";
    return info.may_last ? text + " [for D]" : text;
}

std::string targets_text(const FaultInfo& info)
{
    std::string text;
    for (const auto kind :
         {Target::Kind::hsm, Target::Kind::appliance, Target::Kind::member, Target::Kind::group,
          Target::Kind::client, Target::Kind::any, Target::Kind::all}) {
        if ((info.targets & bit(kind)) == 0) {
            continue;
        }
        text += text.empty() ? "" : ", ";
        text += target_word(kind);
    }
    return info.target_optional ? text + ", or no target, which means all" : text;
}

std::string_view title_of(FaultChapter chapter)
{
    switch (chapter) {
    case FaultChapter::network: return "Network";
    case FaultChapter::appliance: return "Appliance";
    case FaultChapter::partition: return "Partition";
    case FaultChapter::group: return "Group: the configuration as the client sees it";
    case FaultChapter::machine: return "Client machine";
    case FaultChapter::client: return "Client process";
    case FaultChapter::pattern: return "Patterns";
    case FaultChapter::healing: return "Healing";
    }
    return "";
}

std::string fault_manual()
{
    std::string text(kPreface);
    const FaultInfo* previous = nullptr;
    for (const FaultInfo& info : fault_table()) {
        if (previous == nullptr || previous->chapter != info.chapter) {
            text += fmt::format("\n## {}\n", title_of(info.chapter));
        }
        previous = &info;
        text += fmt::format("\n### {}\n\n    {}\n\n{}\n\n", info.words, usage(info), info.does);
        add_point(text, "done to", targets_text(info));
        add_point(text, "the client sees", info.sees);
        add_point(text, "lines that follow", info.lines);
        add_point(text, "live", info.live);
        add_point(text, "virtual", info.in_virtual);
    }
    return text;
}

}  // namespace hasim::scenario
