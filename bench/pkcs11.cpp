// What a PKCS#11 application gets: null-work calls (C_GenerateRandom of 32 bytes) and P-256 signatures a second, with
// one thread and with eight; what opening a session costs; how long a search among 10,000 objects takes. Through a
// group of three over TCP, and through one member; beside it, in the same run, SoftHSM2 in process and SoftHSM2 behind
// p11-kit's remoting (package p11-kit; left out where it is missing). usage: hasim_bench_pkcs11 HASIM [SECONDS]
// (HASIM: the program, with libhasim_pkcs11.so beside it)
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <p11-kit/pkcs11.h>

namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr const char* kSoftHsm = "/usr/lib/softhsm/libsofthsm2.so";
constexpr const char* kRemote = "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so";
constexpr const char* kPin = "userpin";
constexpr unsigned kThreads = 8;
constexpr int kObjects = 10'000;

[[noreturn]] void fail(const std::string& why)
{
    std::fprintf(stderr, "hasim_bench_pkcs11: %s\n", why.c_str());
    std::exit(3);
}

void must(CK_RV code, const char* what)
{
    if (code != CKR_OK) {
        fail(std::string(what) + " returned " + std::to_string(code));
    }
}

// ---- Measuring one module -----------------------------------------------------------------------------------------

class Module {
public:
    explicit Module(const std::string& path)
    {
        void* const library = ::dlopen(path.c_str(), RTLD_NOW);
        if (library == nullptr) {
            fail(::dlerror());
        }
        using Get = CK_RV (*)(CK_FUNCTION_LIST**);
        must(reinterpret_cast<Get>(::dlsym(library, "C_GetFunctionList"))(&call),
             "C_GetFunctionList");
        CK_C_INITIALIZE_ARGS arguments{};
        arguments.flags = CKF_OS_LOCKING_OK;
        must(call->C_Initialize(&arguments), "C_Initialize");
        CK_SLOT_ID slots[16];
        CK_ULONG count = 16;
        must(call->C_GetSlotList(CK_TRUE, slots, &count), "C_GetSlotList");
        slot = slots[0];
    }

    CK_SESSION_HANDLE open() const
    {
        CK_SESSION_HANDLE session = 0;
        must(call->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                 &session),
             "C_OpenSession");
        return session;
    }

    CK_OBJECT_HANDLE make_key(CK_SESSION_HANDLE session) const
    {
        CK_BBOOL yes = CK_TRUE;
        CK_BYTE curve[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
        CK_ATTRIBUTE pub[] = {{CKA_EC_PARAMS, curve, sizeof curve}, {CKA_VERIFY, &yes, 1}};
        CK_ATTRIBUTE priv[] = {{CKA_SIGN, &yes, 1}, {CKA_TOKEN, &yes, 1}};
        CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
        CK_OBJECT_HANDLE handles[2] = {0, 0};
        must(
            call->C_GenerateKeyPair(session, &mechanism, pub, 2, priv, 2, &handles[0], &handles[1]),
            "C_GenerateKeyPair");
        return handles[1];
    }

    CK_FUNCTION_LIST* call = nullptr;
    CK_SLOT_ID slot = 0;
};

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
    const CK_SESSION_HANDLE session = module.open();
    std::string pin = kPin;
    must(module.call->C_Login(session, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(pin.data()),
                              pin.size()),
         "C_Login");
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

std::string configuration(int members)
{
    std::string list;
    for (int i = 0; i < members; ++i) {
        list += (i == 0 ? "" : ",") + std::string("123400000000") + std::to_string(i);
    }
    return "VirtualToken = { VirtualToken00Label = bench; VirtualToken00SN = 11234000000000; "
           "VirtualToken00Members = " +
           list +
           "; VirtualTokenActiveRecovery = activeEnhanced; }\n"
           "HASynchronize = { bench = 1; }\nHAConfiguration = { HAOnly = 1; reconnAtt = -1; }\n";
}

