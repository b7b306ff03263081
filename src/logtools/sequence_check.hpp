/// Can these lines have been written in this order? Lines of one client process, HA group and member are followed
/// through the member machine's own table (ha/transitions.hpp). Pure: records in, findings out.
///
/// A log tells only part of what happens, so several states of a member may be possible at a time; a line is legal
/// when it fits one of them. What a log never tells: C_Finalize followed by C_Initialize, and, in message set 6.2.2, a
/// manual recovery. A line that fits only after one of these is a note. So is a line that fits
/// what another process of the same process id would write: a process id is no identity (in containers, every
/// application may be process 1). A line that fits in no case is an error.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "hasim/log_record.hpp"
#include "hasim/member_state.hpp"
#include "hasim/result.hpp"
#include "log/recent_pairs.hpp"

namespace hasim::ha {
struct Transition;
}

namespace hasim::logtools {

/// What is to be said of a line.
struct SequenceFinding {
    Severity severity =
        Severity::error;  ///< error: impossible; note: possible only after what leaves no line
    std::string text;     ///< the reason; no full stop

    friend bool operator==(const SequenceFinding&, const SequenceFinding&) = default;
};

struct SequenceOptions {
    /// The log is complete: every process starts with C_Initialize. Else it may begin in mid-story, and the first line
    /// of a member is always legal.
    bool complete = false;
    /// Members (per process and group) that are followed at a time; when there are more, all are forgotten and followed
    /// anew. Bounds the memory that a hostile log can take.
    std::size_t most_members = 65536;
};

class SequenceCheck {
public:
    explicit SequenceCheck(SequenceOptions options = {}) : options_(options) {}

    /// The next line of the log. Its moment is not looked at.
    std::optional<SequenceFinding> feed(const LogRecord& record);

    /// For those who know more than the log: process `pid` calls C_Initialize (again).
    void initialised(Pid pid);
    /// The same: a manual recovery of `group` was asked for in process `pid`.
    void recovery_asked(Pid pid, Serial group);

    /// Members that are followed.
    [[nodiscard]] std::size_t members() const { return members_.size(); }
    /// Sets of places that are kept: at most kPlacesKept, and two for each that is in use.
    [[nodiscard]] std::size_t places_kept() const { return kept_.size(); }
    static constexpr std::size_t kPlacesKept = 4096;
    /// How many other processes of one process id are told apart, for a member and in all (chosen).
    static constexpr std::size_t kMostOthers = 64;
    static constexpr std::size_t kMostOthersInAll = 65536;

private:
    /// One of the things that may be true of a member.
    struct Place {
        std::optional<MemberState> state;  ///< nothing: not known to the process
        std::uint32_t made = 0;  ///< recovery attempts since it was dropped; kAny: not known
        std::uint32_t running =
            0;  ///< number of an attempt that runs since before a manual recovery; 0: none does
        bool maximum_due = false;  ///< the line of the exceeded maximum comes next

        friend auto operator<=>(const Place&, const Place&) = default;
    };
    using Places = std::vector<Place>;  ///< sorted, no two alike

    /// What a log does not tell, in the order in which it is thought of.
    enum class Unseen : std::uint8_t {
        nothing,
        other_process,  ///< of the same process id
        manual_recovery,
        further_attempts,
        initialisation,
    };

    /// What is looked at in a line about a member.
    struct Said {
        LogForm form{};
        std::uint32_t attempt = 0;
        bool ineligible = false;  ///< its code is one on which hasim gives up

        friend bool operator==(const Said&, const Said&) = default;
    };

    struct Member {
        const Places* places = nullptr;     ///< of kept_, as are those of the others
        std::vector<const Places*> others;  ///< as other processes of the same process id may see
                                            ///< the member; the one heard last stands last
        std::optional<Said> last;
        bool in_mid_story = true;  ///< all that was said are ends of attempts: the log may have begun
                                   ///< while it was out, for each process that sees it
    };
    using Key = std::tuple<Pid, Serial, Serial>;
    /// What followed when that was said in these places before. Both are of kept_.
    struct Followed {
        const Places* from = nullptr;
        Said said;
        const Places* to = nullptr;
    };
    static constexpr std::size_t kFollowedBits = 10;

    [[nodiscard]] Places first_places() const;
    static Places anything();
    static void widen(Places& places, Unseen unseen);
    static std::uint32_t attempt_that_may_run(const Place& place);
    static void unseen_steps(Place place, Unseen unseen, Places& out);
    static Said said_in(const LogRecord& record);
    static std::string id_of(const Said& said);
    static bool fits_code(const ha::Transition& edge, const Said& said);
    static void steps(const Place& place, const Said& said, Places& out);
    static void attempt_steps(const Place& place, const Said& said, Places& out);
    Member& member_of(const LogRecord& record, std::optional<SequenceFinding>& finding);
    const Places* keep(Places places);
    void forget_unused_places();
    void forget_members();
    Followed& followed(const Places* places, const Said& said);
    std::optional<Unseen> find_next(Member& member, const Said& said);
    void begin_anew(Member& member, const Said& said);
    bool takes_turn(Member& member, const Said& said);
    void add_other(Member& member, const Places* places);
    bool step(const Places& places, const Said& said);
    bool step_unseen(const Places& places, Unseen unseen, const Said& said);
    static std::string impossible(const Member& member, const LogRecord& record);
    static std::string possible_only(Unseen unseen, const Member& member, const LogRecord& record);

    SequenceOptions options_;
    std::map<Key, Member> members_;
    log::RecentPairs<Member*> recent_;
    std::size_t others_ = 0;  ///< of all members
    std::set<Places> kept_;   ///< each once, so that those of a member are told by where they stand
    std::vector<Followed> followed_{std::size_t{1} << kFollowedBits};
    Places widened_;  // where the member may have been before the line at hand
    Places next_;     // and where it may be behind it
    std::set<std::pair<Pid, Serial>> asked_;  ///< groups with a manual recovery since C_Initialize
};

}  // namespace hasim::logtools
