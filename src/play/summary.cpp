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

bool is_up(MemberState state)
{
    return state == MemberState::active || state == MemberState::connecting;
}

}  // namespace

void Summary::on_log(sim::ClientIndex client, const LogRecord& record)
{
    ++lines_;
    const auto& groups = world_.settings().groups;
    const auto found = std::find_if(groups.begin(), groups.end(), [&](const GroupSettings& group) {
        return group.serial == record.group;
    });
    const auto group = static_cast<sim::GroupIndex>(found - groups.begin());
    switch (record.form) {
    case LogForm::recovered:
    case LogForm::recovery_failed:
    case LogForm::member_revoked:
    case LogForm::unrecoverable: ++members_[{client, group, record.member}].attempts; break;
    default: break;
    }
}

void Summary::on_call(const sim::CallReport& report)
{
    if (report.kind == sim::CallKind::sign) {
        ++(report.code == Code::ok ? done_ : lost_);
        retried_ += report.moves;
        longest_ = std::max(longest_, report.returned - report.called);
    }
}

void Summary::on_member(sim::ClientIndex client, sim::GroupIndex group,
                        const ha::MemberChanged& change, Instant now)
{
    MemberCount& count = members_[{client, group, change.member}];
    const bool was_down = count.since.has_value();
    const bool down = !is_up(change.to) && change.to != MemberState::removed;
    if (down && !was_down) {
        count.drops += change.cause == ha::Cause::configured_in ? 0U : 1U;  // new, not dropped
        count.since = now;
    }
    if (!down && was_down) {
        count.down += now - *count.since;
        count.since.reset();
        count.recovered += change.to == MemberState::active ? 1U : 0U;
    }
    count.state = change.to;
}

std::string Summary::text(Instant now) const
{
    std::string text = fmt::format("\n{:<22} {:<22} {:>6} {:>9} {:>10} {:>10}  {}\n", "group",
                                   "member", "drops", "attempts", "recovered", "down", "state");
    for (const auto& [key, count] : members_) {
        const auto& [client, group, serial] = key;
        const Duration down = count.down + (count.since ? now - *count.since : Duration{});
        text += fmt::format("{:<22} {:<22} {:>6} {:>9} {:>10} {:>10}  {}\n",
                            world_.settings().groups[group].label, serial.text(), count.drops,
                            count.attempts, count.recovered, short_duration(down),
                            name_of(count.state));
    }
    text +=
        fmt::format("operations: {} done, {} retried on another member, {} lost; longest call {}\n",
                    done_, retried_, lost_, about(longest_));
    return text;
}

std::string Summary::status_line(Instant now) const
{
    std::size_t down = 0;
    for (const auto& [key, count] : members_) {
        down += count.since ? 1U : 0U;
    }
    return fmt::format("{}  {} of {} down  {} signs done, {} retried, {} lost  {}",
                       short_duration(now.time_since_epoch()), down,
                       counted(members_.size(), "member"), done_, retried_, lost_,
                       counted(lines_, "line"));
}

}  // namespace hasim::play
