#include "swarm/draw_scenario.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/assert.hpp"
#include "base/random.hpp"
#include "scenario/faults.hpp"
#include "scenario/topology.hpp"

namespace hasim::swarm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Lengths on both sides of what matters: an answer, ReceiveTimeout, a tick.
constexpr std::array<Duration, 12> kLengths{
    milliseconds(1), milliseconds(200), seconds(1),  seconds(5),  seconds(15), seconds(19),
    seconds(20),     seconds(21),       seconds(45), seconds(60), seconds(75), seconds(150)};

constexpr std::array kCodes{
    Code::device_error,      Code::general_error,           Code::pin_incorrect,
    Code::token_not_present, Code::partition_not_activated, Code::partition_not_assigned};

constexpr std::uint32_t kPidStep = 1000;  ///< room for restarts, each of which takes the next pid
constexpr Duration kMargin = seconds(5);

template <class Items>
const auto& one_of(Random& random, const Items& items)
{
    return items[static_cast<std::size_t>(random.below(items.size()))];
}

std::uint64_t from_to(Random& random, std::uint64_t low, std::uint64_t high)
{
    return low + random.below(high - low + 1);
}

/// To the millisecond, so that scenarios stay readable.
Duration whole(Duration duration)
{
    return std::chrono::floor<milliseconds>(duration);
}

class Draw {
public:
    Draw(const Settings& settings, std::uint64_t seed, Duration safety)
        : settings_(settings), random_(Random(seed).fork("swarm")), safety_(whole(safety))
    {
        HASIM_ASSERT(!settings.groups.empty());
        scenario_.seed = seed;
        for (const GroupSettings& group : settings.groups) {
            serials_.insert(serials_.end(), group.members.begin(), group.members.end());
            serials_.insert(serials_.end(), group.standby.begin(), group.standby.end());
        }
    }

    Scenario scenario()
    {
        draw_header();
        draw_faults();
        draw_ending();
        return std::move(scenario_);
    }

private:
    void draw_header()
    {
        scenario_.length = safety_ + liveness_time(settings_) + kMargin;
        if (random_.chance(300)) {
            scenario_.messages = MessageSet::all;
        }
        const std::uint64_t clients = random_.chance(600) ? 1 : from_to(random_, 2, 3);
        for (std::uint64_t number = 1; number <= clients; ++number) {
            const auto pid = static_cast<std::uint32_t>(number * kPidStep);
            scenario_.clients.push_back({{}, "app" + std::to_string(number), Pid{pid}});
        }
        const auto own = static_cast<std::uint64_t>(serials_.size());
        for (const Serial serial : serials_) {
            if (random_.chance(100)) {
                scenario_.placements.push_back(
                    {{}, serial, static_cast<std::uint32_t>(from_to(random_, 1, own))});
            }
        }
        std::sort(scenario_.placements.begin(), scenario_.placements.end(),
                  [](const Placement& a, const Placement& b) { return a.member < b.member; });
        const auto same = [](const Placement& a, const Placement& b) {
            return a.member == b.member;
        };
        scenario_.placements.erase(
            std::unique(scenario_.placements.begin(), scenario_.placements.end(), same),
            scenario_.placements.end());
        draw_loads();
    }

    void draw_loads()
    {
        const std::uint64_t loads = from_to(random_, 1, 2);
        for (std::uint64_t number = 0; number < loads; ++number) {
            Load load;
            const bool rare = random_.chance(300);
            load.count = static_cast<std::uint32_t>(from_to(random_, 1, rare ? 6 : 10));
            load.per = rare ? Duration(std::chrono::minutes(1)) : Duration(seconds(1));
            load.threads = static_cast<std::uint32_t>(from_to(random_, 1, 8));
            if (random_.chance(200)) {
                load.group = one_of(random_, settings_.groups).label;
            }
            if (random_.chance(200)) {
                load.client = one_of(random_, scenario_.clients).name;
            }
            scenario_.loads.push_back(load);
        }
    }

    // ---- faults

