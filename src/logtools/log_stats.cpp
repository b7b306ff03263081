#include "logtools/log_stats.hpp"

#include <algorithm>
#include <utility>

namespace hasim::logtools {
namespace {

enum class Tells : std::uint8_t { nothing, down, up };

Tells tells(LogForm form)
{
    switch (form) {
    case LogForm::drop_member:
    case LogForm::drop_unrecoverable:
    case LogForm::login_failed:
    case LogForm::member_deactivated:
    case LogForm::member_revoked:
    case LogForm::recovery_failed:
    case LogForm::recovery_exhausted:
    case LogForm::unrecoverable: return Tells::down;
    case LogForm::recovered: return Tells::up;
    case LogForm::new_member:
    case LogForm::reenable_member: return Tells::nothing;
    }
    return Tells::nothing;
}

// A clock that goes backwards must not make a time negative.
std::chrono::seconds between(LocalSeconds from, LocalSeconds to)
{
    return std::max(to - from, std::chrono::seconds(0));
}

void take_longest(OutageStats& stats, LocalSeconds began, std::chrono::seconds length, bool goes_on)
{
    if (length > stats.longest || stats.begun == 0) {
        stats.longest = length;
        stats.longest_began = began;
        stats.longest_goes_on = goes_on;
    }
}

}  // namespace

std::optional<std::chrono::seconds> OutageStats::mean() const
{
    if (recovered == 0) {
        return std::nullopt;
    }
    return recovery_time / static_cast<std::chrono::seconds::rep>(recovered);
}

void OutageStats::add(const OutageStats& other)
{
    if (other.begun != 0) {
        take_longest(*this, other.longest_began, other.longest, other.longest_goes_on);
    }
    begun += other.begun;
    recovered += other.recovered;
    recovery_time += other.recovery_time;
    open += other.open;
}

void StatsCollector::feed(const log::Line& line)
{
    stats_.counts.add(line);
    if (line.kind == log::LineKind::record) {
        feed_record(line.parsed);
    }
}

void StatsCollector::feed_record(const log::ParsedLine& record)
{
    stats_.first = std::min(stats_.first.value_or(record.stamp), record.stamp);
    stats_.last = std::max(stats_.last.value_or(record.stamp), record.stamp);
    const auto group = stats_.groups.find(record.group);
    const bool known = group != stats_.groups.end() &&
                       group->second.members.contains(record.member) &&
                       group->second.processes.contains(record.pid);
    if (!known) {
        if (tracked_ >= kMostMembers) {
            ++stats_.left_out;
            return;
        }
        ++tracked_;
    }
    GroupStats& of_group = stats_.groups[record.group];
    of_group.processes.insert(record.pid);
    ++of_group.members[record.member].forms[static_cast<std::size_t>(record.form)];
    Downs& downs = downs_[record.group].members[record.member];
    switch (tells(record.form)) {
    case Tells::nothing: return;
    case Tells::down: went_down(record, downs); break;
    case Tells::up: came_back(record, downs); break;
    }
    balance(record.group, record.stamp);
}

void StatsCollector::went_down(const log::ParsedLine& record, Downs& downs)
{
    if (downs.outages.try_emplace(record.pid, record.stamp).second) {
        OutageStats& stats = stats_.groups[record.group].members[record.member].outages;
        take_longest(stats, record.stamp, std::chrono::seconds(0), false);
        ++stats.begun;
    }
    if (!downs.since) {
        downs.since = record.stamp;
        ++downs_[record.group].down;
    }
}

void StatsCollector::came_back(const log::ParsedLine& record, Downs& downs)
{
    MemberStats& member = stats_.groups[record.group].members[record.member];
    const auto outage = downs.outages.find(record.pid);
    if (outage != downs.outages.end()) {
        const std::chrono::seconds length = between(outage->second, record.stamp);
        take_longest(member.outages, outage->second, length, false);
        ++member.outages.recovered;
        member.outages.recovery_time += length;
        downs.outages.erase(outage);
    }
    if (downs.since) {
        member.down += between(*downs.since, record.stamp);
        downs.since.reset();
        --downs_[record.group].down;
    }
}

// Whether all members of the group that were named so far are down.
void StatsCollector::balance(Serial group, LocalSeconds now)
{
    GroupDowns& downs = downs_[group];
    const bool all = downs.down == downs.members.size();
    if (all && !downs.all_since) {
        downs.all_since = now;
    } else if (!all && downs.all_since) {
        stats_.groups[group].all_down += between(*downs.all_since, now);
        downs.all_since.reset();
    }
}

LogStats StatsCollector::finish() &&
{
    for (auto& [group_serial, downs] : downs_) {
        GroupStats& group = stats_.groups[group_serial];
        if (downs.all_since) {
            group.all_down += between(*downs.all_since, *stats_.last);
        }
        for (auto& [serial, member_downs] : downs.members) {
            MemberStats& member = group.members[serial];
            if (member_downs.since) {
                member.down += between(*member_downs.since, *stats_.last);
                member.down_at_end = true;
            }
            for (const auto& [pid, since] : member_downs.outages) {
                // Another process has seen it come back: whether this one still runs, nobody knows.
                if (member.down_at_end) {
                    take_longest(member.outages, since, between(since, *stats_.last), true);
                }
                ++member.outages.open;
            }
        }
    }
    return std::move(stats_);
}

}  // namespace hasim::logtools
