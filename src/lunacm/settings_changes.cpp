// What is shown, and what all groups share: listgroups, synchronize, recover, retry, interval, recoverymode, halog,
// haonly; slot list and partition showinfo.
#include <algorithm>

#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "base/words.hpp"
#include "conf/keys.hpp"
#include "lunacm/hagroup.hpp"
#include "lunacm/work.hpp"

namespace hasim::lunacm {

namespace {

/// Gives a key of HAConfiguration a value, and says so.
Result set_ha(Work& work, std::string_view key, const std::string& value, std::string_view told)
{
    const Result done =
        work.apply({{std::string(conf::kHaConfiguration), std::string(key), value}});
    if (done == Result::no_error) {
        work.say(told);
    }
    return done;
}

/// What follows without a hasim that runs.
void tell_if_none_runs(Work& work, std::string_view then)
{
    if (!work.runs()) {
        work.say(fmt::format("No hasim runs with this configuration: {}", then));
    }
}

}  // namespace

Result list_groups(Work& work)
{
    const GroupSettings* one = nullptr;
    if (work.given().has("group")) {
        one = work.group("group");
        if (one == nullptr) {
            return Result::arguments_bad;
        }
    }
    std::string text;
    for (const GroupSettings& group : work.settings().groups) {
        if (one != nullptr && &group != one) {
            continue;
        }
        if (!work.given().has("password") && work.around().on_terminal()) {
            // The answer decides nothing: what "Needs sync" says is not known here. So a script is not asked (chosen).
            static_cast<void>(work.around().ask(
                fmt::format(
                    "\n        If you would like to see synchronization data for group {},\n"
                    "        please enter the password for the group members. Sync info\n"
                    "        not available in HA Only mode.\n\n"
                    "        Enter the password: ",
                    printable(group.label)),
                Surroundings::Echo::hidden));
        }
        text += "\n" + print_group(work.text_of(group));
    }
    work.write("\n" + print_global(work.settings().ha) +
               (text.empty() ? "\n        There are no HA groups.\n" : text));
    return Result::no_error;
}

Result synchronize(Work& work)
{
    const bool switches = work.given().has("enable") || work.given().has("disable");
    const std::string_view to = switches ? work.one_of({"enable", "disable"}) : "";
    const GroupSettings* const group = work.group("group");
    if (group == nullptr || (switches && to.empty())) {
        return Result::arguments_bad;
    }
    const std::string label = group->label;
    if (switches) {
        const Result done =
            work.apply({{std::string(conf::kHaSynchronize), label, to == "enable" ? "1" : "0"}});
        if (done == Result::no_error) {
            work.say(fmt::format("Synchronization of group {} is {}d.", printable(label), to));
        }
        return done;
    }
    if (!work.password()) {
        return Result::pin_incorrect;
    }
    if (work.runs()) {
        const bool all = std::all_of(group->members.begin(), group->members.end(),
                                     [&](Serial member) { return work.alive().contains(member); });
        if (!all) {
            return work.fail("Not all members can be reached; those that can be have all objects.");
        }
    }
    tell_if_none_runs(work, "there is nothing to synchronize.");
    work.say("Synchronization completed.");
    return Result::no_error;
}

Result recover(Work& work)
{
    const GroupSettings* const group = work.group("group");
    if (group == nullptr) {
        return Result::arguments_bad;
    }
    const std::string label = group->label;
    const std::string counter = std::to_string(group->recover + 1);
    const Result done = work.apply({{std::string(conf::kHaRecover), label, counter}});
    if (done == Result::no_error) {
        work.say(fmt::format("Signal sent to recover group {}.", printable(label)));
        tell_if_none_runs(work, "the next one begins with this counter, and recovers nothing.");
    }
    return done;
}

Result retry(Work& work)
{
    constexpr std::int64_t kMost = 500;  // the largest that is published
    const auto count = work.number("count", -1, kMost);
    return count ? set_ha(work, "reconnAtt", std::to_string(*count),
                          fmt::format("HA Auto Recovery Count has been set to {}", *count))
                 : Result::arguments_bad;
}

Result interval(Work& work)
{
    constexpr std::int64_t kLeast = 60;
    constexpr std::int64_t kMost = 1200;
    const auto seconds = work.number("interval", kLeast, kMost);
    return seconds ? set_ha(work, "AutoReconnectInterval", std::to_string(*seconds),
                            fmt::format("HA Auto Recovery Interval has been set to {} seconds.",
                                        *seconds))
                   : Result::arguments_bad;
}

Result recovery_mode(Work& work)
{
    const std::string wanted = work.given().text("mode").value_or("");
    for (const char* const mode : {"activeBasic", "activeEnhanced"}) {
        if (same_but_for_case(wanted, mode)) {
            const Result done = work.apply(
                {{std::string(conf::kVirtualToken), "VirtualTokenActiveRecovery", mode}});
            if (done == Result::no_error) {
                work.say(fmt::format("HA Recovery Mode has been set to {} mode.", mode));
            }
            return done;
        }
    }
    return work.fail("-mode must be activeBasic or activeEnhanced.", Result::arguments_bad);
}

Result ha_log(Work& work)
{
    const std::string_view what = work.one_of({"enable", "disable", "path", "maxlength", "show"});
    if (what == "enable" || what == "disable") {
        const std::string_view state = what == "enable" ? "enabled" : "disabled";
        return set_ha(work, "haLogStatus", std::string(state),
                      fmt::format("HA Logging has been {}.", state));
    }
    if (what == "path") {
        const std::string path = work.given().text("path").value_or("");
        return set_ha(work, "haLogPath", path,
                      fmt::format("HA Log path has been set to {}.", printable(path)));
    }
    if (what == "maxlength") {
        constexpr std::int64_t kLeast = 1024;
        const auto length =
            work.number("maxlength", kLeast, std::numeric_limits<std::int64_t>::max());
        return length
                   ? set_ha(work, "logLen", std::to_string(*length),
                            fmt::format("HA Log maximum file length has been set to {}.", *length))
                   : Result::arguments_bad;
    }
    if (what == "show") {
        const HaSettings& ha = work.settings().ha;
        work.write(
            fmt::format("\n        HA Log:              {}\n        HA Log path:         {}\n"
                        "        Max Log File Length: {} bytes\n",
                        ha.log_enabled ? "enabled" : "disabled",
                        ha.log_path.empty() ? "<none>" : printable(ha.log_path), ha.log_length));
        return Result::no_error;
    }
    return Result::arguments_bad;
}

Result ha_only(Work& work)
{
    const std::string_view what = work.one_of({"enable", "disable", "show"});
    if (what == "show") {
        work.say(fmt::format("This system is {}configured to show only HA slots.",
                             work.settings().ha.ha_only ? "" : "not "));
        return Result::no_error;
    }
    return what.empty() ? Result::arguments_bad
                        : set_ha(work, "HAOnly", what == "enable" ? "1" : "0",
                                 fmt::format("\"HA Only\" has been {}d.", what));
}

Result slot_list(Work& work)
{
    const std::vector<SlotRow> rows = work.slots();
    work.write("\n    Available HSMs:\n\n" + print_slots(rows) +
               (rows.empty() ? "    <none>\n" : "\n    Current Slot Id: 0\n"));
    return Result::no_error;
}

Result show_partition(Work& work)
{
    const std::string wanted = work.given().text("slot").value_or("0");
    for (const SlotRow& row : work.slots()) {
        if (std::to_string(row.number) != wanted) {
            continue;
        }
        work.write(fmt::format(
            "\n        Partition Label -> {}\n"
            "        Partition Serial # -> {}\n"
            "        Partition Status -> {}\n",
            printable(row.label), row.serial.text(), row.present ? "OK" : "Not present"));
        return Result::no_error;
    }
    return work.fail(fmt::format("There is no slot {}.", in_quotes(wanted)), Result::arguments_bad);
}

}  // namespace hasim::lunacm
