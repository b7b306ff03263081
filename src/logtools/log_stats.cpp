#include "logtools/log_stats.hpp"

#include <algorithm>
#include <utility>

namespace hasim::logtools {
namespace {

std::chrono::seconds whole(log::StoryTime time)
{
    return std::chrono::floor<std::chrono::seconds>(time);
}

}  // namespace

std::optional<std::chrono::seconds> OutageStats::mean() const
{
    if (recovered == 0) {
        return std::nullopt;
    }
    const auto count = static_cast<std::chrono::seconds::rep>(recovered);
    return (recovery_time + std::chrono::seconds(count / 2)) / count;  // to the nearest second
}

void OutageStats::add(const OutageStats& other)
{
    if (other.begun != 0 && (begun == 0 || other.longest > longest)) {
        longest = other.longest;
        longest_began = other.longest_began;
        longest_open = other.longest_open;
    }
    begun += other.begun;
    recovered += other.recovered;
    recovery_time += other.recovery_time;
    open += other.open;
}

StatsCollector::StatsCollector(const StatsOptions& options, log::OutageListener* also)
    : also_(also), clock_(options.zone), story_(this)
{
    stats_.zone_known = options.zone.has_value();
    stats_.members_known = !options.groups.empty();
    for (const GroupSettings& group : options.groups) {
        stats_.groups[group.serial].label = group.label;
        for (const auto* members : {&group.members, &group.standby}) {
            for (const Serial member : *members) {
                story_.expect(group.serial, member);
            }
        }
    }
}

std::size_t StatsCollector::feed(const log::Line& line)
{
    stats_.counts.add(line);
    if (line.kind != log::LineKind::record) {
        return log::OutageStory::kNoMember;
    }
    const log::ParsedLine& record = line.parsed;
    if (!stats_.first) {
        stats_.first = record.stamp;
    }
    stats_.last = record.stamp;
    const std::size_t member =
        story_.feed(log::to_record(record, record.stamp), clock_.elapsed(record.stamp));
    if (member == log::OutageStory::kNoMember) {
        ++stats_.left_out;
        return member;
    }
    ++members_[member].second->forms[static_cast<std::size_t>(record.form)];
    return member;
}

void StatsCollector::on_named(std::size_t member, Serial group, Serial serial)
{
    GroupStats& of_group = stats_.groups[group];
    members_.emplace_back(&of_group, &of_group.members[serial]);
    if (also_ != nullptr) {
        also_->on_named(member, group, serial);
    }
}

void StatsCollector::on_pair(std::size_t member, Pid pid)
{
    members_[member].first->processes.insert(pid);
    if (also_ != nullptr) {
        also_->on_pair(member, pid);
    }
}

void StatsCollector::on_time(std::size_t member, log::StoryTime from, log::StoryTime to,
                             log::ServiceState state)
{
    if (also_ != nullptr) {
        also_->on_time(member, from, to, state);
    }
}

void StatsCollector::on_forgotten(std::size_t member, log::StoryTime from, log::StoryTime to,
                                  log::ServiceState state)
{
    if (also_ != nullptr) {
        also_->on_forgotten(member, from, to, state);
    }
}

void StatsCollector::on_outage(const log::Outage& outage)
{
    const std::chrono::seconds length = whole(outage.to - outage.from);
    OutageStats one{1, 0, {}, length, clock_.stamp_at(outage.from), !outage.recovered, 0};
    if (outage.recovered) {
        one.recovered = 1;
        one.recovery_time = length;
    } else {
        one.open = 1;
    }
    members_[outage.member].second->outages.add(one);
    if (also_ != nullptr) {
        also_->on_outage(outage);
    }
}

LogStats StatsCollector::finish() &&
{
    story_.finish(clock_.length());
    stats_.span = whole(clock_.length());
    stats_.steps_back = clock_.steps_back();
    for (std::size_t number = 0; number < members_.size(); ++number) {
        const log::OutageStory::Member& told = story_.members()[number];
        MemberStats& member = *members_[number].second;
        member.down = whole(told.out());
        member.unknown = whole(told.time[static_cast<std::size_t>(log::ServiceState::unknown)]);
        member.availability = told.availability();
        member.last = told.last;
    }
    for (auto& [serial, group] : stats_.groups) {
        if (const auto all = story_.all_out(serial)) {
            group.all_down = whole(*all);
        }
    }
    return std::move(stats_);
}

}  // namespace hasim::logtools
