// How long a PKCS#11 application's calls stall when members fail under it: eight threads call C_GenerateRandom through
// a group of nine while one member after another is reset, or falls silent; every reset finds about one call in flight.
// Beside it, in the same run, the longest calls while nothing fails. usage: hasim_bench_pkcs11_stall HASIM [RUNS]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "pkcs11_module.hpp"

namespace {

using namespace hasim::bench;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr int kMembers = 9;
constexpr int kFailures = kMembers - 1;
constexpr unsigned kThreads = 8;
constexpr double kBegin = 1.0;       ///< s: the first failure
constexpr double kResetEvery = 0.1;  ///< s
constexpr double kSilentEvery = 1.0;
constexpr double kReceiveTimeout = 0.5;

/// A call: when it returned, in seconds since C_Initialize, and how long it took.
struct Made {
    double at;
    double took;
};

double seconds_since(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Prints "AT TOOK" for the longest call of each millisecond: the parent draws its conclusions.
int call(const std::string& path, double seconds)
{
    const Module module(path);
    const auto begin = Clock::now();
    static_cast<void>(module.login());
    std::mutex mutex;
    std::vector<Made> made;
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < kThreads; ++i) {
        workers.emplace_back([&] {
            const CK_SESSION_HANDLE session = module.open();
            std::vector<Made> mine;
            while (seconds_since(begin) < seconds) {
                CK_BYTE bytes[32];
                const double called = seconds_since(begin);
                must(module.call->C_GenerateRandom(session, bytes, sizeof bytes),
                     "C_GenerateRandom");
                const double now = seconds_since(begin);
                mine.push_back({now, now - called});
            }
            const std::lock_guard lock(mutex);
            made.insert(made.end(), mine.begin(), mine.end());
        });
    }
    for (std::thread& worker : workers) {
        worker.join();
    }
    for (const Made& one : made) {
        std::printf("%.6f %.6f\n", one.at, one.took);
    }
    must(module.call->C_Finalize(nullptr), "C_Finalize");
    return 0;
}

std::vector<Made> run(const std::string& command)
{
    std::vector<Made> made;
    FILE* const pipe = ::popen(command.c_str(), "r");
    Made one{};
    while (pipe != nullptr && std::fscanf(pipe, "%lf %lf", &one.at, &one.took) == 2) {
        made.push_back(one);
    }
    if (pipe == nullptr || ::pclose(pipe) != 0) {
        fail("this failed: " + command);
    }
    return made;
}

/// The longest call that returned in each stretch of `every` seconds, `count` of them from `from` on.
std::vector<double> longest(const std::vector<Made>& made, double from, double every, int count)
{
    std::vector<double> most(static_cast<std::size_t>(count));
    for (const Made& one : made) {
        const auto stretch = static_cast<int>(std::floor((one.at - from) / every));
        if (stretch >= 0 && stretch < count) {
            double& now = most[static_cast<std::size_t>(stretch)];
            now = std::max(now, one.took);
        }
    }
    return most;
}

void print(const char* what, std::vector<double> values, double less)
{
    std::sort(values.begin(), values.end());
    const auto at = [&](double part) {
        return (values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))] -
                less) *
               1000;
    };
    std::printf("%-52s median %8.2f ms, p99 %8.2f ms (%zu)\n", what, at(0.5), at(0.99),
                values.size());
}

/// How many calls moved on to another member, as the scorecard has it.
int retried_in(const std::string& scorecard)
{
    std::ifstream file(scorecard);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::size_t function = text.find("\"C_GenerateRandom\"");
    const std::size_t figure = text.find("\"retried\":", function);
    if (function == std::string::npos || figure == std::string::npos) {
        fail("the scorecard says nothing of C_GenerateRandom");
    }
    return std::atoi(text.c_str() + figure + std::string_view("\"retried\":").size());
}

std::string scenario(const char* fault, double every)
{
    std::string text = "hasim 1\n";
    for (int i = 0; i < kFailures; ++i) {
        char line[64];
        std::snprintf(line, sizeof line, "at %dms hsm%d %s\n",
                      static_cast<int>((kBegin + every * i) * 1000), i + 1, fault);
        text += line;
    }
    return text;
}

void append(std::vector<double>& all, const std::vector<double>& more)
{
    all.insert(all.end(), more.begin(), more.end());
}

int run_all(const std::string& self, const std::string& hasim, int runs)
{
    const Folder folder;
    const std::string& where = folder.path();
    std::ofstream(where + "/conf") << configuration(kMembers, "ReceiveTimeout = 500;");
    std::ofstream(where + "/reset.hasim") << scenario("reset", kResetEvery);
    std::ofstream(where + "/silent.hasim") << scenario("cable out", kSilentEvery);
    int retried = 0;
    const auto play = [&](const char* what, double seconds) {
        auto made = run(hasim + " exec -q --conf " + where + "/conf --scenario " + where + "/" +
                        what + ".hasim --scorecard " + where + "/scorecard -- sh -c '" + self +
                        " --call $HASIM_PKCS11_MODULE " + std::to_string(seconds) + "'");
        retried += retried_in(where + "/scorecard");
        return made;
    };
    std::vector<double> quiet;
    std::vector<double> resets;
    std::vector<double> silences;
    for (int i = 0; i < runs; ++i) {
        const auto reset = play("reset", kBegin + kResetEvery * kFailures);
        append(quiet, longest(reset, kBegin - kResetEvery * kFailures, kResetEvery, kFailures));
        append(resets, longest(reset, kBegin, kResetEvery, kFailures));
        const auto silent = play("silent", kBegin + kSilentEvery * kFailures);
        append(silences, longest(silent, kBegin, kSilentEvery, kFailures));
    }
    print("nothing fails: longest call in 100 ms", quiet, 0);
    print("a member is reset: longest call", resets, 0);
    print("a member falls silent: beyond ReceiveTimeout", silences, kReceiveTimeout);
    std::printf("%d calls met a failing member and moved on; none failed\n", retried);
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 3 && arguments[0] == "--call") {
        return call(arguments[1], std::atof(arguments[2].c_str()));
    }
    if (arguments.empty()) {
        fail("name the program: hasim_bench_pkcs11_stall build/release/hasim [RUNS]");
    }
    return run_all(fs::read_symlink("/proc/self/exe").string(), fs::absolute(arguments[0]).string(),
                   arguments.size() > 1 ? std::atoi(arguments[1].c_str()) : 5);
}
