/// The invariants of an HA group, checked after each step from nothing but its events, effects and view.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/ha_printing.hpp"

namespace hasim::test {

/// Sees every step of one group and says what was wrong with it.
class HaWatch {
public:
    /// What is broken after this step; empty when all is well. `before` is the group's state before the step.
    std::string check(const ha::Event& event, Instant now, GroupState before,
                      const ha::Group& group, const ha::Effects& effects)
    {
        problem_.clear();
        entered(event);
        const std::vector<Serial> order = configured(group);
        std::optional<std::size_t> last_position;
        for (const ha::Effect& effect : effects) {
            std::visit([&](const auto& what) { saw(what); }, effect);
            if (const auto* line = std::get_if<ha::WriteLog>(&effect)) {
                in_configured_order(line->record, order, last_position);
                if (line->record.at != now) {
                    complain("a line is not stamped with the time of its step");
                }
            }
            const auto* sent = std::get_if<ha::SendRequest>(&effect);
            if (sent != nullptr && sent->request.operation == Operation::sign &&
                before != GroupState::serving) {
                complain("a command was sent while the group was not serving");
            }
        }
        if (std::holds_alternative<ha::Finalize>(event)) {
            states_.clear();
            attempts_.clear();
            if (!open_links_.empty()) {
                complain("C_Finalize left a link open");
            }
            if (!calls_.empty()) {
                complain("C_Finalize returned while a call was inside");
            }
        }
        agrees(event, now, group);
        before_ = order;
        return problem_;
    }

    /// Calls that have not returned.
    [[nodiscard]] std::size_t calls_inside() const { return calls_.size(); }

private:
    struct Attempts {
        std::uint32_t next = 1;  ///< number the next attempt must have
        std::deque<std::uint32_t>
            running;  ///< begun and not told of; more than one only within a step
    };

    void complain(const std::string& what)
    {
        if (problem_.empty()) {
            problem_ = what;
        }
    }

    void entered(const ha::Event& event)
    {
        const auto call = std::visit(
            [](const auto& what) -> std::optional<CallId> {
                if constexpr (requires { what.call; }) {
                    return what.call;
                } else {
                    return std::nullopt;
                }
            },
            event);
        if (call && !calls_.insert(*call).second) {
            complain("the test used a CallId twice");
        }
        if (const auto* closed = std::get_if<ha::LinkClosed>(&event)) {
            open_links_.erase(closed->link);
        }
        if (const auto* failed = std::get_if<ha::LinkFailed>(&event)) {
            open_links_.erase(failed->link);
        }
    }

    static std::vector<Serial> configured(const ha::Group& group)
    {
        std::vector<Serial> order;
        for (const ha::MemberView& member : group.view().members) {
            order.push_back(member.serial);
        }
        return order;
    }

    void in_configured_order(const LogRecord& line, const std::vector<Serial>& order,
                             std::optional<std::size_t>& last)
    {
        const auto found = std::find(order.begin(), order.end(), line.member);
        // A step that ends an attempt may be the tick at which its member leaves the configuration: its line is last.
        if (found == order.end() &&
            std::find(before_.begin(), before_.end(), line.member) == before_.end()) {
            complain("a line was written for a member that is not configured");
        }
        const auto position = static_cast<std::size_t>(found - order.begin());
        if (last && position < *last) {
            complain("the lines of one step are not in configured order");
        }
        last = position;
    }

    void saw(const ha::OpenLink& effect)
    {
        if (!seen_links_.insert(effect.link).second) {
            complain("a LinkId was used twice");
        }
        open_links_.emplace(effect.link, effect.member);
        const auto state = states_.find(effect.member);
        if (state != states_.end() && state->second == MemberState::dropped) {
            Attempts& attempts = attempts_[effect.member];
            attempts.running.push_back(attempts.next++);
        }
    }

