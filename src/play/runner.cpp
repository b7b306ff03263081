#include "play/runner.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "play/log_match.hpp"
#include "scenario/faults.hpp"

namespace hasim::play {

namespace {

/// As far outside the range of an expectation a call is remembered, for runs whose moments are not exact.
constexpr Duration kMostSlack = std::chrono::minutes(10);

/// An event line is entered in the queue under its number; this bit says that it is an `on` whose time has come.
constexpr std::uint64_t kOnBit = std::uint64_t{1} << 63;

bool concerns(const Target& target, const std::string& client)
{
    return target.kind != Target::Kind::client || target.name.empty() || target.name == client;
}

/// Events at 0 s apply before C_Initialize; client lines are the application's own calls and come in their turn.
bool applies_before_start(const Event& event)
{
    const auto* at = std::get_if<At>(&event.trigger);
    return at != nullptr && at->at == kStart &&
           scenario::fault_info(event.fault.kind).chapter != scenario::FaultChapter::client;
}

}  // namespace

Runner::Runner(const Scenario& scenario, sim::World& world, sim::EventQueue& queue)
    : scenario_(scenario),
      world_(world),
      queue_(queue),
      random_(Random(scenario.seed.value_or(1)).fork("script")),
      progress_(scenario.events.size())
{
    for (const Expectation& expectation : scenario.expectations) {
        const auto* const ops = std::get_if<ExpectOps>(&expectation.what);
        if (ops != nullptr && ops->range) {
            ranged_.push_back({ops, {}, {}});
        }
    }
    world_.watch(*this);
    world_.set_script(this);
}

void Runner::start_script()
{
    for (std::size_t index = 0; index < scenario_.events.size(); ++index) {
        const Event& event = scenario_.events[index];
        if (applies_before_start(event) || std::holds_alternative<Now>(event.trigger)) {
            on_due(index, kStart);
        } else if (const auto* at = std::get_if<At>(&event.trigger)) {
            queue_.add(at->at, sim::EventOwner::script, 0, index);
        } else if (std::holds_alternative<Every>(event.trigger)) {
            enter_every(index);
        }
    }
}

void Runner::start(const std::optional<Load>& fallback)
{
    start_script();
    start_clients();
    for (const Load& load : scenario_.loads) {
        world_.start_load(load, kStart);
    }
    if (scenario_.loads.empty() && !scenario_.load_none && fallback) {
        world_.start_load(*fallback, kStart);
    }
}

/// Every client initialises and logs in at 0 s, unless the first thing that its lines make it do is one of the two.
void Runner::start_clients()
{
    for (sim::ClientIndex client = 0; client < world_.clients(); ++client) {
        const auto first = first_call(client);
        if (first == FaultKind::initialize) {
            continue;
        }
        if (first == FaultKind::login) {
            world_.initialize(client, kStart);
        } else {
            world_.start_client(client, kStart);
        }
    }
}

/// The first C_Initialize, C_Login, C_Logout or C_Finalize that a timed line makes the client call.
std::optional<FaultKind> Runner::first_call(sim::ClientIndex client) const
{
    std::optional<FaultKind> first;
    Instant when = kNever;
    for (const Event& event : scenario_.events) {
        const auto* at = std::get_if<At>(&event.trigger);
        const FaultKind kind = event.fault.kind;
        const bool calls = kind == FaultKind::initialize || kind == FaultKind::login ||
                           kind == FaultKind::logout || kind == FaultKind::finalize;
        if (at != nullptr && calls && at->at < when &&
            concerns(event.target, world_.client_name(client))) {
            first = kind;
            when = at->at;
        }
    }
    return first;
}

// ---- Triggers ---------------------------------------------------------------------------------------------------

/// Enters the next firing of an `every`; each is drawn from the even grid, so jitter does not add up.
void Runner::enter_every(std::size_t index)
{
    const auto& every = std::get<Every>(scenario_.events[index].trigger);
    const std::uint64_t firing = progress_[index].fired;
    const Instant first = every.from.value_or(kStart + every.period);
    const Instant even = first + every.period * static_cast<std::int64_t>(firing);
    if ((every.times != 0 && firing >= every.times) || (every.until && even > *every.until) ||
        (scenario_.length && even > kStart + *scenario_.length)) {
        return;
    }
    Instant due = even;
    if (every.jitter > Duration::zero()) {
        const auto span = static_cast<std::uint64_t>(every.jitter.count()) * 2 + 1;
        due += Duration(static_cast<std::int64_t>(random_.below(span))) - every.jitter;
    }
    queue_.add(std::max({due, kStart, world_.now()}), sim::EventOwner::script, 0, index);
}

void Runner::on_due(std::uint64_t detail, Instant now)
{
    const std::size_t index = detail & ~kOnBit;
    const Event& event = scenario_.events[index];
    if (std::holds_alternative<Every>(event.trigger)) {
        ++progress_[index].fired;
        enter_every(index);
    }
    if (const std::string error = world_.apply(event.fault, event.target, now); !error.empty()) {
        problems_.push_back({event.place, error});
    }
}

/// The condition of an `on` line came true.
void Runner::fire_on(std::size_t index, const On& on, Instant now)
{
    Progress& progress = progress_[index];
    if (progress.fired == kMaxFiringsOfOn) {
        ++progress.fired;
        problems_.push_back({scenario_.events[index].place,
                             fmt::format("this 'on' fired {} times, as often as one may; what it "
                                         "would have done after that is left out",
                                         kMaxFiringsOfOn)});
        return;
    }
    if (progress.fired == 0 || (on.each && progress.fired < kMaxFiringsOfOn)) {
        ++progress.fired;
        queue_.add(now + on.after, sim::EventOwner::script, 0, kOnBit | index);
    }
}

/// What the workstation cannot write is no line of the log.
bool Runner::log_can_be_written() const
{
    return !world_.log_directory_missing() && !world_.disk_full();
}

void Runner::on_log(sim::ClientIndex client, const LogRecord& record)
{
    if (!log_can_be_written()) {
        return;
    }
    const Logged logged{client, record};
    if (keeps_) {
        logged_.push_back(logged);
    }
    for (std::size_t index = 0; index < scenario_.events.size(); ++index) {
        if (const auto* on = std::get_if<On>(&scenario_.events[index].trigger)) {
            const auto* pattern = std::get_if<LogPattern>(&on->condition);
            if (pattern != nullptr && matches(world_, *pattern, logged.client, logged.record)) {
                fire_on(index, *on, record.at);
            }
        }
    }
}

void Runner::on_line(std::string_view line, WallTime, sim::ClientIndex, const LogRecord&)
{
    if (keeps_ && log_can_be_written()) {
        lines_.emplace_back(line);
    }
}

void Runner::on_member(sim::ClientIndex client, sim::GroupIndex group,
                       const ha::MemberChanged& change, Instant now)
{
    if (keeps_) {
        history_[{client, group, change.member}].emplace_back(now, change.to);
    }
    for (std::size_t index = 0; index < scenario_.events.size(); ++index) {
        if (const auto* on = std::get_if<On>(&scenario_.events[index].trigger)) {
            const auto* state = std::get_if<StateReached>(&on->condition);
            if (state != nullptr && state->state == change.to && state->member == change.member) {
                fire_on(index, *on, now);
            }
        }
    }
}

void Runner::on_group(sim::ClientIndex client, sim::GroupIndex group, GroupState state, Instant now)
{
    if (keeps_) {
        groups_[{client, group}].emplace_back(now, state);
    }
}

void Runner::on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now)
{
    for (auto& [key, changes] : history_) {
        if (std::get<0>(key) == client && std::get<1>(key) == group) {
            changes.emplace_back(now, std::nullopt);
        }
    }
}

