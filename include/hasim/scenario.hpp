/// Scenarios as values: what docs/scenario.md describes, and the functions that read and print it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hasim/exchange.hpp"
#include "hasim/fault.hpp"
#include "hasim/ids.hpp"
#include "hasim/log_record.hpp"
#include "hasim/group_state.hpp"
#include "hasim/member_state.hpp"
#include "hasim/result.hpp"
#include "hasim/settings.hpp"
#include "hasim/time.hpp"

namespace hasim {

/// Where in its file something stands; both 0 when it came from no file. Where a thing was written is no part of what
/// it says, so all places compare equal.
struct Place {
    std::uint32_t line = 0;    ///< from 1
    std::uint32_t column = 0;  ///< from 1, in bytes

    friend constexpr bool operator==(const Place&, const Place&) { return true; }
};

/// Comments that stand with a line of the body, without their `#`.
struct Remarks {
    std::vector<std::string> above;  ///< whole lines directly above
    std::string beside;              ///< after the statement, on its own line

    friend bool operator==(const Remarks&, const Remarks&) = default;
};

// ---- header ------------------------------------------------------------------------------------------------------

/// `conf PATH`: relative to the scenario's own file.
struct ConfPath {
    std::string path;
    friend bool operator==(const ConfPath&, const ConfPath&) = default;
};

/// `conf << ... >>`: the text of a Chrystoki.conf, every line ended by a newline.
struct ConfText {
    std::string text;
    friend bool operator==(const ConfText&, const ConfText&) = default;
};

/// `client NAME pid N`: one process of the application.
struct ScenarioClient {
    Place place;
    std::string name;
    Pid pid{};
    friend bool operator==(const ScenarioClient&, const ScenarioClient&) = default;
};

/// `load sign 50/s threads 4 [group "L"] [client NAME]`: commands at an even pace.
struct Load {
    Place place;
    Operation operation = Operation::sign;
    std::uint32_t count = 1;                 ///< this many commands, 1 to 1,000,000, ...
    Duration per = std::chrono::seconds(1);  ///< ... in each of these: 1 s, 1 min or 1 h
    std::uint32_t threads = 1;               ///< 1 to 1024; each has at most one command in flight
    std::string group;                       ///< label; empty: every group
    std::string client;                      ///< name; empty: every client
    friend bool operator==(const Load&, const Load&) = default;
};

/// `place S on hsmN`: overrides the appliance on which a partition lives.
struct Placement {
    Place place;
    Serial member{};
    std::uint32_t hsm = 1;  ///< from 1
    friend bool operator==(const Placement&, const Placement&) = default;
};

// ---- events ------------------------------------------------------------------------------------------------------

/// A line of the log by what it says. Empty or 0 stands for "whichever".
struct LogPattern {
    LogForm form = LogForm::drop_member;
    std::string group;  ///< label
    Serial member{};
    std::uint32_t attempt = 0;
    std::string client;  ///< name of the process that writes it
    friend bool operator==(const LogPattern&, const LogPattern&) = default;
};

/// No trigger: at once. Only lines for a running world (`hasim ctl`) may leave it out.
struct Now {
    friend bool operator==(const Now&, const Now&) = default;
};

/// `at T`
struct At {
    Instant at{};
    friend bool operator==(const At&, const At&) = default;
};

/// `every D [+-D] [from T] (until T | times N)`. Firing k (from 0) is due at from + k * period, moved by a draw from
/// -jitter to +jitter that the next firing does not inherit, and never before 0 s. Without `from` the first is due
/// after one period (chosen). Without `until` and `times` it ends with the run.
struct Every {
    Duration period{};
    Duration jitter{};  ///< at most half of the period, so that firings keep their order
    std::optional<Instant> from;
    std::optional<Instant> until;  ///< the last moment at which it may be due, before jitter
    std::uint64_t times = 0;       ///< 0: not counted
    friend bool operator==(const Every&, const Every&) = default;
};

/// `on nth OP N`: the N-th operation of that kind is sent, counted from 1 at the target member, else in the group.
struct NthOperation {
    Operation operation = Operation::sign;
    std::uint64_t n = 1;
    std::string function{};  ///< in place of the operation: the name of a PKCS#11 function, "C_FindObjectsInit"
    friend bool operator==(const NthOperation&, const NthOperation&) = default;
};

/// `on state STATE member S`: the member enters the state in any group of any client.
struct StateReached {
    MemberState state = MemberState::active;
    Serial member{};
    friend bool operator==(const StateReached&, const StateReached&) = default;
};

/// `on COND [after D] [each]`
struct On {
    std::variant<NthOperation, LogPattern, StateReached> condition;
    Duration after{};
    bool each = false;  ///< fires whenever the condition comes true, not only the first time
    friend bool operator==(const On&, const On&) = default;
};

using Trigger = std::variant<Now, At, Every, On>;

/// One line that makes something happen.
struct Event {
    Place place;
    Trigger trigger;
    Target target;
    Fault fault;
    Remarks remarks;
    friend bool operator==(const Event&, const Event&) = default;
};

// ---- expectations ------------------------------------------------------------------------------------------------

/// A closed range of time.
struct Range {
    Instant from{};
    Instant to{};
    friend bool operator==(const Range&, const Range&) = default;
};

/// How many: `N`, `at least N`, `at most N`. `no` is exactly 0.
struct Amount {
    enum class Bound { exactly, at_least, at_most };
    Bound bound = Bound::exactly;
    std::uint64_t count = 1;

