/// A group on the bench: a test plays the network and the appliances by hand, the bench keeps count of what is open and
/// what is asked, and holds every step against the invariants.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/ha_watch.hpp"

namespace hasim::test {

[[nodiscard]] inline Serial serial_of(std::string_view text)
{
    return Serial::parse(text).value();
}

[[nodiscard]] inline std::vector<Serial> serials_of(std::initializer_list<std::string_view> texts)
{
    std::vector<Serial> serials;
    for (const std::string_view text : texts) {
        serials.push_back(serial_of(text));
    }
    return serials;
}

/// The note's example: group 11234840370164; members of a test have short serials. reconnAtt is 2, so that exhaustion
/// is near.
[[nodiscard]] inline ha::GroupConfig config_of(std::initializer_list<std::string_view> members,
                                               std::initializer_list<std::string_view> standby = {})
{
    ha::GroupConfig config;
    config.group.label = "haGroup1";
    config.group.serial = serial_of("11234840370164");
    config.group.members = serials_of(members);
    config.group.standby = serials_of(standby);
    config.ha.recovery_mode = RecoveryMode::active_enhanced;
    config.ha.recovery_attempts = 2;
    return config;
}

class HaBench {
public:
    explicit HaBench(ha::GroupConfig config)
        : config_(std::move(config)), group_(Pid{17469}, config_.group.serial)
    {
    }

    /// One step at the present time. Effects of this step alone.
    ha::Effects apply(const ha::Event& event)
    {
        const GroupState before = group_.state();
        note(event);
        ha::Effects effects;
        group_.step(event, now_, effects);
        for (const ha::Effect& effect : effects) {
            note(effect);
        }
        const std::string problem = watch_.check(event, now_, before, group_, effects);
        if (problem_.empty() && !problem.empty()) {
            problem_ = fmt::format("at {}, {}: {}", to_text(now_), to_text(event), problem);
        }
        return effects;
    }

    /// The first invariant that was broken, with its place; empty when none was.
    [[nodiscard]] const std::string& problem() const { return problem_; }

    /// Time passes, and every deadline on the way is met.
    void pass(Duration duration)
    {
        const Instant end = now_ + duration;
        for (auto due = group_.next_deadline(); due && *due <= end; due = group_.next_deadline()) {
            now_ = std::max(now_, *due);
            apply(ha::DeadlineReached{});
            if (!problem_.empty()) {
                return;  // a deadline that stays in the past would never end this
            }
        }
        now_ = end;
    }
    /// Time passes unnoticed: whoever drives the group is late.
    void stall(Duration duration) { now_ += duration; }

    CallId initialize()
    {
        return call([&](CallId id) { return ha::Initialize{id, config_}; });
    }
    CallId finalize()
    {
        return call([](CallId id) { return ha::Finalize{id}; });
    }
    CallId login()
    {
        return call([](CallId id) { return ha::Login{id, "userpin"}; });
    }
    CallId logout()
    {
        return call([](CallId id) { return ha::Logout{id}; });
    }
    CallId sign()
    {
        return call([](CallId id) { return ha::Command{id, "data"}; });
    }
    [[nodiscard]] CallId fresh_call() { return CallId{++last_call_}; }

    /// The link of a member: the one that is open or being opened; nothing when there is none.
    [[nodiscard]] std::optional<LinkId> link(Serial member) const
    {
        const auto found = links_.find(member);
        return found == links_.end() ? std::nullopt : std::optional(found->second.id);
    }
    /// The last link that it had, open or dead; 0 when it never had one.
    [[nodiscard]] LinkId last_link(Serial member) const
    {
        const auto found = last_links_.find(member);
        return found == last_links_.end() ? LinkId{} : found->second;
    }
    [[nodiscard]] bool is_opening(Serial member) const
    {
        const auto found = links_.find(member);
        return found != links_.end() && !found->second.opened;
    }
    /// The oldest request to a member without an answer.
    [[nodiscard]] std::optional<Request> asked(Serial member) const
    {
        const auto found = links_.find(member);
        return found == links_.end() || found->second.asked.empty()
                   ? std::nullopt
                   : std::optional(found->second.asked.front());
    }