void Runner::on_killed(sim::ClientIndex client, Instant now)
{
    for (auto& [key, changes] : history_) {
        if (std::get<0>(key) == client) {
            changes.emplace_back(now, std::nullopt);
        }
    }
    for (auto& [key, changes] : groups_) {
        if (key.first == client) {
            changes.emplace_back(now, GroupState::finalized);
        }
    }
}

/// One request more for the `on nth` that it matches.
template <class Matches>
void Runner::count_request(Serial member, Instant now, Matches matches)
{
    for (std::size_t index = 0; index < scenario_.events.size(); ++index) {
        const Event& event = scenario_.events[index];
        const auto* on = std::get_if<On>(&event.trigger);
        const auto* nth = on == nullptr ? nullptr : std::get_if<NthOperation>(&on->condition);
        if (nth == nullptr || !matches(*nth) ||
            (event.target.kind == Target::Kind::member && event.target.serial != member)) {
            continue;
        }
        if (++progress_[index].counted % nth->n == 0) {
            fire_on(index, *on, now);
        }
    }
}

void Runner::on_request_sent(sim::ClientIndex, sim::GroupIndex, Serial member, Operation operation,
                             Instant now)
{
    count_request(member, now, [&](const NthOperation& nth) {
        return nth.function.empty() && nth.operation == operation;
    });
}

void Runner::on_function_sent(sim::ClientIndex, sim::GroupIndex, Serial member,
                              std::string_view function, Instant now)
{
    count_request(member, now,
                  [&](const NthOperation& nth) { return nth.function == function; });
}

void Runner::on_call(const sim::CallReport& report)
{
    if (report.kind != sim::CallKind::sign) {
        return;
    }
    ++(report.code == Code::ok ? operations_.done : operations_.lost);
    operations_.retried += report.moves;
    operations_.longest = std::max(operations_.longest, report.returned - report.called);
    for (RangedCalls& ranged : ranged_) {
        const Range& range = *ranged.expect->range;
        const std::uint64_t counts =
            ranged.expect->counter == ExpectOps::Counter::retried ? report.moves
            : (report.code == Code::ok) == (ranged.expect->counter == ExpectOps::Counter::done)
                ? 1U
                : 0U;
        if (keeps_ && counts != 0 && report.returned >= range.from - kMostSlack &&
            report.returned - kMostSlack <= range.to) {
            ranged.calls.emplace_back(report.returned, counts);
        }
    }
}

/// A line that waits for the nth request of those that loads make is asked at each.
sim::CallInterest Runner::call_interest() const
{
    const bool counts_requests =
        std::any_of(scenario_.events.begin(), scenario_.events.end(), [](const Event& event) {
            const auto* const on = std::get_if<On>(&event.trigger);
            const auto* const nth =
                on == nullptr ? nullptr : std::get_if<NthOperation>(&on->condition);
            return nth != nullptr && (nth->function.empty() ? nth->operation == Operation::sign
                                                            : nth->function == "C_Sign");
        });
    return counts_requests ? sim::CallInterest::each : sim::CallInterest::counted;
}

void Runner::on_calls(const sim::CallRun& run)
{
    operations_.done += run.count;
    operations_.longest = std::max(operations_.longest, run.took);
    for (RangedCalls& ranged : ranged_) {
        if (keeps_ && ranged.expect->counter == ExpectOps::Counter::done) {
            ranged.runs.push_back(run);
        }
    }
}

}  // namespace hasim::play
