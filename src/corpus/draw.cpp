#include "corpus/draw.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/core.h>

#include "base/assert.hpp"
#include "conf/configuration.hpp"
#include "scenario/faults.hpp"
#include "scenario/topology.hpp"

namespace hasim::corpus {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kMaxEvents = kMaxScenarioEvents - 600;  ///< what one more round may add
constexpr std::uint32_t kLeastPid = 1000;
constexpr std::uint32_t kPids = 31000;

Duration whole(Duration duration)
{
    return std::chrono::floor<seconds>(duration);
}

Duration drawn(Random& random, const DurationRange& range)
{
    return whole(random.between(range.low, range.high));
}

Duration distance(Random& random, Duration mean)
{
    return whole(random.between(mean / 10, mean / 10 * 19)) + seconds(1);
}

std::string draw_serial(Random& random, std::string_view head, std::set<std::string>& taken)
{
    for (;;) {
        std::string serial = fmt::format("{}{:09}", head, random.below(1000000000));
        if (taken.insert(serial).second) {
            return serial;
        }
    }
}

std::string conf_text(const Profile& profile, const WorkstationShape& shape, Random& random,
                      std::uint64_t appliances)
{
    std::set<std::string> taken;
    std::string text = "LunaSA Client = {\n";
    for (std::uint64_t i = 0; i < appliances; ++i) {
        text +=
            fmt::format("    ServerName{:02} = hsm{};\n    ServerPort{:02} = 1792;\n", i, i + 1, i);
    }
    text += "}\nVirtualToken = {\n";
    std::string synchronize;
    for (std::uint64_t group = 0; group < shape.groups; ++group) {
        const std::uint64_t members =
            shape.least_members + random.below(shape.most_members - shape.least_members + 1);
        text += fmt::format(
            "    VirtualToken{:02}Label = haGroup{};\n    VirtualToken{:02}SN = {};\n"
            "    VirtualToken{:02}Members = ",
            group, group + 1, group, draw_serial(random, "1123", taken), group);
        for (std::uint64_t member = 0; member < members; ++member) {
            text += (member == 0 ? "" : ", ") + draw_serial(random, "1234", taken);
        }
        text += ";\n";
        synchronize += fmt::format("    haGroup{} = 1;\n", group + 1);
    }
    const bool enhanced = profile.recovery == RecoveryMode::active_enhanced;
    text += fmt::format("    VirtualTokenActiveRecovery = {};\n}}\nHASynchronize = {{\n{}}}\n",
                        enhanced ? "activeEnhanced" : "activeBasic", synchronize);
    text += fmt::format(
        "HAConfiguration = {{\n    HAOnly = 1;\n    haLogPath = halog;\n    haLogStatus = "
        "enabled;\n"
        "    logLen = {};\n    failover_on_deactivation = {};\n    reconnAtt = {};\n"
        "    AutoReconnectInterval = {};\n}}\n",
        profile.log_length, profile.failover_on_deactivation ? 1 : 0, profile.attempts,
        std::chrono::floor<seconds>(profile.interval).count());
    return text;
}

/// One part in the drawing.
class PartDraw {
public:
    PartDraw(const Profile& profile, const Workstation& workstation, const PartRequest& request)
        : profile_(profile),
          workstation_(workstation),
          request_(request),
          random_(Random(workstation.seed).fork(fmt::format("part {}", request.number))),
          topology_(workstation.settings, {}),
          free_at_(workstation.appliances, kStart + minutes(1))
    {
        std::size_t most = 1;
        for (const GroupSettings& group : workstation.settings.groups) {
            most = std::max(most, group.members.size());
            members_.insert(members_.end(), group.members.begin(), group.members.end());
        }
        // Until each member had a command, and a tick after it.
        const Duration beat = profile.load.per / profile.load.count;
        settle_ = whole(beat * static_cast<std::int64_t>(2 * (most + 1)) + 3 * profile.interval +
                        4 * workstation.settings.receive_timeout) +
                  seconds(1);
    }

    DrawnPart part()
    {
        header();
        rounds();
        clock_jumps();
        std::stable_sort(events_.begin(), events_.end(),
                         [](const Timed& a, const Timed& b) { return a.at < b.at; });
        Scenario& scenario = part_.scenario;
        for (Timed& timed : events_) {
            scenario.events.push_back(
                {{}, At{timed.at}, std::move(timed.target), std::move(timed.fault), {}});
        }
        std::stable_sort(
            part_.outages.begin(), part_.outages.end(),
            [](const DrawnOutage& a, const DrawnOutage& b) { return a.start < b.start; });
        std::uint64_t id = request_.first_outage;
        for (DrawnOutage& outage : part_.outages) {
            outage.id = id++;
            for (const Serial member : outage.members) {
                part_.causes.push_back({outage.start, member, outage.id});
            }
        }
        std::stable_sort(part_.causes.begin(), part_.causes.end(),
                         [](const Cause& a, const Cause& b) { return a.at < b.at; });
        return std::move(part_);
    }

private:
    struct Timed {
        Instant at;
        Target target;
        Fault fault;
    };