    /// Whether it applied: something must be opening, standing or asked.
    bool opened(Serial member)
    {
        return is_opening(member) && (apply(ha::LinkOpened{*link(member)}), true);
    }
    bool refused(Serial member, Code code = Code::unable_to_connect)
    {
        return is_opening(member) && (apply(ha::LinkFailed{*link(member), code}), true);
    }
    bool closed(Serial member, Code code = Code::server_disconnected)
    {
        return link(member) && !is_opening(member) &&
               (apply(ha::LinkClosed{*link(member), code}), true);
    }
    bool replies(Serial member, Code code = Code::ok)
    {
        const std::optional<Request> request = asked(member);
        return request &&
               (apply(ha::ReplyArrived{*link(member), Reply{request->id, code, "signature"}}),
                true);
    }
    /// Opens and answers whatever waits, with CKR_OK, until nothing does.
    void everybody_answers()
    {
        for (bool again = true; again && problem_.empty();) {
            again = false;
            for (const Serial member : members_seen()) {
                again = opened(member) || replies(member) || again;
            }
        }
    }

    [[nodiscard]] const ha::Group& group() const { return group_; }
    [[nodiscard]] const ha::GroupConfig& config() const { return config_; }
    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] const std::vector<LogRecord>& lines() const { return lines_; }
    [[nodiscard]] const std::vector<ha::Answer>& answers() const { return answers_; }
    [[nodiscard]] std::size_t calls_inside() const { return watch_.calls_inside(); }
    [[nodiscard]] MemberState state(Serial member) const
    {
        return group_.member_state(member).value();
    }

    /// The file in force, to be changed by a test and handed to `file_changed`.
    [[nodiscard]] GroupSettings& file() { return config_.group; }
    void file_changed() { apply(ha::SettingsChanged{config_.group}); }

private:
    struct Link {
        LinkId id;
        bool opened = false;
        std::deque<Request> asked;
    };

    template <class Make>
    CallId call(Make make)
    {
        const CallId id = fresh_call();
        apply(make(id));
        return id;
    }

    [[nodiscard]] std::vector<Serial> members_seen() const
    {
        std::vector<Serial> members;
        for (const auto& [member, link] : last_links_) {
            members.push_back(member);
        }
        return members;
    }

    void forget(LinkId id)
    {
        std::erase_if(links_, [id](const auto& entry) { return entry.second.id == id; });
    }

    void note(const ha::Event& event)
    {
        if (const auto* failed = std::get_if<ha::LinkFailed>(&event)) {
            forget(failed->link);
        } else if (const auto* closed = std::get_if<ha::LinkClosed>(&event)) {
            forget(closed->link);
        }
        for (auto& [member, link] : links_) {
            if (const auto* opened = std::get_if<ha::LinkOpened>(&event);
                opened && opened->link == link.id) {
                link.opened = true;
            }
            if (const auto* reply = std::get_if<ha::ReplyArrived>(&event);
                reply && reply->link == link.id) {
                std::erase_if(link.asked,
                              [&](const Request& asked) { return asked.id == reply->reply.id; });
            }
        }
    }

    void note(const ha::Effect& effect)
    {
        if (const auto* open = std::get_if<ha::OpenLink>(&effect)) {
            links_[open->member] = Link{open->link, false, {}};
            last_links_[open->member] = open->link;
        } else if (const auto* close = std::get_if<ha::CloseLink>(&effect)) {
            forget(close->link);
        } else if (const auto* line = std::get_if<ha::WriteLog>(&effect)) {
            lines_.push_back(line->record);
        } else if (const auto* answer = std::get_if<ha::Answer>(&effect)) {
            answers_.push_back(*answer);
        } else if (const auto* sent = std::get_if<ha::SendRequest>(&effect);
                   sent && sent->request.id.value != 0) {
            for (auto& [member, link] : links_) {
                if (link.id == sent->link) {
                    link.asked.push_back(sent->request);
                }
            }
        }
    }

    ha::GroupConfig config_;
    ha::Group group_;
    HaWatch watch_;
    Instant now_ = kStart;
    std::uint64_t last_call_ = 0;
    std::map<Serial, Link> links_;
    std::map<Serial, LinkId> last_links_;
    std::vector<LogRecord> lines_;
    std::vector<ha::Answer> answers_;
    std::string problem_;
};

}  // namespace hasim::test