    [[nodiscard]] std::uint64_t least() const { return bound == Bound::at_most ? 0 : count; }
    [[nodiscard]] std::uint64_t most() const
    {
        return bound == Bound::at_least ? UINT64_MAX : count;
    }
    /// Whether a number that is known to be from `low` to `high` may be it.
    [[nodiscard]] bool admits(std::uint64_t low, std::uint64_t high) const
    {
        return low <= most() && high >= least();
    }
    friend bool operator==(const Amount&, const Amount&) = default;
};

/// `expect [T..T] [no | N | at least N | at most N] ID ...`
struct ExpectLog {
    std::optional<Range> range;  ///< absent: the whole run
    Amount amount;               ///< left out: exactly one
    LogPattern pattern;
    friend bool operator==(const ExpectLog&, const ExpectLog&) = default;
};

/// `expect [T..T] ops lost|done|retried [at least | at most] N`, over all clients, of commands that returned in the
/// range.
struct ExpectOps {
    enum class Counter : std::uint8_t {
        lost,     ///< commands that failed to the application
        done,     ///< commands that were answered CKR_OK
        retried,  ///< times that a command moved on to another member
    };
    std::optional<Range> range;  ///< absent: the whole run
    Counter counter = Counter::lost;
    Amount amount;
    friend bool operator==(const ExpectOps&, const ExpectOps&) = default;
};

/// `expect stall below D`: no command took D or longer from its call to its return.
struct ExpectStall {
    Duration below{};
    friend bool operator==(const ExpectStall&, const ExpectStall&) = default;
};

/// `expect state STATE member S [at T]`, in every group of every client that knows it; at the end of the run when
/// there is no `at`.
struct ExpectState {
    MemberState state = MemberState::active;
    Serial member{};
    std::optional<Instant> at;
    friend bool operator==(const ExpectState&, const ExpectState&) = default;
};

/// `expect group "L" state STATE [at T]`, in every client; at the end of the run when there is no `at`.
struct ExpectGroup {
    std::string label;
    GroupState state = GroupState::serving;
    std::optional<Instant> at;
    friend bool operator==(const ExpectGroup&, const ExpectGroup&) = default;
};

struct Expectation {
    Place place;
    std::variant<ExpectLog, ExpectOps, ExpectStall, ExpectState, ExpectGroup> what;
    Remarks remarks;
    friend bool operator==(const Expectation&, const Expectation&) = default;
};

/// `log << ... >>`: the complete log of the run, verbatim.
struct LogBlock {
    Place place;                     ///< of the word `log`
    std::uint32_t end_line = 0;      ///< the line of `>>`
    std::vector<std::string> lines;  ///< without line ends
    std::vector<std::string> above;  ///< comments directly above
    friend bool operator==(const LogBlock& a, const LogBlock& b)
    {
        return a.lines == b.lines && a.above == b.above;
    }
};

// ---- the whole ---------------------------------------------------------------------------------------------------

/// One file. What the header leaves out is left to the command line, then to the configuration, then to defaults.
struct Scenario {
    std::vector<std::string> opening;  ///< comments before the body, without `#`
    std::variant<std::monostate, ConfPath, ConfText> conf;
    Place conf_place;
    std::optional<WallTime> start;        ///< civil time of 0 s
    std::string timezone;                 ///< IANA name; empty: UTC
    std::vector<ScenarioClient> clients;  ///< empty: one, named by the runner
    std::optional<std::uint64_t> seed;
    std::optional<Duration> length;  ///< `for D`
    bool load_none = false;          ///< `load none`: not even the default load
    std::vector<Load> loads;
    std::vector<Placement> placements;
    std::optional<MessageSet> messages;  ///< `messages 6.2.2|all`
    std::optional<StampStyle> stamp;     ///< `stamp note|ctime`
    std::string pin;                     ///< of every partition; empty: the default
    std::optional<std::uint16_t> port;   ///< live: hsm1 listens here, hsm2 on the next, ...
    std::string live_no;                 ///< `live no REASON`: why it is not played over TCP
    std::vector<Event> events;
    std::vector<Expectation> expectations;
    std::optional<LogBlock> log;
    friend bool operator==(const Scenario&, const Scenario&) = default;
};

inline constexpr std::size_t kMaxScenarioBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxScenarioLine = 4096;  ///< bytes, without the line end
inline constexpr std::size_t kMaxScenarioLines = 20000;
inline constexpr std::size_t kMaxScenarioEvents = 5000;
inline constexpr std::size_t kMaxExpectations = 2000;
inline constexpr std::size_t kMaxScenarioFindings =
    100;                                           ///< then one more says that there are others
inline constexpr std::size_t kLongestText = 1024;  ///< bytes of a label, a path, a PIN
inline constexpr std::uint64_t kMaxFiringsOfOn =
    100'000;  ///< of one `on ... each`: it may cause what fires it
inline constexpr Duration kShortestFlap = std::chrono::milliseconds(1);  ///< the period of a `flap`
inline constexpr std::uint64_t kMaxFirings = 10'000'000;                 ///< of one `every`

/// What was read, and what there is to say about it. With an error among the findings the scenario is not to be run.
struct ScenarioResult {
    Scenario scenario;
    std::vector<Finding> findings;  ///< in the order of their places
    [[nodiscard]] bool ok() const;
};

/// What a log block is to whoever reads a scenario.
enum class LogBlockUse : std::uint8_t {
    expected,  ///< the log that has to come: it must not contradict the other expectations
    replaced,  ///< an old one, which is going to be replaced
};

/// Reads a whole file; `file` is its name in the findings. Reports every error of the file, and whatever in it
/// contradicts itself.
[[nodiscard]] ScenarioResult parse_scenario(std::string_view file, std::string_view text,
                                            LogBlockUse log_block = LogBlockUse::expected);

/// What `settings` show to be wrong with the scenario: appliances, partitions and groups that do not exist.
[[nodiscard]] std::vector<Finding> check(const Scenario& scenario, const Settings& settings,
                                         std::string_view file);

/// The canonical text. Parsing it gives an equal scenario.
[[nodiscard]] std::string print(const Scenario& scenario);

struct EventResult {
    std::optional<Event> event;  ///< absent when there is an error
    std::vector<Finding> findings;
};

/// Reads one event line by itself: "hsm2 cable out" (at once), or with a trigger.
[[nodiscard]] EventResult parse_event_line(std::string_view text);

/// The canonical line of an event or an expectation, without remarks and line end.
[[nodiscard]] std::string print_event(const Event& event);
[[nodiscard]] std::string print_expectation(const Expectation& expectation);

struct LoadResult {
    std::optional<Load> load;  ///< absent for "none", and when there is an error
    std::vector<Finding> findings;
};

/// Reads what stands after the word `load`: "sign 10/s threads 2", or "none".
[[nodiscard]] LoadResult parse_load(std::string_view text);

struct LogPatternResult {
    std::optional<LogPattern> pattern;  ///< absent when there is an error
    std::vector<Finding> findings;
};

/// Reads a line of the log as `expect` and `on log` write it: "DROPMEMBER member 1234840370164".
[[nodiscard]] LogPatternResult parse_log_pattern(std::string_view text);

/// When the run ends: after `for`; without it, at the last moment that an event or an expectation names (chosen).
[[nodiscard]] Instant end_of(const Scenario& scenario);

/// `text` with its log block replaced by `lines`, or with one added at the end; everything else byte for byte.
/// `scenario` is what parsing `text` gave.
[[nodiscard]] std::string with_log(std::string_view text, const Scenario& scenario,
                                   const std::vector<std::string>& lines);

/// The word of a line form in `expect` and `on log`: its id without HALOG_. (chosen) The second line of
/// HALOG_RECOVERYFAILED is RECOVERYEXHAUSTED.
[[nodiscard]] std::string_view word_of(LogForm form);
[[nodiscard]] std::string_view word_of(Operation operation);

}  // namespace hasim
