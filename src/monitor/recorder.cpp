#include "monitor/recorder.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/words.hpp"

namespace hasim::monitor {

namespace {

/// How far a line may be from where it was (chosen): a machine in real time is never twice the same.
Duration margin_at(double speed)
{
    constexpr std::chrono::milliseconds kLeast{500};
    const Duration scaled(static_cast<std::int64_t>(250e6 * speed));
    return std::max<Duration>(kLeast, scaled);
}

Instant to_millisecond(Instant moment)
{
    return Instant(std::chrono::floor<std::chrono::milliseconds>(moment.time_since_epoch()));
}

/// Tenths of a second, outwards.
Range around(Instant moment, Duration margin)
{
    using Tenths = std::chrono::duration<std::int64_t, std::deci>;
    const Duration at = moment.time_since_epoch();
    return {Instant(std::max<Duration>(std::chrono::floor<Tenths>(at - margin), Duration::zero())),
            Instant(std::chrono::ceil<Tenths>(at + margin))};
}

}  // namespace

Recorder::Recorder(const sim::World& world, const play::PlayOptions& options, std::string conf)
    : world_(world), base_(options.scenario)
{
    base_.expectations.clear();
    base_.log.reset();
    base_.port.reset();
    base_.live_no.clear();
    if (!conf.empty()) {
        base_.conf = ConfText{conf.ends_with('\n') ? std::move(conf) : conf + "\n"};
    }
    base_.start = std::chrono::floor<std::chrono::seconds>(options.start);
    if (base_.clients.empty()) {
        base_.clients.push_back({{}, "app", options.first_pid});
    }
    if (base_.loads.empty() && !base_.load_none && options.fallback) {
        base_.loads.push_back(*options.fallback);
    }
    pin_ = std::exchange(base_.pin, {});
    for (Event& event : base_.events) {
        event.fault = without_secret(std::move(event.fault));
    }
}

/// A PIN is in no recording. What matters is which are equal: the partitions' own at the start is the default one.
Fault Recorder::without_secret(Fault fault)
{
    const bool has_pin = fault.kind == FaultKind::login || fault.kind == FaultKind::pin;
    if (has_pin && !fault.text.empty()) {
        const std::string own = pin_.empty() ? sim::WorldOptions{}.pin : pin_;
        const std::string other = fmt::format("recorded-pin-{}", pins_.size() + 1);
        fault.text = fault.text == own ? sim::WorldOptions{}.pin
                                       : pins_.emplace(fault.text, other).first->second;
    }
    return fault;
}

void Recorder::given(const Event& event, Instant now)
{
    if (base_.events.size() + given_.size() >= kMaxScenarioEvents) {
        ++more_given_;
        full_ = full_.value_or(now);
        return;
    }
    Event done = event;
    done.fault = without_secret(std::move(done.fault));
    if (std::holds_alternative<Now>(done.trigger)) {
        done.trigger = At{to_millisecond(now)};
    }
    given_.push_back(std::move(done));
}

void Recorder::on_log(sim::ClientIndex client, const LogRecord& record)
{
    if (world_.log_directory_missing() || world_.disk_full() || full_) {
        return;
    }
    if (logged_.size() < kMostLines) {
        logged_.push_back({client, record});
    } else {
        more_logged_ = true;
    }
}

void Recorder::on_member(sim::ClientIndex client, sim::GroupIndex group,
                         const ha::MemberChanged& change, Instant now)
{
    states_[{client, group, change.member}] = {change.to, now};
}

void Recorder::on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now)
{
    for (auto& [key, last] : states_) {
        if (std::get<0>(key) == client && std::get<1>(key) == group) {
            last = {std::nullopt, now};
        }
    }
}

void Recorder::on_killed(sim::ClientIndex client, Instant now)
{
    for (auto& [key, last] : states_) {
        if (std::get<0>(key) == client) {
            last = {std::nullopt, now};
        }
    }
}

void Recorder::on_call(const sim::CallReport& report)
{
    lost_ += report.kind == sim::CallKind::sign && report.code != Code::ok ? 1U : 0U;
}

LogPattern Recorder::pattern_of(const Logged& logged) const
{
    LogPattern pattern;
    pattern.form = logged.record.form;
    pattern.member = logged.record.member;
    pattern.attempt = logged.record.attempt;
    if (world_.settings().groups.size() > 1) {
        for (const GroupSettings& group : world_.settings().groups) {
            if (group.serial == logged.record.group) {
                pattern.group = group.label;
            }
        }
    }
    if (world_.clients() > 1) {
        pattern.client = world_.client_name(logged.client);
    }
    return pattern;
}