    void saw(const ha::CloseLink& effect)
    {
        if (open_links_.erase(effect.link) == 0) {
            complain("a link was closed that is not open");
        }
    }

    void saw(const ha::SendRequest& effect)
    {
        const auto link = open_links_.find(effect.link);
        if (link == open_links_.end()) {
            complain("a request was sent on a link that is not open");
            return;
        }
        const auto state = states_.find(link->second);
        const bool active = state != states_.end() && state->second == MemberState::active;
        if (effect.request.operation == Operation::sign && !active) {
            complain("a command was sent to a member that is not active");
        }
    }

    void saw(const ha::WriteLog& effect)
    {
        const LogRecord& line = effect.record;
        Attempts& attempts = attempts_[line.member];
        if (line.form != LogForm::member_revoked && line.attempt == 0) {
            return;
        }
        if (attempts.running.empty()) {
            complain("an attempt ended that was never begun");
            return;
        }
        if (line.attempt != 0 && attempts.running.front() != line.attempt) {
            complain(fmt::format("attempt {} ended, but number {} was due", line.attempt,
                                 attempts.running.front()));
        }
        attempts.running.pop_front();
    }

    void saw(const ha::Answer& effect)
    {
        if (calls_.erase(effect.call) == 0) {
            complain("call " + std::to_string(effect.call.value) +
                     " returned twice, or was never made");
        }
    }

    void saw(const ha::MembersEnded&) { states_.clear(); }

    void saw(const ha::MemberChanged& effect)
    {
        const auto known = states_.find(effect.member);
        std::optional<MemberState> from;
        if (known != states_.end()) {
            from = known->second;
        }
        if (!ha::find_transition(from, effect.cause, effect.to)) {
            complain("an edge was taken that is not in the table: " + InWords{}(effect));
        }
        states_[effect.member] = effect.to;
        if (effect.to == MemberState::dropped) {
            attempts_[effect.member].next = 1;
        }
    }

    void attempts_agree()
    {
        for (auto& [member, attempts] : attempts_) {
            const auto state = states_.find(member);
            if (state != states_.end() && state->second == MemberState::removed) {
                attempts.running.clear();  // it ends without a line
            }
            const bool may_run = state != states_.end() && state->second == MemberState::dropped;
            if (attempts.running.size() > (may_run ? 1U : 0U)) {
                complain("an attempt was begun that may not run now, or ended without a line");
            }
        }
    }

    void agrees(const ha::Event& event, Instant now, const ha::Group& group)
    {
        attempts_agree();
        for (const ha::MemberView& member : group.view().members) {
            const auto state = states_.find(member.serial);
            if (state == states_.end() || state->second != member.state) {
                complain("a change of state was not told");
            }
            if (member.in_flight > 0 && member.state != MemberState::active) {
                complain("a member that is not active has commands under way");
            }
        }
        const std::optional<Instant> due = group.next_deadline();
        if (std::holds_alternative<ha::DeadlineReached>(event) && due && *due <= now) {
            complain("after DeadlineReached the next deadline is not in the future");
        }
        if (due.has_value() && group.state() == GroupState::finalized) {
            complain("a group that is finalized waits for something");
        }
        const auto is_owed = [](const ha::MemberView& member) {
            return member.in_flight > 0 || member.attempt_runs ||
                   member.state == MemberState::connecting ||
                   (member.state == MemberState::dropped && member.attempts_left);
        };
        const auto& members = group.view().members;
        if (!due && std::any_of(members.begin(), members.end(), is_owed)) {
            complain("an answer or an attempt is owed, and no deadline waited for");
        }
    }

    std::string problem_;
    std::vector<Serial> before_;  ///< members in configured order, after the step before
    std::set<CallId> calls_;      ///< that have not returned
    std::set<LinkId> seen_links_;
    std::map<LinkId, Serial> open_links_;
    std::map<Serial, MemberState> states_;
    std::map<Serial, Attempts> attempts_;
};

}  // namespace hasim::test