    void header()
    {
        Scenario& scenario = part_.scenario;
        scenario.conf = ConfText{workstation_.conf};
        scenario.start = request_.start;
        scenario.timezone = request_.timezone == "UTC" ? "" : request_.timezone;
        scenario.seed = random_.below(1000000000);
        scenario.length = request_.length;
        scenario.loads.push_back(profile_.load);
        scenario.messages = request_.messages;
        scenario.stamp = request_.stamp;
        for (std::uint64_t i = 1; i <= workstation_.processes; ++i) {
            scenario.clients.push_back({{}, fmt::format("app{}", i), Pid{draw_pid()}});
        }
    }

    std::uint32_t draw_pid()
    {
        return kLeastPid + static_cast<std::uint32_t>(random_.below(kPids));
    }

    /// The rules in the order of their next moments.
    void rounds()
    {
        std::vector<Duration> next;
        for (const OutageRule& rule : profile_.outages) {
            next.push_back(whole(random_.between(Duration::zero(), rule.every * 2)));
        }
        for (const OperationRule& rule : profile_.operations) {
            next.push_back(whole(random_.between(Duration::zero(), rule.every * 2)));
        }
        for (;;) {
            const auto first = std::min_element(next.begin(), next.end());
            if (*first > *part_.scenario.length) {
                return;
            }
            const auto rule = static_cast<std::size_t>(first - next.begin());
            if (events_.size() > kMaxEvents) {
                Instant end = kStart + *first;
                for (const Timed& timed : events_) {
                    end = std::max(end, timed.at);
                }
                for (const Instant free : free_at_) {
                    end = std::max(end, free);
                }
                part_.scenario.length = std::min(*part_.scenario.length, end - kStart);
                return;
            }
            const Instant at = kStart + *first;
            if (rule < profile_.outages.size()) {
                outage(profile_.outages[rule], at);
                *first += distance(random_, profile_.outages[rule].every);
            } else {
                const OperationRule& operation =
                    profile_.operations[rule - profile_.outages.size()];
                operate(operation, at);
                *first += distance(random_, operation.every);
            }
        }
    }

    void outage(const OutageRule& rule, Instant at)
    {
        std::vector<std::uint32_t> appliances;
        for (std::uint32_t i = 1; i <= workstation_.appliances; ++i) {
            appliances.push_back(i);
        }
        random_.shuffle(appliances);
        const Duration length = drawn(random_, rule.length);
        if (rule.on_partition) {
            const Serial member = random_.pick(members_);
            take(rule, at, length, {*topology_.place_of(member) + 1}, member);
            return;
        }
        if (rule.reach == Reach::turn) {
            Instant start = at;
            for (const std::uint32_t appliance : appliances) {
                take(rule, start, length, {appliance}, {});
                start += length + settle_;
            }
            return;
        }
        if (rule.reach != Reach::all) {
            appliances.resize(rule.reach == Reach::one ? 1 : (appliances.size() + 1) / 2);
        }
        std::sort(appliances.begin(), appliances.end());
        take(rule, at, length, appliances, {});
    }

    /// One outage, unless another is not over yet there, or it would not be over by the end.
    void take(const OutageRule& rule, Instant at, Duration length,
              const std::vector<std::uint32_t>& appliances, Serial partition)
    {
        std::vector<std::pair<Instant, OperationKind>> follow_ups;
        Instant over = at + length;
        for (const FollowUp& follow : rule.follow_ups) {
            const Instant when = follow.during
                                     ? at + whole(random_.between(length / 10, length / 10 * 9))
                                     : at + length + drawn(random_, follow.after);
            follow_ups.emplace_back(when, follow.kind);
            over = std::max(over, when);
        }
        over += settle_;
        if (over > kStart + *part_.scenario.length || !are_free(appliances, at)) {
            return;
        }
        DrawnOutage outage;
        outage.kind = scenario::fault_info(rule.fault.kind).words;
        outage.appliances = appliances;
        outage.partition = partition;
        outage.start = at;
        outage.end = at + length;
        Fault fault = rule.fault;
        if (fault.lasts) {
            fault.lasts = length;
        } else if (fault.duration != Duration::zero()) {
            fault.duration = length;
        }
        for (const std::uint32_t appliance : appliances) {
            free_at_[appliance - 1] = over;
            if (partition.empty()) {
                const auto& there = topology_.appliances()[appliance - 1].partitions;
                outage.members.insert(outage.members.end(), there.begin(), there.end());
                add(at, {.kind = Target::Kind::hsm, .first = appliance, .last = appliance}, fault);
            }
        }
        if (!partition.empty()) {
            outage.members.push_back(partition);
            add(at, {.kind = Target::Kind::member, .serial = partition}, fault);
        }
        part_.outages.push_back(std::move(outage));
        for (const auto& [when, kind] : follow_ups) {
            kind == OperationKind::recover ? recover(when) : restart(when);
        }
    }

