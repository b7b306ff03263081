// A thousand simulated appliances in one process: how long until all listen and every link stands, and how much memory.
//
//     hasim_bench_many_appliances [appliances]
//
// Goals for 1,000: under 2 s and 200 MB.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "live_world.hpp"

namespace hasim::bench {
namespace {

double resident_megabytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) {
            return std::strtod(line.c_str() + 6, nullptr) / 1024;
        }
    }
    return 0;
}

int run(std::size_t appliances)
{
    constexpr std::size_t kMembers = 20;
    const double before = resident_megabytes();
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    LiveWorld live(settings_of((appliances + kMembers - 1) / kMembers, kMembers));
    const double listening = seconds();
    live.start();
    std::printf(
        "%zu appliances: all listen after %.3f s; %zu groups of %zu are logged in after %.3f s; "
        "%zu sockets\n",
        live.world().appliances(), listening, live.world().settings().groups.size(), kMembers,
        seconds(), live.world().appliances() + live.network().size());
    std::printf("resident memory: %.1f MB, %.1f MB of it before the first appliance\n",
                resident_megabytes(), before);
    return 0;
}

}  // namespace
}  // namespace hasim::bench

int main(int argc, char** argv)
{
    const std::size_t appliances = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000;
    return hasim::bench::run(appliances == 0 ? 1 : appliances);
}
