// Commands per second through a group of three members over loopback, with appliances that answer at once, beside a
// bare Asio ping-pong of the same shape in the same run; then how long a command takes whose member is reset.
//
//     hasim_bench_group_rate [commands per measurement]
//
// Goals: at least 60 % of the ping-pong's rate at 1, 8 and 64 in flight; a failover within 5 ms in 99 of 100 cases.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "live_world.hpp"
#include "ping_pong.hpp"
#include "sim/appliance/appliance.hpp"
#include "wire/frame.hpp"

namespace hasim::bench {
namespace {

constexpr std::size_t kMembers = 3;
constexpr int kRounds = 5;
constexpr int kFailovers = 1000;

double group_rate(std::size_t in_flight, std::uint64_t count)
{
    LiveWorld live(settings_of(1, kMembers));
    live.start();
    const std::uint64_t each = count / in_flight;
    std::uint64_t left = each * in_flight;
    const auto start = std::chrono::steady_clock::now();
    live.run(
        [&] {
            for (std::size_t i = 0; i < in_flight; ++i) {
                live.world().sign(0, each, live.driver().now());
            }
        },
        [&](const sim::CallReport& call) {
            if (call.code != Code::ok) {
                give_up("a command failed");
            }
            return --left == 0;
        });
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return static_cast<double>(each * in_flight) / took.count();
}

/// As large as the frames of C_Sign.
PingPongShape shape_of(std::size_t in_flight)
{
    std::string ping;
    std::string pong;
    const std::string data(8, 'x');
    wire::encode(Request{RequestId{1}, Operation::sign, data}, ping);
    wire::encode(Reply{RequestId{1}, Code::ok, sim::signature_of(data)}, pong);
    return {kMembers, in_flight, ping.size(), pong.size()};
}

/// The median of several rounds in turn, so that what else runs on the machine disturbs both alike.
void compare(std::size_t in_flight, std::uint64_t count)
{
    std::array<double, kRounds> ping_pong{};
    std::array<double, kRounds> group{};
    for (std::size_t round = 0; round < kRounds; ++round) {
        ping_pong[round] = PingPong(shape_of(in_flight)).rate(count);
        group[round] = group_rate(in_flight, count);
    }
    std::sort(ping_pong.begin(), ping_pong.end());
    std::sort(group.begin(), group.end());
    const double peer = ping_pong[kRounds / 2];
    const double ours = group[kRounds / 2];
    std::printf("%10zu %14.0f %14.0f %9.1f %%\n", in_flight, peer, ours, 100 * ours / peer);
    std::fflush(stdout);
}

/// From the call to its return, when the member that serves it has just been reset: nobody knows before the command.
void failovers()
{
    std::vector<double> milliseconds;
    for (int i = 0; i < kFailovers; ++i) {
        LiveWorld live(settings_of(1, kMembers));
        live.start();
        live.run(
            [&] {
                // The next command goes to the first member. Its appliance resets it in the same step.
                Fault reset;
                reset.kind = FaultKind::reset;
                Target target;
                target.kind = Target::Kind::hsm;
                target.first = target.last = 1;
                live.world().sign(0, 1, live.driver().now());
                if (const std::string problem =
                        live.world().apply(reset, target, live.driver().now());
                    !problem.empty()) {
                    give_up(problem);
                }
            },
            [&](const sim::CallReport& call) {
                if (call.code != Code::ok || call.moves != 1) {
                    give_up("an operation was lost, or not moved");
                }
                milliseconds.push_back(
                    std::chrono::duration<double, std::milli>(call.returned - call.called).count());
                return true;
            });
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    std::printf(
        "failover on a reset connection, %d times: p50 %.3f ms, p99 %.3f ms, no operation lost\n",
        kFailovers, milliseconds[kFailovers / 2], milliseconds[kFailovers * 99 / 100]);
}

int run(std::uint64_t count)
{
    Cores cores;
    for (const bool pinned : {true, false}) {
        pinned ? cores.pin() : cores.release();
        std::printf("one thread, %s; commands per second, median of %d rounds\n",
                    pinned ? "pinned to one core" : "not pinned", kRounds);
        std::printf("%10s %14s %14s %11s\n", "in flight", "ping-pong", "group of 3", "ratio");
        for (const std::size_t in_flight : {1, 8, 64}) {
            compare(in_flight, count);
        }
    }
    failovers();
    return 0;
}

}  // namespace
}  // namespace hasim::bench

int main(int argc, char** argv)
{
    const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100000;
    return hasim::bench::run(std::max<std::uint64_t>(count, 64));
}
