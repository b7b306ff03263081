// What a PKCS#11 application gets: null-work calls (C_GenerateRandom of 32 bytes) and P-256 signatures a second, with
// one thread and with eight; what opening a session costs; how long a search among 10,000 objects takes. Through a
// group of three over TCP, with TLS, and through one member, not pinned to a core; medians of three rounds. Beside it,
// in the same run, SoftHSM2 in process and SoftHSM2 behind p11-kit's remoting (package p11-kit; left out where it is
// missing). usage: hasim_bench_pkcs11 HASIM [SECONDS] (HASIM: the program, with libhasim_pkcs11.so beside it)
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "pkcs11_module.hpp"

namespace {

using namespace hasim::bench;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr const char* kSoftHsm = "/usr/lib/softhsm/libsofthsm2.so";
constexpr const char* kRemote = "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so";
constexpr unsigned kThreads = 8;
constexpr int kObjects = 10'000;

/// Calls a second that so many threads make together.
template <class Work>
double rate(const Module& module, unsigned threads, double seconds, Work work)
{
    std::atomic<bool> over{false};
    std::atomic<std::uint64_t> done{0};
    std::vector<std::thread> workers;
    const auto begin = Clock::now();
    for (unsigned i = 0; i < threads; ++i) {
        workers.emplace_back([&] {
            const CK_SESSION_HANDLE session = module.open();
            std::uint64_t calls = 0;
            while (!over) {
                work(session);
                ++calls;
            }
            done += calls;
            module.call->C_CloseSession(session);
        });
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    over = true;
    for (std::thread& worker : workers) {
        worker.join();
    }
    return static_cast<double>(done) / std::chrono::duration<double>(Clock::now() - begin).count();
}

void measure_sessions(const Module& module)
{
    constexpr int kSessions = 1000;
    const auto begin = Clock::now();
    std::vector<CK_SESSION_HANDLE> sessions;
    for (int i = 0; i < kSessions; ++i) {
        sessions.push_back(module.open());
    }
    std::printf(
        "open_us %.2f\n",
        std::chrono::duration<double, std::micro>(Clock::now() - begin).count() / kSessions);
    for (const CK_SESSION_HANDLE session : sessions) {
        module.call->C_CloseSession(session);
    }
}

void measure_search(const Module& module, CK_SESSION_HANDLE session)
{
    CK_OBJECT_CLASS data = CKO_DATA;
    CK_BBOOL no = CK_FALSE;
    std::string label;
    for (int i = 0; i < kObjects; ++i) {
        label = "object " + std::to_string(i);
        CK_ATTRIBUTE made[] = {{CKA_CLASS, &data, sizeof data},
                               {CKA_TOKEN, &no, 1},
                               {CKA_PRIVATE, &no, 1},
                               {CKA_LABEL, label.data(), label.size()}};
        CK_OBJECT_HANDLE object = 0;
        must(module.call->C_CreateObject(session, made, 4, &object), "C_CreateObject");
    }
    CK_ATTRIBUTE wanted{CKA_LABEL, label.data(), label.size()};
    constexpr int kSearches = 20;
    const auto begin = Clock::now();
    for (int i = 0; i < kSearches; ++i) {
        CK_OBJECT_HANDLE found = 0;
        CK_ULONG count = 0;
        must(module.call->C_FindObjectsInit(session, &wanted, 1), "C_FindObjectsInit");
        must(module.call->C_FindObjects(session, &found, 1, &count), "C_FindObjects");
        must(module.call->C_FindObjectsFinal(session), "C_FindObjectsFinal");
        if (count != 1) {
            fail("an object was not found");
        }
    }
    std::printf(
        "find_ms %.2f\n",
        std::chrono::duration<double, std::milli>(Clock::now() - begin).count() / kSearches);
}

/// `only`: the one figure that is wanted; empty for all.
int measure(const std::string& path, double seconds, bool search, const std::string& only)
{
    const Module module(path);
    const CK_SESSION_HANDLE session = module.login();
    const CK_OBJECT_HANDLE key = module.make_key(session);
    const auto random = [&](CK_SESSION_HANDLE mine) {
        CK_BYTE bytes[32];
        must(module.call->C_GenerateRandom(mine, bytes, sizeof bytes), "C_GenerateRandom");
    };
    const auto sign = [&](CK_SESSION_HANDLE mine) {
        CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
        CK_BYTE hash[32] = {1};
        CK_BYTE signature[64];
        CK_ULONG length = sizeof signature;
        must(module.call->C_SignInit(mine, &mechanism, key), "C_SignInit");
        must(module.call->C_Sign(mine, hash, sizeof hash, signature, &length), "C_Sign");
    };
    const auto print_rate = [&](const char* name, unsigned threads, const auto& work) {
        if (only.empty() || only == name) {
            std::printf("%s %.0f\n", name, rate(module, threads, seconds, work));
        }
    };
    print_rate("random1", 1, random);
    print_rate("random8", kThreads, random);
    print_rate("sign1", 1, sign);
    print_rate("sign8", kThreads, sign);
    measure_sessions(module);
    if (search) {
        measure_search(module, session);
    }
    must(module.call->C_Finalize(nullptr), "C_Finalize");
    return 0;
}

// ---- The run: every module in a process of its own -----------------------------------------------------------------

using Figures = std::map<std::string, double>;

Figures run(const std::string& command)
{
    Figures figures;
    FILE* const pipe = ::popen(command.c_str(), "r");
    char name[64];
    double value = 0;
    while (pipe != nullptr && std::fscanf(pipe, "%63s %lf", name, &value) == 2) {
        figures[name] = value;
    }
    if (pipe == nullptr || ::pclose(pipe) != 0) {
        fail("this failed: " + command);
    }
    return figures;
}

double figure(const std::map<std::string, Figures>& all, const char* column, const char* key)
{
    const auto at = all.find(column);
    return at == all.end() || !at->second.contains(key) ? 0 : at->second.at(key);
}

void print(const std::map<std::string, Figures>& all)
{
    std::printf("%-34s %12s %12s %12s %12s %12s\n", "", "SoftHSM2", "p11-kit", "one member",
                "group of 3", "with TLS");
    const std::pair<const char*, const char*> rows[] = {{"random, 1 thread, calls/s", "random1"},
                                                        {"random, 8 threads, calls/s", "random8"},
                                                        {"P-256, 1 thread, signatures/s", "sign1"},
                                                        {"P-256, 8 threads, signatures/s", "sign8"},
                                                        {"a session, us", "open_us"},
                                                        {"one of 10,000 objects, ms", "find_ms"}};
    for (const auto& [what, key] : rows) {
        std::printf("%-34s", what);
        for (const char* column : {"softhsm", "remote", "one", "three", "tls"}) {
            const double value = figure(all, column, key);
            value > 0 ? std::printf(" %12.2f", value) : std::printf(" %12s", "-");
        }
        std::printf("\n");
    }
    const auto ratios = [&](const char* what, const char* a, const char* b) {
        const auto ratio = [&](const char* key) {
            const double other = figure(all, b, key);
            return other > 0 ? figure(all, a, key) / other : 0;
        };
        std::printf(
            "%-34s random %.2f with 1 thread, %.2f with 8; P-256 %.2f with 1, %.2f with 8\n", what,
            ratio("random1"), ratio("random8"), ratio("sign1"), ratio("sign8"));
    };
    ratios("group of 3 to p11-kit:", "three", "remote");
    ratios("group of 3 to SoftHSM2:", "three", "softhsm");
    ratios("group of 3 to one member:", "three", "one");
    ratios("with TLS to without:", "tls", "three");
}

/// The figures of several rounds: of each the median, so that a moment of noise counts for nothing.
class Rounds {
public:
    void add(const char* column, const Figures& figures)
    {
        for (const auto& [key, value] : figures) {
            values_[column][key].push_back(value);
        }
    }
    [[nodiscard]] std::map<std::string, Figures> medians() const
    {
        std::map<std::string, Figures> all;
        for (const auto& [column, figures] : values_) {
            for (const auto& [key, values] : figures) {
                std::vector<double> sorted = values;
                std::sort(sorted.begin(), sorted.end());
                all[column][key] = sorted[sorted.size() / 2];
            }
        }
        return all;
    }

private:
    std::map<std::string, std::map<std::string, std::vector<double>>> values_;
};

/// The line that `hasim pki` prints for the client, as they stand in one section.
std::string client_certificates(const std::string& folder)
{
    return "ServerCAFile = " + folder + "/ca.pem; ClientCertFile = " + folder +
           "/client.pem; ClientPrivKeyFile = " + folder + "/client-key.pem;";
}

int run_all(const std::string& self, const std::string& hasim, const std::string& seconds)
{
    constexpr int kRounds = 3;
    const Folder folder;
    const std::string& where = folder.path();
    fs::create_directory(where + "/tokens");
    std::ofstream(where + "/softhsm2.conf")
        << "directories.tokendir = " << where
        << "/tokens\nobjectstore.backend = file\nlog.level = ERROR\n";
    std::ofstream(where + "/one.conf") << configuration(1);
    std::ofstream(where + "/three.conf") << configuration(3);
    std::ofstream(where + "/tls.conf") << configuration(3, client_certificates(where + "/pki"));
    ::setenv("SOFTHSM2_CONF", (where + "/softhsm2.conf").c_str(), 1);
    static_cast<void>(
        run("softhsm2-util --init-token --free --label bench --so-pin officer --pin " +
            std::string(kPin) + " >/dev/null; " + hasim + " pki -q " + where +
            "/pki >/dev/null; echo ready 1"));
    Rounds rounds;
    for (int round = 0; round < kRounds; ++round) {
        const std::string search = round == 0 ? " search" : "";
        rounds.add("softhsm", run(self + " --measure " + kSoftHsm + " " + seconds + search));
        if (fs::exists(kRemote)) {
            rounds.add("remote", run("eval $(XDG_RUNTIME_DIR=" + where + " p11-kit server -s -n " +
                                     where + "/server -p " + kSoftHsm + " 'pkcs11:') && " + self +
                                     " --measure " + kRemote + " " + seconds +
                                     "; code=$?; kill $P11_KIT_SERVER_PID; exit $code"));
        }
        for (const char* column : {"one", "three", "tls"}) {
            rounds.add(column, run(hasim + " exec -q --conf " + where + "/" + column +
                                   ".conf -- sh -c '" + self + " --measure $HASIM_PKCS11_MODULE " +
                                   seconds + (std::string(column) == "three" ? search : "") + "'"));
        }
    }
    print(rounds.medians());
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() >= 3 && arguments[0] == "--measure") {
        const std::string more = arguments.size() > 3 ? arguments[3] : "";
        const bool search = more == "search";
        return measure(arguments[1], std::atof(arguments[2].c_str()), search, search ? "" : more);
    }
    if (arguments.empty()) {
        fail("name the program: hasim_bench_pkcs11 build/release/hasim [SECONDS]");
    }
    return run_all(fs::read_symlink("/proc/self/exe").string(), fs::absolute(arguments[0]).string(),
                   arguments.size() > 1 ? arguments[1] : "1");
}
