#include "play/summary.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/words.hpp"
#include "scenario/values.hpp"

namespace hasim::play {

namespace {

/// To a tenth of a second: summaries are read by people.
std::string short_duration(Duration duration)
{
    return scenario::duration_text(
        std::chrono::round<std::chrono::duration<std::int64_t, std::deci>>(duration));
}

bool is_out(MemberState state)
{
    return state != MemberState::active && state != MemberState::connecting &&
           state != MemberState::lost && state != MemberState::removed;
}

log::StoryTime story_time(Instant moment)
{
    return std::chrono::floor<log::StoryTime>(moment.time_since_epoch());
}

}  // namespace

void Summary::on_log(sim::ClientIndex client, const LogRecord& record)
{
    if (world_.log_directory_missing() || world_.disk_full()) {
        return;  // nobody can read it
    }
    ++lines_;
    sim::GroupIndex group = 0;
    const auto groups = static_cast<sim::GroupIndex>(world_.settings().groups.size());
    while (group < groups && world_.group_serial(client, group) != record.group) {
        ++group;
    }
    if (group == groups) {
        return;  // a client of another process may tell anything
    }
    pids_[client] = record.pid;
    const std::size_t member = stories_[client].feed(record, story_time(record.at));
    if (member != log::OutageStory::kNoMember) {
        members_[{client, group, record.member}].told.insert(member);
    }
}

Summary::Member Summary::member(sim::ClientIndex client, sim::GroupIndex group, Serial serial,
                                Instant now) const
{
    const auto row = members_.find({client, group, serial});
    return row == members_.end() ? Member{} : told(client, row->second, now);
}

std::optional<GroupState> Summary::group_state(sim::ClientIndex client, sim::GroupIndex group) const
{
    const auto state = groups_.find({client, group});
    return state == groups_.end() ? std::nullopt : std::optional(state->second);
}

Summary::Member Summary::told(sim::ClientIndex client, const Row& row, Instant now) const
{
    Member told;
    told.state = row.state;
    for (const std::size_t number : row.told) {
        const log::OutageStory& story = stories_.at(client);
        const log::OutageStory::Member& member = story.members()[number];
        told.drops += member.outages;
        told.attempts += member.attempts;
        told.recovered += member.recovered;
        told.out += story.out_until(number, story_time(now));
    }
    return told;
}

void Summary::on_member(sim::ClientIndex client, sim::GroupIndex group,
                        const ha::MemberChanged& change, Instant)
{
    members_[{client, group, change.member}].state = change.to;
}

void Summary::on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now)
{
    if (const auto pid = pids_.find(client); pid != pids_.end()) {
        stories_[client].process_ended(pid->second, story_time(now));
    }
    for (auto& [key, row] : members_) {
        if (std::get<0>(key) == client && std::get<1>(key) == group) {
            row.state.reset();
        }
    }
}

void Summary::on_killed(sim::ClientIndex client, Instant now)
{
    calls_.on_killed(client, now);
    for (sim::GroupIndex group = 0; group < world_.settings().groups.size(); ++group) {
        on_finalized(client, group, now);
        groups_.erase({client, group});
    }
}

/// The members of the configuration in its order, then those that were removed from it.
std::vector<Serial> Summary::told_of(sim::ClientIndex client, sim::GroupIndex group) const
{
    const GroupSettings& settings = world_.settings().groups[group];
    std::vector<Serial> members = settings.members;
    members.insert(members.end(), settings.standby.begin(), settings.standby.end());
    for (auto row = members_.lower_bound({client, group, Serial()});
         row != members_.end() && std::get<0>(row->first) == client &&
         std::get<1>(row->first) == group;
         ++row) {
        const Serial serial = std::get<2>(row->first);
        if (std::find(members.begin(), members.end(), serial) == members.end()) {
            members.push_back(serial);
        }
    }
    return members;
}

std::string Summary::text(Instant now) const
{
    const bool several = world_.clients() > 1;
    const auto row = [&](std::string_view client, auto... cells) {
        return (several ? fmt::format("{:<12} ", client) : std::string()) +
               fmt::format("{:<22} {:<22} {:>6} {:>9} {:>10} {:>10}  {}\n", cells...);
    };
    std::string text =
        "\n" + row("client", "group", "member", "drops", "attempts", "recovered", "down", "state");
    for (sim::ClientIndex client = 0; client < world_.clients(); ++client) {
        for (sim::GroupIndex group = 0; group < world_.settings().groups.size(); ++group) {
            for (const Serial serial : told_of(client, group)) {
                const Member count = member(client, group, serial, now);
                text += row(world_.client_name(client), world_.settings().groups[group].label,
                            serial.text(), count.drops, count.attempts, count.recovered,
                            short_duration(count.out), count.state ? name_of(*count.state) : "-");
            }
        }
    }
    text +=
        fmt::format("operations: {} done, {} retried on another member, {} lost; longest call {}\n",
                    calls_.done(), calls_.retried(), calls_.lost(), about(calls_.longest()));
    return text;
}

std::string Summary::status_line(Instant now) const
{
    std::size_t down = 0;
    for (const auto& [key, member] : members_) {
        down += member.state && is_out(*member.state) ? 1U : 0U;
    }
    return fmt::format("{}  {} of {} down  {} signs done, {} retried, {} lost  {}",
                       short_duration(now.time_since_epoch()), down,
                       counted(members_.size(), "member"), calls_.done(), calls_.retried(),
                       calls_.lost(), counted(lines_, "line"));
}

}  // namespace hasim::play