/// The run's own lines and those that were given: lines with a moment in their order, without those that did not come.
void Recorder::play_events(Scenario& scenario, Instant end) const
{
    call_at_start(scenario);
    scenario.events.insert(scenario.events.end(), given_.begin(), given_.end());
    const auto moment = [](const Event& event) {
        const auto* const at = std::get_if<At>(&event.trigger);
        return at == nullptr ? std::nullopt : std::optional(at->at);
    };
    std::erase_if(scenario.events, [&](const Event& event) {
        const auto at = moment(event);
        return at && *at > end;
    });
    // Those without a moment stand first.
    std::stable_sort(scenario.events.begin(), scenario.events.end(),
                     [&](const Event& a, const Event& b) { return moment(a) < moment(b); });
}

/// A scenario whose first call of a client is C_Initialize or C_Login leaves the calls at its start to its lines. Here
/// they were made before somebody gave such a line, so they get lines of their own.
void Recorder::call_at_start(Scenario& scenario) const
{
    const auto calls = [](const Event& event) {
        return event.fault.kind == FaultKind::initialize || event.fault.kind == FaultKind::login;
    };
    if (std::none_of(given_.begin(), given_.end(), calls) ||
        std::any_of(base_.events.begin(), base_.events.end(), calls)) {
        return;
    }
    for (const FaultKind kind : {FaultKind::initialize, FaultKind::login}) {
        Event event{{}, At{kStart}, {}, {}, {}};
        event.target.kind = Target::Kind::client;
        event.fault.kind = kind;
        scenario.events.push_back(std::move(event));
    }
}

/// Lines of one kind that are near each other share a range, and are counted.
void Recorder::expect_lines(Scenario& scenario, Duration margin) const
{
    const std::size_t first = scenario.expectations.size();
    for (const Logged& logged : logged_) {
        const LogPattern pattern = pattern_of(logged);
        const Range range = around(logged.record.at, margin);
        const auto same = [&](const Expectation& expectation) {
            const auto& other = std::get<ExpectLog>(expectation.what);
            return other.pattern == pattern && other.range->to >= range.from;
        };
        const auto begin = scenario.expectations.begin() + static_cast<std::ptrdiff_t>(first);
        const auto near = std::find_if(begin, scenario.expectations.end(), same);
        if (near == scenario.expectations.end()) {
            scenario.expectations.push_back({{}, ExpectLog{range, {}, pattern}, {}});
        } else {
            auto& expect = std::get<ExpectLog>(near->what);
            expect.range->to = range.to;
            ++expect.amount.count;
        }
    }
}

/// Of members that are quiet now: one that is about to change might have done so when it is played again.
void Recorder::expect_states(Scenario& scenario, Instant now, Duration margin) const
{
    std::map<Serial, std::optional<MemberState>> states;
    for (const auto& [key, last] : states_) {
        const bool quiet = now - last.since > 2 * margin && last.state != MemberState::removed &&
                           last.state != MemberState::lost;
        const auto state = quiet ? last.state : std::nullopt;
        const auto [at, is_new] = states.try_emplace(std::get<2>(key), state);
        if (!is_new && at->second != state) {
            at->second.reset();
        }
    }
    for (const auto& [member, state] : states) {
        if (state) {
            scenario.expectations.push_back({{}, ExpectState{*state, member, now}, {}});
        }
    }
}

std::string Recorder::scenario(Instant now, double speed, bool expects) const
{
    const Duration margin = margin_at(speed);
    Scenario scenario = base_;
    scenario.opening = {"Recorded by hasim: what was done to a run, and what came of it."};
    if (!expects) {
        scenario.loads.clear();  // other processes call
        scenario.opening.emplace_back(
            "What the applications called is not known, so nothing is expected.");
    }
    if (edited_) {
        scenario.opening.emplace_back(
            "The configuration file was edited meanwhile; that is not played again.");
    }
    if (more_given_ > 0) {
        scenario.opening.push_back(fmt::format(
            "{} not recorded: a scenario has at most {} events.",
            counted(more_given_, "later line was", "later lines were"), kMaxScenarioEvents));
    }
    constexpr double kFaithful = 10;
    if (expects && speed > kFaithful) {
        scenario.opening.push_back(
            fmt::format("At --speed {} a machine skips calls, so another member may meet an outage "
                        "when this is played.",
                        speed));
    }
    if (more_logged_) {
        scenario.opening.push_back(
            fmt::format("Only the first {} lines of the log are expected.", kMostLines));
    }
    now = std::min(now, full_.value_or(now));
    const Instant end = around(now, margin).to;
    play_events(scenario, end);
    scenario.length = end.time_since_epoch();
    if (expects) {
        expect_lines(scenario, margin);
        if (lost_ == 0) {
            ExpectOps none;
            none.amount.count = 0;
            scenario.expectations.push_back({{}, none, {}});
        }
        expect_states(scenario, to_millisecond(now), margin);
    }
    return print(scenario);
}

}  // namespace hasim::monitor
