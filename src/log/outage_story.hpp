/// The story of outages that a log tells. One class decides what a line does to a member, for all who ask: `log stats`,
/// `log report`, and the table at the end of a run. None of it is the note's: the note says what a line means, not what
/// a reader may conclude from a line that does not come.
///
/// What a process knows of a member reaches from its lines about the member to its last line about anything. So
/// - an outage is of one member as one process sees it: from the line that tells it to the RECOVERED line of that
///   process. Without that line it ends where the process was last heard (or where the process begins anew under its
///   process id), and is told as one whose end was not seen;
/// - the state of a member is that of the last line about it, whoever wrote it; once none of the processes that saw it
///   out is heard any more, nobody knows whether it is still out;
/// - what was before the first line about a member is known only where that line tells it: who is dropped was up.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "hasim/log_record.hpp"
#include "log/recent_pairs.hpp"
#include "log/span_union.hpp"

namespace hasim::log {

/// What a member does, as far as lines tell.
enum class ServiceState : std::uint8_t {
    up,
    down,        ///< dropped, unreachable or deactivated; no attempt was made yet
    recovering,  ///< an attempt failed and others follow, or the member is new
    disabled,    ///< no further attempts: maximum exceeded, login failed, revoked, ineligible
    unknown,
};
inline constexpr std::size_t kServiceStates = 5;

/// "up", "down", "recovering", "disabled", "unknown".
[[nodiscard]] std::string_view name_of(ServiceState state);
/// The state behind a line of `form`.
[[nodiscard]] constexpr ServiceState state_after(LogForm form)
{
    switch (form) {
    case LogForm::drop_member:
    case LogForm::drop_unrecoverable:
    case LogForm::member_deactivated: return ServiceState::down;
    case LogForm::new_member:
    case LogForm::recovery_failed:
    case LogForm::reenable_member: return ServiceState::recovering;
    case LogForm::recovered: return ServiceState::up;
    case LogForm::login_failed:
    case LogForm::member_revoked:
    case LogForm::recovery_exhausted:
    case LogForm::unrecoverable: return ServiceState::disabled;
    }
    return ServiceState::unknown;
}
/// What a member was before its first line of all, where that is of `form`.
[[nodiscard]] ServiceState state_before(LogForm form);
/// The member does not serve.
[[nodiscard]] constexpr bool is_out(ServiceState state)
{
    return state != ServiceState::up && state != ServiceState::unknown;
}

struct Outage {
    std::size_t member = 0;  ///< its number in the story
    Pid pid{};
    StoryTime from{};
    StoryTime to{};
    LogForm began = LogForm::drop_member;
    std::uint64_t failed_attempts = 0;
    bool recovered = false;  ///< false: its end was not seen
};

/// Follows a story while it is told.
class OutageListener {
public:
    virtual ~OutageListener() = default;
    /// A member comes up for the first time; its number is the next one from 0.
    virtual void on_named(std::size_t /*member*/, Serial /*group*/, Serial /*serial*/) {}
    /// A process tells of the member for the first time, or for the first time since it began anew.
    virtual void on_pair(std::size_t /*member*/, Pid) {}
    /// The member was in `state` for that time. Times of one member follow one another without a gap.
    virtual void on_time(std::size_t /*member*/, StoryTime /*from*/, StoryTime /*to*/, ServiceState)
    {
    }
    /// A part of that time, told as `state`, is unknown after all: the process that told it was not heard any more.
    virtual void on_forgotten(std::size_t /*member*/, StoryTime /*from*/, StoryTime /*to*/,
                              ServiceState)
    {
    }
    virtual void on_outage(const Outage&) {}
};

/// Memory depends on members and processes alone, and of these at most `most_pairs` (by process, group and member) are
/// told apart.
class OutageStory {
public:
    struct Member {
        Serial group{};
        Serial serial{};
        bool expected = false;  ///< named by expect(), not (only) by a line
        std::array<StoryTime, kServiceStates> time{};
        ServiceState last = ServiceState::unknown;  ///< behind its last line
        std::uint64_t outages = 0;
        std::uint64_t attempts = 0;   ///< lines about the end of a recovery attempt
        std::uint64_t recovered = 0;  ///< RECOVERED lines

