/// Plays a scenario on a world, and judges what came of it. The same for virtual time and for real sockets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/random.hpp"
#include "hasim/scenario.hpp"
#include "play/line_writer.hpp"
#include "sim/world/world.hpp"

namespace hasim::play {

/// How strictly a run is judged.
struct Tolerance {
    /// Each end of an expected range moves out by this much: 250 ms of real time over TCP, nothing in virtual time.
    Duration slack{};
    /// The log block is compared as the sequence of texts per (process, group, member), without stamps.
    bool texts_only = false;
    /// Simulated seconds in a real one, of which the slack comes.
    double speed = 1;
};

/// Something that did not hold.
struct Broken {
    Place place;       ///< of the expectation
    std::string text;  ///< what was expected and what came, one sentence
    std::string log{}; ///< lines of the log around the time that is meant, each behind its moment; may be empty
};

/// Counts over all clients and the whole run.
struct Operations {
    std::uint64_t done = 0;     ///< C_Sign that returned CKR_OK
    std::uint64_t lost = 0;     ///< C_Sign that returned anything else
    std::uint64_t retried = 0;  ///< times that one moved on to another member
    Duration longest{};         ///< from call to return
};

class Runner final : public sim::WorldObserver, public sim::Script, public LineTarget {
public:
    Runner(const Scenario& scenario, sim::World& world, sim::EventQueue& queue);

    /// What there is to do at 0 s: faults first, then C_Initialize and C_Login, then the load. `fallback` is the load
    /// when the scenario names none.
    void start(const std::optional<Load>& fallback);

    /// The same without clients and load: they are other processes'.
    void start_script();

    /// What did not hold, in the order of the file; empty when all did. To be asked when the run is over.
    [[nodiscard]] std::vector<Broken> judge(const Tolerance& tolerance) const;

    /// The same without the log block, which may be about to be rewritten.
    [[nodiscard]] std::vector<Broken> judge_expectations(const Tolerance& tolerance) const;

    /// Lines of the script whose `on` never came true: what they were to do was not tried.
    [[nodiscard]] std::vector<Broken> never_fired() const;

    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
    [[nodiscard]] const Operations& operations() const { return operations_; }

    /// From now on no line, record or state is kept to be judged: for a run that nobody judges, which may last long.
    /// Triggers and counts go on.
    void keep_nothing() { keeps_ = false; }

    void on_due(std::uint64_t detail, Instant now) override;
    void on_log(sim::ClientIndex client, const LogRecord& record) override;
    void on_line(std::string_view line, WallTime utc, sim::ClientIndex client,
                 const LogRecord& record) override;
    void on_call(const sim::CallReport& report) override;
    [[nodiscard]] sim::CallInterest call_interest() const override;
    void on_calls(const sim::CallRun& run) override;
    void on_request_sent(sim::ClientIndex client, sim::GroupIndex group, Serial member,
                         Operation operation, Instant now) override;
    void on_function_sent(sim::ClientIndex client, sim::GroupIndex group, Serial member,
                          std::string_view function, Instant now) override;
    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant now) override;
    void on_group(sim::ClientIndex client, sim::GroupIndex group, GroupState state,
                  Instant now) override;
    void on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now) override;
    void on_killed(sim::ClientIndex client, Instant now) override;

private:
    /// What an event has done so far.
    struct Progress {
        std::uint64_t fired = 0;
        std::uint64_t counted = 0;  ///< operations, for `on nth`
    };
    struct Logged {
        sim::ClientIndex client = 0;
        LogRecord record;
    };
    /// Commands that returned in or near the range of an expectation, with what counts of each.
    struct RangedCalls {
        const ExpectOps* expect = nullptr;
        std::vector<std::pair<Instant, std::uint64_t>> calls;
        std::vector<sim::CallRun> runs;
    };
    using MemberKey = std::tuple<sim::ClientIndex, sim::GroupIndex, Serial>;

    void start_clients();
    [[nodiscard]] std::optional<FaultKind> first_call(sim::ClientIndex client) const;
    void enter_every(std::size_t event);
    void fire_on(std::size_t event, const On& on, Instant now);
    template <class Matches>
    void count_request(Serial member, Instant now, Matches matches);
    [[nodiscard]] bool log_can_be_written() const;
    [[nodiscard]] std::string cannot_fail(const Expectation& expectation,
                                          const Tolerance& tolerance) const;
    [[nodiscard]] std::string judge_log(const ExpectLog& expect, const Tolerance& tolerance) const;
    [[nodiscard]] std::string nearest_lines(const ExpectLog& expect) const;
    [[nodiscard]] std::string log_around(const Expectation& expectation) const;
    [[nodiscard]] std::string judge_ops(const ExpectOps& expect, const Tolerance& tolerance) const;
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> count_ops(
        const ExpectOps& expect, const Tolerance& tolerance) const;
    [[nodiscard]] std::string judge_group(const ExpectGroup& expect,
                                          const Tolerance& tolerance) const;
    [[nodiscard]] std::string judge_stall(const ExpectStall& expect,
                                          const Tolerance& tolerance) const;
    [[nodiscard]] std::string judge_state(const ExpectState& expect,
                                          const Tolerance& tolerance) const;
    [[nodiscard]] std::string judge_block(const LogBlock& block, const Tolerance& tolerance) const;

    const Scenario& scenario_;
    sim::World& world_;
    sim::EventQueue& queue_;
    Random random_;
    std::vector<Progress> progress_;  ///< by event
    std::vector<Broken> problems_;    ///< events that could not be carried out
    bool keeps_ = true;
    std::vector<Logged> logged_;
    std::vector<std::string> lines_;
    Operations operations_;
    std::vector<RangedCalls> ranged_;
    using GroupKey = std::pair<sim::ClientIndex, sim::GroupIndex>;
    std::map<GroupKey, std::vector<std::pair<Instant, GroupState>>> groups_;
    /// Nothing: its process has ended, or called C_Finalize.
    std::map<MemberKey, std::vector<std::pair<Instant, std::optional<MemberState>>>> history_;
};

}  // namespace hasim::play
