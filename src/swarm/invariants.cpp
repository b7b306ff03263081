#include "swarm/invariants.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "log/catalogue.hpp"
#include "scenario/faults.hpp"

namespace hasim::swarm {
namespace {

constexpr std::array<std::string_view, kInvariants> kNames{
    "returns-once",      "serves-while-active", "commands-to-active", "attempts-numbered",
    "transitions-legal", "lines-legal",         "back-after-heal",    "rotation-rules"};

/// What a way through the network takes, generously.
constexpr Duration kWay = std::chrono::seconds(1);

/// Codes by which the application learns that connections failed.
bool blames_connection(Code code)
{
    switch (code) {
    case Code::device_error:
    case Code::unable_to_connect:
    case Code::operation_timed_out:
    case Code::server_disconnected:
    case Code::socket_read_error:
    case Code::ssl_failed_handshake:
    case Code::partition_not_assigned: return true;
    default: return false;
    }
}

/// After which nothing is broken that was not before.
bool breaks_nothing(FaultKind kind)
{
    switch (kind) {
    case FaultKind::cable_in:
    case FaultKind::power_on:
    case FaultKind::ntls_start:
    case FaultKind::activate:
    case FaultKind::assign:
    case FaultKind::heal: return true;
    default: break;
    }
    switch (scenario::fault_info(kind).chapter) {
    case scenario::FaultChapter::group:
    case scenario::FaultChapter::machine:
    case scenario::FaultChapter::client: return true;
    default: return false;
    }
}

}  // namespace

std::string_view name_of(Invariant invariant)
{
    return kNames[static_cast<std::size_t>(invariant)];
}

Invariants::Invariants(const sim::World& world)
    : world_(world), log_limit_(world.settings().ha.log_length)
{
}

void Invariants::report(Invariant invariant, Instant at, std::string text)
{
    if (!broken_) {
        broken_ = Violation{invariant, at, std::move(text)};
    }
}

std::string Invariants::who(sim::ClientIndex client, sim::GroupIndex group) const
{
    return fmt::format("client {}, group {}", world_.client_name(client),
                       world_.settings().groups[group].label);
}

// ---- Calls ------------------------------------------------------------------------------------------------------

void Invariants::on_call_made(CallId id, sim::ClientIndex client, sim::GroupIndex group,
                              sim::CallKind kind, Instant now)
{
    check_back(now);
    if (!calls_.emplace(id, Call{client, group, kind, now}).second) {
        report(Invariant::returns_once, now, "two calls under one number");
    }
    if (kind == sim::CallKind::initialize &&
        world_.group_state(client, group) == GroupState::finalized) {
        groups_[{client, group}].clear();
    }
}

void Invariants::on_call(const sim::CallReport& report)
{
    check_back(report.returned);
    if (calls_.erase(report.id) == 0) {
        this->report(Invariant::returns_once, report.returned,
                     fmt::format("{}: {} returned, and was not called",
                                 who(report.client, report.group), name_of(report.kind)));
    }
    check_return(report);
    if (report.kind == sim::CallKind::finalize && report.code == Code::ok) {
        groups_.erase({report.client, report.group});
    }
}

void Invariants::on_stray_answer(CallId, sim::ClientIndex client, sim::GroupIndex group,
                                 Instant now)
{
    report(Invariant::returns_once, now, who(client, group) + ": a call returned twice");
}

void Invariants::check_return(const sim::CallReport& report)
{
    if (report.kind != sim::CallKind::sign || !blames_connection(report.code) ||
        injected_.contains(report.code) ||
        world_.group_state(report.client, report.group) == GroupState::latched) {
        return;
    }
    for (const auto& [serial, member] : groups_[{report.client, report.group}]) {
        if (member.state == MemberState::active) {
            this->report(
                Invariant::serves_while_active, report.returned,
                fmt::format("{}: C_Sign returned {} while member {} was active",
                            who(report.client, report.group), name_of(report.code), serial.text()));
        }
    }
}

void Invariants::on_killed(sim::ClientIndex client, Instant)
{
    std::erase_if(calls_, [&](const auto& entry) { return entry.second.client == client; });
    std::erase_if(groups_, [&](const auto& entry) { return entry.first.first == client; });
}

void Invariants::on_request_sent(sim::ClientIndex client, sim::GroupIndex group, Serial member,
                                 Operation operation, Instant now)
{
    if (operation != Operation::sign) {
        return;
    }
    const Member& known = groups_[{client, group}][member];
    if (known.state != MemberState::active) {
        report(Invariant::commands_to_active, now,
               fmt::format("{}: a command went to member {}, which was {}", who(client, group),
                           member.text(), known.state ? name_of(*known.state) : "not known"));
    }
}

// ---- Members ----------------------------------------------------------------------------------------------------

void Invariants::on_member(sim::ClientIndex client, sim::GroupIndex group,
                           const ha::MemberChanged& change, Instant now)
{
    check_back(now);
    Member& member = groups_[{client, group}][change.member];
    if (!ha::find_transition(member.state, change.cause, change.to)) {
        report(
            Invariant::transitions_legal, now,
            fmt::format("{}: member {} went from {} to {} ({})", who(client, group),
                        change.member.text(), member.state ? name_of(*member.state) : "not known",
                        name_of(change.to), name_of(change.cause)));
    }
    const bool was_tried = member.state == MemberState::dropped;
    if (change.to == MemberState::dropped) {
        const bool by_hand = was_tried && change.cause == ha::Cause::manual_recovery;
        // Asked for once more before a line came, what ran at the first time may still run, or the attempt 1 of that.
        const bool asked_again = member.may_end != 0;
        member.may_end_at_one = by_hand && (member.again || asked_again);
        member.may_end = !by_hand ? 0 : asked_again ? member.may_end : member.made + 1;
        member.made = 0;
        member.again = false;
    }
    member.state = change.to;
    member.since = now;
    look_again_ = std::min(look_again_, now);
}

sim::GroupIndex Invariants::group_of(Serial serial) const
{
    const auto& groups = world_.settings().groups;
    for (sim::GroupIndex group = 0; group < groups.size(); ++group) {
        if (groups[group].serial == serial) {
            return group;
        }
    }
    return 0;
}

void Invariants::on_log(sim::ClientIndex client, const LogRecord& record)
{
    check_back(record.at);
    Member& member = groups_[{client, group_of(record.group)}][record.member];
    if (record.form == LogForm::member_revoked) {
        member.may_end = 0;  // it is tried no more, or this was one from before a manual recovery
    } else if (log::has_attempt(record.form)) {
        check_attempt(member, record);
    }
}

void Invariants::check_attempt(Member& member, const LogRecord& record)
{
    const std::int32_t allowed = world_.settings().ha.recovery_attempts;
    if (allowed >= 0 && record.attempt > static_cast<std::uint32_t>(std::max(1, allowed))) {
        report(Invariant::attempts_numbered, record.at,
               fmt::format("member {}: attempt {} of {} allowed", record.member.text(),
                           record.attempt, allowed));
    }
    // One that runs since before a manual recovery keeps its number, and uses none up.
    const bool old = (member.may_end != 0 && record.attempt == member.may_end) ||
                     (member.may_end_at_one && record.attempt == 1);
    const bool next = record.attempt == member.made + 1;
    if (!old && !next && !(member.again && record.attempt == 1)) {
        report(Invariant::attempts_numbered, record.at,
               fmt::format("member {}: attempt {} after attempt {}", record.member.text(),
                           record.attempt, member.made));
    }
    member.again = old && next;
    member.may_end = 0;
    member.may_end_at_one = false;
    if (!old || next) {
        member.made = record.attempt;
    }
}

// ---- Liveness ---------------------------------------------------------------------------------------------------

void Invariants::on_fault(const Fault& fault, const Target&, Instant now)
{
    if (fault.kind == FaultKind::return_code) {
        injected_.insert(fault.code);
    }
    if (fault.kind == FaultKind::heal_all) {
        healed_ = now;
        look_again_ = now;
    } else if (!breaks_nothing(fault.kind)) {
        healed_.reset();
    }
}

/// Looks at members only when one of them may be overdue.
void Invariants::check_back(Instant now)
{
    if (!healed_ || now < look_again_) {
        return;
    }
    look_again_ = kNever;
    const Settings& settings = world_.settings();
    const Duration within = settings.ha.recovery_interval + 3 * settings.receive_timeout + kWay;
    for (const auto& [key, members] : groups_) {
        for (const auto& [serial, member] : members) {
            if (member.state != MemberState::dropped) {
                continue;
            }
            const Instant due = std::max(*healed_, member.since) + within;
            if (now <= due) {
                look_again_ = std::min(look_again_, due + Duration(1));
                continue;
            }
            for (const ha::MemberView& view : world_.group(key.first, key.second).members) {
                if (view.serial == serial && view.state == MemberState::dropped &&
                    view.attempts_left) {
                    report(Invariant::back_after_heal, now,
                           fmt::format(
                               "{}: member {} is still dropped, with attempts left, though "
                               "nothing is broken since {}s",
                               who(key.first, key.second), serial.text(),
                               std::chrono::floor<std::chrono::seconds>(healed_->time_since_epoch())
                                   .count()));
                }
            }
        }
    }
}

void Invariants::finish(Instant end)
{
    look_again_ = std::min(look_again_, end);
    check_back(end);
    const Settings& settings = world_.settings();
    for (const auto& [id, call] : calls_) {
        const std::size_t members = groups_[{call.client, call.group}].size();
        const Duration longest = settings.receive_timeout * static_cast<std::int64_t>(members + 2);
        if (healed_ && end - std::max(*healed_, call.called) > longest) {
            report(Invariant::returns_once, end,
                   fmt::format("{}: {} has not returned", who(call.client, call.group),
                               name_of(call.kind)));
        }
    }
}

// ---- Rotation ---------------------------------------------------------------------------------------------------

void Invariants::on_line(std::string_view line, WallTime utc, sim::ClientIndex,
                         const LogRecord& record)
{
    if (log_limit_ == 0) {
        return;
    }
    if (log::is_full(log_size_, log_limit_)) {
        report(Invariant::rotation_rules, record.at, "a line was written to a file that was full");
    }
    log_size_ += line.size() + 1;
    if (!log::is_full(log_size_, log_limit_)) {
        return;
    }
    const log::RotatedName name =
        log::next_name(std::chrono::floor<std::chrono::seconds>(utc), newest_rotated_);
    const auto read = log::parse_rotated_name(log::to_text(name));
    if (read != name || (newest_rotated_ && *read <= *newest_rotated_)) {
        report(Invariant::rotation_rules, record.at,
               "the name of a rotated file is not read as it was written: " + log::to_text(name));
    }
    newest_rotated_ = name;
    log_size_ = 0;
}

}  // namespace hasim::swarm