    void draw_faults()
    {
        std::vector<Duration> times(from_to(random_, 1, 20));
        for (Duration& time : times) {
            time = whole(random_.between(Duration::zero(), safety_));
        }
        std::sort(times.begin(), times.end());
        if (random_.chance(500)) {
            Fault mode;
            mode.kind = FaultKind::mode;
            mode.enhanced = random_.chance(500);
            add(At{kStart}, Target{}, mode);
        }
        for (const Duration time : times) {
            const scenario::FaultInfo& info = one_of(random_, scenario::fault_table());
            Event event;
            event.target = draw_target(info);
            event.fault = draw_fault(info, event.target);
            event.trigger = draw_trigger(time);
            remember(info, event.target);
            scenario_.events.push_back(std::move(event));
        }
    }

    Trigger draw_trigger(Duration time)
    {
        const std::uint64_t kind = random_.below(20);
        if (kind == 0) {
            Every every;
            every.period = std::max<Duration>(one_of(random_, kLengths), seconds(5));
            every.from = kStart + time;
            every.until = kStart + safety_;
            return every;
        }
        if (kind == 1) {
            On on;
            on.condition = NthOperation{Operation::sign, from_to(random_, 1, 50)};
            on.after = random_.chance(500) ? Duration::zero() : one_of(random_, kLengths);
            return on;
        }
        if (kind == 2) {
            On on;
            LogPattern pattern;
            pattern.form = random_.chance(500) ? LogForm::drop_member : LogForm::recovery_failed;
            on.condition = pattern;
            on.after = random_.chance(500) ? Duration::zero() : one_of(random_, kLengths);
            return on;
        }
        return At{kStart + time};
    }

    Target draw_target(const scenario::FaultInfo& info)
    {
        std::vector<Target::Kind> kinds;
        for (const Target::Kind kind :
             {Target::Kind::hsm, Target::Kind::hsm, Target::Kind::member, Target::Kind::member,
              Target::Kind::group, Target::Kind::client, Target::Kind::any, Target::Kind::all}) {
            if ((info.targets & scenario::bit(kind)) != 0) {
                kinds.push_back(kind);
            }
        }
        Target target;
        target.kind = one_of(random_, kinds);
        switch (target.kind) {
        case Target::Kind::hsm: draw_appliances(target); break;
        case Target::Kind::member: target.serial = one_of(random_, serials_); break;
        case Target::Kind::client: target.name = one_of(random_, scenario_.clients).name; break;
        case Target::Kind::all:
        case Target::Kind::group:
            if ((info.targets & scenario::bit(Target::Kind::group)) != 0) {
                target.kind = Target::Kind::group;  // edits must say which, when there are several
                target.name = one_of(random_, settings_.groups).label;
            }
            break;
        case Target::Kind::any:
        case Target::Kind::appliance: break;
        }
        return target;
    }

    void draw_appliances(Target& target)
    {
        const std::size_t appliances =
            scenario::Topology(settings_, scenario_.placements).appliances().size();
        target.first = static_cast<std::uint32_t>(from_to(random_, 1, appliances));
        target.last = random_.chance(800)
                          ? target.first
                          : static_cast<std::uint32_t>(from_to(random_, target.first, appliances));
    }

    Fault draw_fault(const scenario::FaultInfo& info, const Target& target)
    {
        Fault fault;
        fault.kind = info.kind;
        bool left_out = false;
        for (const scenario::FaultParameter& parameter : info.parameters) {
            if (parameter.kind == scenario::ParameterKind::none) {
                break;
            }
            if ((parameter.instead && !left_out) || (parameter.optional && random_.chance(500))) {
                left_out = !parameter.instead;
                leave_out(parameter, fault);
                continue;
            }
            left_out = false;
            draw_parameter(parameter, target, fault);
        }
        if (info.chapter == scenario::FaultChapter::pattern) {
            // Short enough to be over when all is healed.
            fault.duration = std::clamp<Duration>(fault.duration, seconds(1), seconds(30));
        }
        if (info.may_last && random_.chance(600)) {
            fault.lasts = one_of(random_, kLengths);
        }
        return fault;
    }

    static void leave_out(const scenario::FaultParameter& parameter, Fault& fault)
    {
        if (parameter.kind == scenario::ParameterKind::duration) {
            fault.duration = Duration(parameter.otherwise);
        } else if (parameter.kind == scenario::ParameterKind::count) {
            fault.count = static_cast<std::uint64_t>(parameter.otherwise);
        }
    }