        /// Not up, and known not to be.
        [[nodiscard]] StoryTime out() const;
        /// Part of the known time that the member was up, 0 to 1; nothing when no line tells of a time in which it was.
        [[nodiscard]] std::optional<double> availability() const;
    };

    static constexpr std::size_t kMostPairs = 65536;
    static constexpr std::size_t kNoMember = ~std::size_t{0};

    explicit OutageStory(OutageListener* listener = nullptr, std::size_t most_pairs = kMostPairs)
        : listener_(listener), most_pairs_(most_pairs)
    {
    }

    /// Before the first line: the configuration names this member. Until a line says otherwise it is up.
    void expect(Serial group, Serial member);

    /// The next line, at `now`: the number of its member; kNoMember when it is of a further pair and is left out.
    std::size_t feed(const LogRecord& record, StoryTime now);

    /// For those who know more than the log: the process ended at `now`, or called C_Finalize.
    void process_ended(Pid pid, StoryTime now);

    /// The last line was at `end`. Nothing may be fed behind it.
    void finish(StoryTime end);

    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    /// Out for `now`, outages that go on counted in.
    [[nodiscard]] StoryTime out_until(std::size_t member, StoryTime now) const;

    /// While some process saw all members of the group out: those that expect() named, else all that lines named, at
    /// whatever time. Nothing when that is one member alone, which a log may well name of many.
    [[nodiscard]] std::optional<StoryTime> all_out(Serial group) const;

private:
    struct Group {
        bool expected = false;
        std::size_t counted = 0;  ///< members that all_out() looks at
        SpanUnion all_out;
    };
    struct Lane {
        StoryTime since{};
        ServiceState state = ServiceState::unknown;
        bool named = false;        ///< by a line
        Group* group = nullptr;
        std::vector<Pid> tellers;  ///< processes that see it out, the last kMostTellers
    };
    struct GroupView {
        std::size_t out = 0;             ///< of the members that count
        std::optional<StoryTime> since;  ///< all of them are out
        std::size_t counted = 0;         ///< how many that were
    };
    struct View {
        std::optional<Outage> outage;
        LogForm last = LogForm::drop_member;
        GroupView* group = nullptr;  ///< as the same process sees it
    };
    /// A time in which a member was out if one of those that saw it out is heard of again.
    struct Waiting {
        std::size_t member = 0;
        StoryTime from{};
        StoryTime to{};
        ServiceState state = ServiceState::unknown;
        std::size_t tellers = 0;  ///< that may still be heard
        bool confirmed = false;
    };
    struct Process {
        StoryTime heard{};
        std::map<std::size_t, View> views;   ///< by member
        std::map<Serial, GroupView> groups;  ///< by group
        std::vector<std::shared_ptr<Waiting>> waiting;
    };
    /// A member as a process sees it.
    struct Pair {
        std::size_t member = 0;
        Process* process = nullptr;
        View* view = nullptr;  ///< nothing: no line of the process told of the member
    };

    [[nodiscard]] static bool tells_initialisation(const View& view, LogForm form);
    [[nodiscard]] Pair find(const LogRecord& record);
    [[nodiscard]] Pair add(const LogRecord& record);
    std::size_t add_member(Serial group, Serial serial, bool expected);
    void update_view(const Pair& pair, const LogRecord& record, StoryTime now);
    void end_outage(View& view, StoryTime at, bool recovered);
    void count_out(std::size_t member, GroupView& view, bool out, StoryTime now);
    void update_lane(std::size_t member, bool was_out, const LogRecord& record, StoryTime now);
    void book(std::size_t member, StoryTime from, StoryTime to, ServiceState state);
    void confirm(Process& process, StoryTime now);
    void forget(Process& process);
    void fall_silent(Pid pid, Process& process, StoryTime now);

    static constexpr std::size_t kMostTellers = 16;

    OutageListener* listener_;
    std::size_t most_pairs_;
    std::size_t pairs_ = 0;
    std::vector<Member> members_;
    std::vector<Lane> lanes_;  // by member
    std::map<std::pair<Serial, Serial>, std::size_t> numbers_;
    std::map<Serial, Group> groups_;
    std::map<Pid, Process> processes_;
    RecentPairs<Pair> recent_;
};

}  // namespace hasim::log