double figure(const std::map<std::string, Figures>& all, const char* column, const char* key)
{
    const auto at = all.find(column);
    return at == all.end() || !at->second.contains(key) ? 0 : at->second.at(key);
}

void print(const std::map<std::string, Figures>& all)
{
    std::printf("%-34s %12s %12s %12s %12s\n", "", "SoftHSM2", "p11-kit", "one member",
                "group of 3");
    const std::pair<const char*, const char*> rows[] = {{"random, 1 thread, calls/s", "random1"},
                                                        {"random, 8 threads, calls/s", "random8"},
                                                        {"P-256, 1 thread, signatures/s", "sign1"},
                                                        {"P-256, 8 threads, signatures/s", "sign8"},
                                                        {"a session, us", "open_us"},
                                                        {"one of 10,000 objects, ms", "find_ms"}};
    for (const auto& [what, key] : rows) {
        std::printf("%-34s", what);
        for (const char* column : {"softhsm", "remote", "one", "three"}) {
            const double value = figure(all, column, key);
            value > 0 ? std::printf(" %12.2f", value) : std::printf(" %12s", "-");
        }
        std::printf("\n");
    }
    const auto ratio = [&](const char* key, const char* a, const char* b) {
        const double other = figure(all, b, key);
        return other > 0 ? figure(all, a, key) / other : 0;
    };
    std::printf(
        "group of 3 to p11-kit: random %.2f with 1 thread, %.2f with 8; P-256 %.2f with 8\n",
        ratio("random1", "three", "remote"), ratio("random8", "three", "remote"),
        ratio("sign8", "three", "remote"));
    std::printf("group of 3 to SoftHSM2 in process: P-256 %.2f with 8 threads\n",
                ratio("sign8", "three", "softhsm"));
    std::printf("group of 3 to one member: random %.2f, P-256 %.2f with 1 thread\n",
                ratio("random1", "three", "one"), ratio("sign1", "three", "one"));
}

int run_all(const std::string& self, const std::string& hasim, const std::string& seconds)
{
    char folder[] = "/tmp/hasim-bench-XXXXXX";
    if (::mkdtemp(folder) == nullptr) {
        fail("no folder can be made in /tmp");
    }
    const std::string where = folder;
    fs::create_directory(where + "/tokens");
    std::ofstream(where + "/softhsm2.conf")
        << "directories.tokendir = " << where
        << "/tokens\nobjectstore.backend = file\nlog.level = ERROR\n";
    std::ofstream(where + "/one.conf") << configuration(1);
    std::ofstream(where + "/three.conf") << configuration(3);
    ::setenv("SOFTHSM2_CONF", (where + "/softhsm2.conf").c_str(), 1);
    std::map<std::string, Figures> all;
    static_cast<void>(
        run("softhsm2-util --init-token --free --label bench --so-pin officer --pin " +
            std::string(kPin) + " >/dev/null; echo ready 1"));
    all["softhsm"] = run(self + " --measure " + kSoftHsm + " " + seconds + " search");
    if (fs::exists(kRemote)) {
        all["remote"] =
            run("eval $(XDG_RUNTIME_DIR=" + where + " p11-kit server -s -n " + where +
                "/server -p " + kSoftHsm + " 'pkcs11:') && " + self + " --measure " + kRemote +
                " " + seconds + "; code=$?; kill $P11_KIT_SERVER_PID; exit $code");
    }
    for (const char* members : {"one", "three"}) {
        all[members] = run(hasim + " exec -q --conf " + where + "/" + members + ".conf -- sh -c '" +
                           self + " --measure $HASIM_PKCS11_MODULE " + seconds +
                           (std::string(members) == "three" ? " search" : "") + "'");
    }
    print(all);
    fs::remove_all(where);
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
                   arguments.size() > 1 ? arguments[1] : "2");
}