    void draw_parameter(const scenario::FaultParameter& parameter, const Target& target,
                        Fault& fault)
    {
        switch (parameter.kind) {
        case scenario::ParameterKind::none: break;
        case scenario::ParameterKind::duration: fault.duration = one_of(random_, kLengths); break;
        case scenario::ParameterKind::signed_duration:
            fault.duration = one_of(random_, kLengths) * (random_.chance(500) ? 60 : -60);
            break;
        case scenario::ParameterKind::jitter: fault.jitter = one_of(random_, kLengths); break;
        case scenario::ParameterKind::pause: fault.pause = one_of(random_, kLengths); break;
        case scenario::ParameterKind::count: fault.count = from_to(random_, 1, 20); break;
        case scenario::ParameterKind::limit: fault.count = random_.below(200); break;
        case scenario::ParameterKind::pid: fault.count = next_pid_++; break;
        case scenario::ParameterKind::bandwidth: fault.count = 100U << random_.below(12); break;
        case scenario::ParameterKind::percent:
            fault.per_mille = static_cast<std::uint32_t>(from_to(random_, 1, 99) * 10);
            break;
        case scenario::ParameterKind::factor:
            fault.factor_milli = static_cast<std::uint32_t>(from_to(random_, 1, 300) * 100);
            break;
        case scenario::ParameterKind::code: fault.code = one_of(random_, kCodes); break;
        case scenario::ParameterKind::serial: fault.serial = member_of(target); break;
        case scenario::ParameterKind::text:
            fault.text = random_.chance(500) ? "userpin" : "another";
            break;
        case scenario::ParameterKind::mode: fault.enhanced = random_.chance(500); break;
        }
    }

    /// One of the group's own members: removed once, it may be added again.
    Serial member_of(const Target& target)
    {
        for (const GroupSettings& group : settings_.groups) {
            if (group.label == target.name && !group.members.empty()) {
                return one_of(random_, group.members);
            }
        }
        return one_of(random_, serials_);
    }

    /// Whose processes were meddled with.
    void remember(const scenario::FaultInfo& info, const Target& target)
    {
        if (info.chapter != scenario::FaultChapter::client || info.kind == FaultKind::sign) {
            return;
        }
        for (const ScenarioClient& client : scenario_.clients) {
            const bool meant = target.kind != Target::Kind::client || target.name.empty() ||
                               target.name == client.name;
            const bool known =
                std::find(touched_.begin(), touched_.end(), client.name) != touched_.end();
            if (meant && !known) {
                touched_.push_back(client.name);
            }
        }
    }

    // ---- the end of it

    void draw_ending()
    {
        const Instant healed = kStart + safety_ + seconds(1);
        Fault heal;
        heal.kind = FaultKind::heal_all;
        add(At{healed}, Target{}, heal);
        for (const std::string& name : touched_) {
            Fault restart;
            restart.kind = FaultKind::restart;
            Target client;
            client.kind = Target::Kind::client;
            client.name = name;
            add(At{healed + seconds(1)}, client, restart);
        }
    }

    void add(At at, Target target, Fault fault)
    {
        Event event;
        event.trigger = at;
        event.target = std::move(target);
        event.fault = std::move(fault);
        scenario_.events.push_back(std::move(event));
    }

    const Settings& settings_;
    Random random_;
    Duration safety_;
    Scenario scenario_;
    std::vector<Serial> serials_;
    std::vector<std::string> touched_;
    std::uint64_t next_pid_ = 20000;
};

}  // namespace

Duration liveness_time(const Settings& settings)
{
    std::size_t most = 0;
    for (const GroupSettings& group : settings.groups) {
        most = std::max(most, group.members.size() + group.standby.size());
    }
    const Duration calls = settings.receive_timeout * static_cast<std::int64_t>(most + 2);
    return settings.ha.recovery_interval + 3 * settings.receive_timeout + calls;
}

Scenario draw_scenario(const Settings& settings, std::uint64_t seed, Duration safety)
{
    return Draw(settings, seed, safety).scenario();
}

}  // namespace hasim::swarm
