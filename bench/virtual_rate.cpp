// How fast virtual time passes, beside what it cannot be faster than.
//   (a) two groups of three, one member down for ever, unlimited attempts every 60 s, every line formatted; beside it a
//       loop that only prints the same lines
//   (b) all up, with 1,000 C_Sign a second and an outage every hour; calls that are alike are counted, or each played
//   (c) one world of more and more members over several processes: events a second, and the cost of one
//   (d) shrinking a failing scenario of 200 lines
// usage: hasim_bench_virtual_rate [most members of (c), 10000]
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "log/format.hpp"
#include "play/call_counts.hpp"
#include "play/play.hpp"
#include "swarm/draw_scenario.hpp"
#include "swarm/shrink.hpp"

namespace {

using namespace hasim;
using namespace hasim::sim;
using namespace hasim::play;
using namespace hasim::swarm;

/// Processor time of this program, so that what else the machine does is not measured.
struct Clock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<Clock, duration>;
    [[maybe_unused]] static constexpr bool is_steady = true;
    static time_point now()
    {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return time_point(std::chrono::seconds(time.tv_sec) +
                          std::chrono::nanoseconds(time.tv_nsec));
    }
};

using std::chrono::hours;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double seconds_of(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

Serial serial(std::uint64_t number)
{
    return Serial::parse(std::to_string(number)).value();
}

Settings groups_of_three(std::uint64_t groups)
{
    Settings settings;
    for (std::uint64_t number = 0; number < groups; ++number) {
        GroupSettings group;
        group.label = "group" + std::to_string(number);
        group.serial = serial(1'100'000 + number);
        for (std::uint64_t member = 1; member <= 3; ++member) {
            group.members.push_back(serial(100'000 + 10 * number + member));
        }
        settings.groups.push_back(group);
    }
    settings.ha.recovery_attempts = -1;
    settings.ha.recovery_mode = RecoveryMode::active_enhanced;
    return settings;
}

Event event(std::string_view line)
{
    return parse_event_line(line).event.value();
}

/// Counts bytes, so that no line is formatted for nothing.
class ByteCount final : public LineTarget {
public:
    void on_line(std::string_view line, WallTime, ClientIndex, const LogRecord& record) override
    {
        bytes += line.size() + 1;
        ++lines;
        last = record;
    }
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;
    LogRecord last{};
};

/// A world with log lines but without the runner, which keeps every line for its verdict.
struct Stage {
    Stage(const Settings& settings, std::size_t clients)
        : network(queue),
          world(options(settings, clients), queue, network),
          writer(world, {}, {}, StampStyle::note)
    {
        world.watch(writer);
        writer.add(count);
    }

    static WorldOptions options(const Settings& settings, std::size_t clients)
    {
        WorldOptions made;
        made.settings = settings;
        made.clients.clear();
        for (std::size_t number = 1; number <= clients; ++number) {
            made.clients.push_back(
                {"app" + std::to_string(number), Pid{static_cast<std::uint32_t>(number)}});
        }
        return made;
    }

    void run_until(Instant end)
    {
        if (counts_calls) {
            queue.promise_nothing_until(end);
        }
        while (const auto due = queue.next()) {
            if (*due > end) {
                break;
            }
            world.step(*due);
        }
    }

    EventQueue queue;
    VirtualNetwork network;
    World world;
    LineWriter writer;
    ByteCount count;
    bool counts_calls = false;
};

enum class Calls { each, counted };

double print_only(const ByteCount& like)
{
    log::Formatter formatter;
    std::array<char, log::kMaxLineLength> line{};
    LogRecord record = like.last;
    std::uint64_t bytes = 0;
    const auto begin = Clock::now();
    for (std::uint64_t number = 1; number <= like.lines; ++number) {
        record.attempt = static_cast<std::uint32_t>(number);
        record.at = kStart + std::chrono::minutes(1) * static_cast<std::int64_t>(number);
        const auto stamp =
            LocalSeconds(std::chrono::floor<std::chrono::seconds>(record.at.time_since_epoch()));
        bytes += formatter.format(record, stamp, line) + 1;
    }
    const double took = seconds_since(begin);
    std::printf("    %llu lines, %.1f bytes each\n", static_cast<unsigned long long>(like.lines),
                static_cast<double>(bytes) / static_cast<double>(like.lines));
    return took;
}

void one_member_down()
{
    constexpr Duration kLength = hours(24) * 365 * 2;
    Stage stage(groups_of_three(2), 1);
    stage.world.start_client(0, kStart);
    stage.run_until(kStart + std::chrono::seconds(1));
    const Event stop = event("hsm1 ntls stop");
    stage.world.apply(stop.fault, stop.target, kStart + std::chrono::seconds(1));
    stage.world.sign(0, 1, kStart + std::chrono::seconds(1));
    const auto begin = Clock::now();
    stage.run_until(kStart + kLength);
    const double took = seconds_since(begin);
    std::printf("(a) one member of two groups of three down for ever\n");
    const double bare = print_only(stage.count);
    std::printf("    %.0f : 1; printing alone %.0f : 1; ratio %.3f\n", seconds_of(kLength) / took,
                seconds_of(kLength) / bare, bare / took);
}

/// Simulated over processor time, with every call counted by who watches.
double with_load(std::uint32_t count, const char* outage, Duration every, Duration length,
                 Calls calls)
{
    Stage stage(groups_of_three(2), 1);
    CallCounts counts;
    stage.world.watch(counts);
    stage.counts_calls = calls == Calls::counted;
    stage.world.start_client(0, kStart);
    Load load;
    load.count = count;  // each of the two groups
    load.threads = 8;
    stage.world.start_load(load, kStart);
    const auto begin = Clock::now();
    for (Instant start = kStart; start < kStart + length; start += every) {
        stage.run_until(start + every / 6);
        const Event event = ::event(outage);
        stage.world.apply(event.fault, event.target, start + every / 6);
        stage.run_until(start + every);
    }
    return seconds_of(length) / seconds_since(begin);
}

void loads()
{
    std::printf(
        "(b) 1,000 C_Sign a second, an outage of half a minute every hour: %.0f : 1, and "
        "%.0f : 1 when every call is played\n",
        with_load(500, "hsm2 cable out for 30s", hours(1), hours(24), Calls::counted),
        with_load(500, "hsm2 cable out for 30s", hours(1), hours(3), Calls::each));
    std::printf("    an outage of five minutes every hour: %.0f : 1\n",
                with_load(500, "hsm2 cable out for 5m", hours(1), hours(6), Calls::counted));
    const Duration year = hours(24) * 364;
    std::printf("    a year of one C_Sign a second and an outage a week: %.0f ms\n",
                1000 * seconds_of(year) /
                    with_load(1, "hsm2 cable out for 30s", hours(24 * 7), year, Calls::counted));
}

void many_members(std::uint64_t members)
{
    constexpr std::uint64_t kGroups = 100;
    const std::uint64_t groups = std::min(kGroups, (members + 2) / 3);
    const std::uint64_t clients = std::max<std::uint64_t>(1, members / (3 * groups));
    Stage stage(groups_of_three(groups), clients);
    for (ClientIndex client = 0; client < clients; ++client) {
        stage.world.start_client(client, kStart);
    }
    Load load;
    load.count = 2;
    load.threads = 2;
    stage.world.start_load(load, kStart);
    stage.run_until(kStart + std::chrono::seconds(2));
    const Event flap = event("hsm1..hsm3 flap ntls period 90s duty 50%");
    stage.world.apply(flap.fault, flap.target, kStart + std::chrono::seconds(2));
    const std::uint64_t before = stage.queue.entered();
    const auto begin = Clock::now();
    // Long enough that what a world takes in its first seconds, memory above all, is a small part.
    const auto length =
        std::max(Duration(std::chrono::seconds(600)) * 100 /
                     static_cast<std::int64_t>(std::max<std::uint64_t>(100, members)),
                 Duration(std::chrono::seconds(60)));
    stage.run_until(kStart + std::chrono::seconds(2) + length);
    const double took = seconds_since(begin);
    const auto events = static_cast<double>(stage.queue.entered() - before);
    std::printf(
        "(c) %6llu members, %3llu groups, %2llu processes: %9.0f events/s, %5.0f ns an event\n",
        static_cast<unsigned long long>(3 * groups * clients),
        static_cast<unsigned long long>(groups), static_cast<unsigned long long>(clients),
        events / took, took * 1e9 / events);
}

void shrinking()
{
    const Settings settings = groups_of_three(2);
    Scenario scenario;
    scenario.length = std::chrono::minutes(20);
    for (std::uint64_t seed = 1; scenario.events.size() < 196; ++seed) {
        for (const Event& drawn : draw_scenario(settings, seed, std::chrono::minutes(15)).events) {
            if (std::holds_alternative<At>(drawn.trigger) && drawn.fault.lasts &&
                drawn.target.kind == Target::Kind::hsm && drawn.target.last < 4) {
                scenario.events.push_back(drawn);
            }
        }
    }
    scenario.events.push_back(event("at 700s group \"group1\" recover"));
    std::stable_sort(scenario.events.begin(), scenario.events.end(),
                     [](const Event& a, const Event& b) {
                         return std::get<At>(a.trigger).at < std::get<At>(b.trigger).at;
                     });
    scenario.loads.push_back(*parse_load("sign 5/s threads 3").load);
    const auto fails = [&](const Scenario& candidate) {
        const ScenarioResult read = parse_scenario("bench", print(candidate));
        if (!read.ok()) {
            return false;
        }
        PlayOptions options;
        options.settings = settings;
        options.scenario = read.scenario;
        VirtualPlay play(options);
        play.run_until(end_of(read.scenario));
        for (const std::string& line : play.play().runner().lines()) {
            if (line.find("100011 revoked") != std::string::npos) {
                return true;
            }
        }
        return false;
    };
    scenario.events.insert(scenario.events.begin(), event("at 0s hsm4 revoke"));
    if (!fails(scenario)) {
        std::printf("(d) the planted fault does not show\n");
        return;
    }
    const auto begin = Clock::now();
    const Shrunk result = shrink(scenario, fails);
    std::printf("(d) %zu events shrunk to %zu in %.2f s, %llu trials\n", scenario.events.size(),
                result.scenario.events.size(), seconds_since(begin),
                static_cast<unsigned long long>(result.trials));
}

}  // namespace

int main(int argc, char** argv)
{
    const std::uint64_t most = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
    one_member_down();
    loads();
    for (std::uint64_t members = 10; members < most; members *= 10) {
        many_members(members);
    }
    many_members(most);
    shrinking();
    return 0;
}