    [[nodiscard]] bool are_free(const std::vector<std::uint32_t>& appliances, Instant at) const
    {
        return std::all_of(appliances.begin(), appliances.end(),
                           [&](std::uint32_t appliance) { return free_at_[appliance - 1] <= at; });
    }

    void operate(const OperationRule& rule, Instant at)
    {
        if (at + seconds(60) > kStart + *part_.scenario.length || at < kStart + seconds(60)) {
            return;
        }
        switch (rule.kind) {
        case OperationKind::restart: restart(at); return;
        case OperationKind::recover: recover(at); return;
        case OperationKind::exchange: exchange(at, drawn(random_, rule.length)); return;
        }
    }

    void restart(Instant at)
    {
        Fault fault;
        fault.kind = FaultKind::restart;
        fault.count = draw_pid();
        add(at,
            {.kind = Target::Kind::client,
             .name = fmt::format("app{}", 1 + random_.below(workstation_.processes))},
            fault);
    }

    void recover(Instant at)
    {
        Fault fault;
        fault.kind = FaultKind::recover;
        for (const GroupSettings& group : workstation_.settings.groups) {
            add(at, {.kind = Target::Kind::group, .name = group.label}, fault);
        }
    }

    /// A member is taken out and added again: what the log says of it then is nobody's outage.
    void exchange(Instant at, Duration length)
    {
        const GroupSettings& group = random_.pick(workstation_.settings.groups);
        const Serial member = random_.pick(group.members);
        const std::uint32_t appliance = *topology_.place_of(member) + 1;
        if (group.members.size() < 2 || !are_free({appliance}, at) ||
            at + length + settle_ > kStart + *part_.scenario.length) {
            return;
        }
        free_at_[appliance - 1] = at + length + settle_;
        Fault fault;
        fault.kind = FaultKind::remove_member;
        fault.serial = member;
        const Target target{.kind = Target::Kind::group, .name = group.label};
        add(at, target, fault);
        fault.kind = FaultKind::add_member;
        add(at + length, target, fault);
        part_.causes.push_back({at, member, 0});
    }

    void clock_jumps()
    {
        for (std::uint32_t i = 0; i < request_.clock_jumps; ++i) {
            Fault fault;
            fault.kind = FaultKind::clock_jump;
            const Duration far = whole(random_.between(seconds(2), std::chrono::hours(3)));
            fault.duration = random_.chance(500) ? far : -far;
            const Instant at =
                kStart + whole(random_.between(Duration::zero(), *part_.scenario.length));
            add(at, {}, fault);
        }
    }

    void add(Instant at, Target target, const Fault& fault)
    {
        events_.push_back({at, std::move(target), fault});
    }

    const Profile& profile_;
    const Workstation& workstation_;
    const PartRequest& request_;
    Random random_;
    scenario::Topology topology_;
    std::vector<Instant>
        free_at_;  ///< by appliance: its last outage is over, and so is what came of it
    std::vector<Serial> members_;
    Duration settle_{};
    std::vector<Timed> events_;
    DrawnPart part_;
};

}  // namespace

std::string workstation_name(std::uint64_t number)
{
    return fmt::format("ws-{:04}", number);
}

Workstation draw_workstation(const Profile& profile, const WorkstationShape& shape,
                             std::uint64_t corpus_seed, std::uint64_t number)
{
    Random random = Random(corpus_seed).fork(workstation_name(number));
    Workstation workstation;
    workstation.seed = random.next();
    workstation.processes = shape.processes;
    workstation.appliances = static_cast<std::uint32_t>(shape.most_members);
    workstation.conf = conf_text(profile, shape, random, shape.most_members);
    const conf::Configuration read = conf::read(workstation.conf, "conf");
    HASIM_ASSERT(read.ok());
    workstation.settings = read.settings;
    return workstation;
}

DrawnPart draw_part(const Profile& profile, const Workstation& workstation,
                    const PartRequest& request)
{
    return PartDraw(profile, workstation, request).part();
}

void end_part(DrawnPart& part, Instant end)
{
    std::erase_if(part.scenario.events,
                  [&](const Event& event) { return std::get<At>(event.trigger).at > end; });
    std::erase_if(part.outages, [&](const DrawnOutage& outage) { return outage.start > end; });
    part.scenario.length = end - kStart;
}

}  // namespace hasim::corpus
