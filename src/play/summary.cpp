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

/// The line says that a member is out of service.
bool says_down(LogForm form)
{
    return form == LogForm::drop_member || form == LogForm::drop_unrecoverable ||
           form == LogForm::login_failed;
}

}  // namespace

void Summary::on_log(sim::ClientIndex client, const LogRecord& record)
{
    if (world_.log_directory_missing() || world_.disk_full()) {
        return;  // nobody can read it
    }
    ++lines_;
    sim::GroupIndex group = 0;
    while (world_.group_serial(client, group) != record.group) {
        ++group;
    }
    MemberCount& count = members_[{client, group, record.member}];
    switch (record.form) {
    case LogForm::recovered:
    case LogForm::recovery_failed:
    case LogForm::member_revoked:
    case LogForm::unrecoverable: ++count.attempts; break;
    default: break;
    }
    // The line of a deactivated partition does not say by itself whether the member went on serving.
    const bool deactivated =
        record.form == LogForm::member_deactivated &&
        world_.member_state(client, group, record.member) != MemberState::active;
    if (says_down(record.form) || deactivated || record.form == LogForm::new_member) {
        count.drops += record.form == LogForm::new_member || count.since ? 0U : 1U;
        count.since = count.since.value_or(record.at);
    } else if (record.form == LogForm::recovered) {
        ++count.recovered;
        back(count, record.at);
    }
}

/// A member is out of service no more, or nobody knows any more.
void Summary::back(MemberCount& count, Instant now)
{
    count.down += count.since ? now - *count.since : Duration{};
    count.since.reset();
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
                        const ha::MemberChanged& change, Instant)
{
    members_[{client, group, change.member}].state = change.to;
}

void Summary::on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now)
{
    for (auto& [key, count] : members_) {
        if (std::get<0>(key) == client && std::get<1>(key) == group) {
            back(count, now);
            count.state.reset();
        }
    }
}

void Summary::on_killed(sim::ClientIndex client, Instant now)
{
    for (sim::GroupIndex group = 0; group < world_.settings().groups.size(); ++group) {
        on_finalized(client, group, now);
    }
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
    for (const auto& [key, count] : members_) {
        const auto& [client, group, serial] = key;
        const Duration down = count.down + (count.since ? now - *count.since : Duration{});
        text += row(world_.client_name(client), world_.settings().groups[group].label,
                    serial.text(), count.drops, count.attempts, count.recovered,
                    short_duration(down), count.state ? name_of(*count.state) : "-");
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
        down += count.state && is_out(*count.state) ? 1U : 0U;
    }
    return fmt::format("{}  {} of {} down  {} signs done, {} retried, {} lost  {}",
                       short_duration(now.time_since_epoch()), down,
                       counted(members_.size(), "member"), done_, retried_, lost_,
                       counted(lines_, "line"));
}

}  // namespace hasim::play
