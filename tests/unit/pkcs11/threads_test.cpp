// Threads and processes that share the module: PKCS#11 2.40, 5.4 and 6.6; slot events: 5.5.
#include "unit/pkcs11/calls.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

namespace hasim::test {
namespace {

/// A key that lasts, for HMACs.
CK_OBJECT_HANDLE hmac_key(const Caller& caller)
{
    return caller.create(secret_key(CKK_GENERIC_SECRET, std::string(32, 'k')));
}

/// What the child of a fork does, without Catch2: 0, or the number of the step that failed.
int live_as_a_child(CK_SESSION_HANDLE parents)
{
    const CK_FUNCTION_LIST& list = *[] {
        CK_FUNCTION_LIST* found = nullptr;
        C_GetFunctionList(&found);
        return found;
    }();
    CK_INFO info{};
    if (list.C_GetInfo(&info) != CKR_CRYPTOKI_NOT_INITIALIZED) {
        return 1;
    }
    CK_SESSION_INFO session_info{};
    if (list.C_GetSessionInfo(parents, &session_info) != CKR_CRYPTOKI_NOT_INITIALIZED) {
        return 2;
    }
    if (list.C_Finalize(nullptr) != CKR_CRYPTOKI_NOT_INITIALIZED) {
        return 3;
    }
    if (list.C_Initialize(nullptr) != CKR_OK) {
        return 4;
    }
    CK_SESSION_HANDLE session = 0;
    if (list.C_OpenSession(kGroup, kWrites, nullptr, nullptr, &session) != CKR_OK) {
        return 5;
    }
    if (list.C_Login(session, CKU_USER, bytes_of(kPin), length_of(kPin)) != CKR_OK) {
        return 6;
    }
    CK_MECHANISM sha{CKM_SHA256, nullptr, 0};
    std::string digest(32, '\0');
    auto length = length_of(digest);
    if (list.C_DigestInit(session, &sha) != CKR_OK ||
        list.C_Digest(session, bytes_of("abc"), 3, bytes_of(digest), &length) != CKR_OK) {
        return 7;
    }
    if (digest != from_hex("ba7816bf8f01cfea414140de5dae2223"
                           "b00361a396177a9cb410ff61f20015ad")) {
        return 8;
    }
    return list.C_Finalize(nullptr) == CKR_OK ? 0 : 9;
}

/// Counts the codes of calls that threads make until they are told to end.
class Callers {
public:
    template <class Call>
    Callers(unsigned threads, Call call)
    {
        for (unsigned i = 0; i < threads; ++i) {
            threads_.emplace_back([this, call, i] {
                std::map<CK_RV, int> seen;
                while (!over_) {
                    const CK_RV code = call(i);
                    ++seen[code];
                    ++calls_;
                    if (code == CKR_CRYPTOKI_NOT_INITIALIZED) {
                        break;
                    }
                }
                const std::lock_guard lock(mutex_);
                for (const auto& [code, count] : seen) {
                    codes_[code] += count;
                }
            });
        }
    }
    ~Callers() { static_cast<void>(end()); }
    Callers(const Callers&) = delete;
    Callers& operator=(const Callers&) = delete;

    void wait_for_calls(int count) const
    {
        while (calls_ < count) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    std::map<CK_RV, int> end()
    {
        over_ = true;
        return join();
    }
    std::map<CK_RV, int> join()
    {
        for (std::thread& thread : threads_) {
            thread.join();
        }
        threads_.clear();
        return codes_;
    }

private:
    std::vector<std::thread> threads_;
    std::atomic<bool> over_{false};
    std::atomic<int> calls_{0};
    std::mutex mutex_;
    std::map<CK_RV, int> codes_;
};

/// One HMAC in a session of its own; the code of the first that fails.
CK_RV sign_once(CK_FUNCTION_LIST& list, CK_OBJECT_HANDLE key, const std::string& expected)
{
    CK_SESSION_HANDLE session = 0;
    CK_RV code = list.C_OpenSession(kGroup, kReads, nullptr, nullptr, &session);
    if (code != CKR_OK) {
        return code;
    }
    const Answer answer = Caller{&list, session}.sign(Mechanism(CKM_SHA256_HMAC), key, "text");
    code = list.C_CloseSession(session);
    if (answer.code != CKR_OK) {
        return answer.code;
    }
    return answer.out == expected ? code : CKR_SIGNATURE_INVALID;
}

}  // namespace

TEST_CASE("the child of a fork begins anew, and the parent goes on")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    const CK_OBJECT_HANDLE key = hmac_key(caller);
    const std::string before = caller.sign(Mechanism(CKM_SHA256_HMAC), key, "text").out;
    // An operation of the parent's stands in the middle meanwhile.
    REQUIRE(name(module().C_DigestInit(caller.session, Mechanism(CKM_SHA256).get())) ==
            name(CKR_OK));
    REQUIRE(name(module().C_DigestUpdate(caller.session, bytes_of("ab"), 2)) == name(CKR_OK));
    for (int round = 0; round < 2; ++round) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::_exit(live_as_a_child(caller.session));
        }
        REQUIRE(child > 0);
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }
    std::string digest(32, '\0');
    auto length = length_of(digest);
    CHECK(name(module().C_DigestUpdate(caller.session, bytes_of("c"), 1)) == name(CKR_OK));
    CHECK(name(module().C_DigestFinal(caller.session, bytes_of(digest), &length)) == name(CKR_OK));
    CHECK(digest == caller.digest(Mechanism(CKM_SHA256), "abc").out);
    const Answer after = caller.sign(Mechanism(CKM_SHA256_HMAC), key, "text");
    CHECK(name(after.code) == name(CKR_OK));
    CHECK(after.out == before);
}

TEST_CASE("eight threads sign at once, each in sessions of its own")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const CK_OBJECT_HANDLE key = hmac_key(application.caller());
    const Answer expected = application.caller().sign(Mechanism(CKM_SHA256_HMAC), key, "text");
    REQUIRE(name(expected.code) == name(CKR_OK));
    CK_FUNCTION_LIST& list = module();
    Callers callers(8, [&](unsigned) { return sign_once(list, key, expected.out); });
    callers.wait_for_calls(400);
    const std::map<CK_RV, int> codes = callers.end();
    CAPTURE(codes.begin()->first, codes.rbegin()->first);
    CHECK(codes.size() == 1);
    CHECK(codes.contains(CKR_OK));
    CK_TOKEN_INFO info{};
    CHECK(name(list.C_GetTokenInfo(kGroup, &info)) == name(CKR_OK));
    CHECK(info.ulSessionCount == 1);
    CHECK(info.ulRwSessionCount == 1);
}

TEST_CASE("threads that share one session wait for each other")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const CK_SESSION_HANDLE session = application.caller().session;
    CK_FUNCTION_LIST& list = module();
    Callers callers(4, [&](unsigned) {
        std::string random(16, '\0');
        return list.C_GenerateRandom(session, bytes_of(random), 16);
    });
    callers.wait_for_calls(200);
    const std::map<CK_RV, int> codes = callers.end();
    CHECK(codes.size() == 1);
    CHECK(codes.contains(CKR_OK));
}

TEST_CASE("C_Finalize while eight threads call ends every one of them")
{
    if (without_lab()) {
        return;
    }
    const Lab lab;
    CK_FUNCTION_LIST& list = module();
    for (int round = 0; round < 3; ++round) {
        REQUIRE(name(list.C_Initialize(nullptr)) == name(CKR_OK));
        const Caller caller = open_session();
        REQUIRE(name(log_in(caller)) == name(CKR_OK));
        const CK_OBJECT_HANDLE key = hmac_key(caller);
        const Answer expected = caller.sign(Mechanism(CKM_SHA256_HMAC), key, "text");
        Callers callers(8, [&](unsigned) { return sign_once(list, key, expected.out); });
        callers.wait_for_calls(50);
        CHECK(name(list.C_Finalize(nullptr)) == name(CKR_OK));
        std::map<CK_RV, int> codes = callers.join();
        CHECK(codes[CKR_CRYPTOKI_NOT_INITIALIZED] == 8);
        codes.erase(CKR_CRYPTOKI_NOT_INITIALIZED);
        codes.erase(CKR_OK);
        CAPTURE(codes.empty() ? CKR_OK : codes.begin()->first);
        CHECK(codes.empty());
    }
}

TEST_CASE("of many threads that initialise and finalise, one at a time succeeds")
{
    if (without_lab()) {
        return;
    }
    const Lab lab;
    CK_FUNCTION_LIST& list = module();
    for (int round = 0; round < 3; ++round) {
        std::atomic<int> first{0};
        std::atomic<int> later{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                const CK_RV code = list.C_Initialize(nullptr);
                first += code == CKR_OK ? 1 : 0;
                later += code == CKR_CRYPTOKI_ALREADY_INITIALIZED ? 1 : 0;
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        CHECK(first == 1);
        CHECK(later == 7);
        CHECK(name(list.C_Finalize(nullptr)) == name(CKR_OK));
    }
}

TEST_CASE("C_WaitForSlotEvent does not block when told, and else ends at C_Finalize")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized;
    CK_FUNCTION_LIST& list = module();
    CK_SLOT_ID slot = 99;
    int anything = 0;
    CHECK(name(list.C_WaitForSlotEvent(CKF_DONT_BLOCK, nullptr, nullptr)) ==
          name(CKR_ARGUMENTS_BAD));
    CHECK(name(list.C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, &anything)) ==
          name(CKR_ARGUMENTS_BAD));
    CHECK(name(list.C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr)) == name(CKR_NO_EVENT));
    CHECK(slot == 99);
    std::atomic<CK_RV> code{CKR_OK};
    std::thread waiting([&] { code = list.C_WaitForSlotEvent(0, &slot, nullptr); });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(name(list.C_Finalize(nullptr)) == name(CKR_OK));
    waiting.join();
    CHECK(name(code) == name(CKR_CRYPTOKI_NOT_INITIALIZED));
}

TEST_CASE("key pairs that are made while others search are whole, and found")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    std::atomic<int> makers{2};
    std::mutex mutex;
    std::map<std::string, int> outcomes;
    std::vector<std::thread> threads;
    for (int maker = 0; maker < 2; ++maker) {
        threads.emplace_back([&, maker] {
            const Caller caller = open_session();
            for (int i = 0; i < 12; ++i) {
                const std::string label = std::to_string(maker) + "/" + std::to_string(i);
                std::string outcome;
                Attributes curve;
                curve.bytes(CKA_EC_PARAMS, from_hex("06082a8648ce3d030107"))
                    .flag(CKA_VERIFY, true)
                    .flag(CKA_TOKEN, i % 2 == 0)
                    .bytes(CKA_LABEL, label);
                Attributes secret;
                secret.flag(CKA_SIGN, true).flag(CKA_TOKEN, i % 2 == 0).bytes(CKA_LABEL, label);
                CK_OBJECT_HANDLE pair[2] = {0, 0};
                outcome += name(caller.list->C_GenerateKeyPair(
                    caller.session, Mechanism(CKM_EC_KEY_PAIR_GEN).get(), curve.get(), curve.size(),
                    secret.get(), secret.size(), &pair[0], &pair[1]));
                const Answer signature = caller.sign(Mechanism(CKM_ECDSA), pair[1], "some hash");
                outcome += " " + name(signature.code);
                outcome += " " + name(caller.verify(Mechanism(CKM_ECDSA), pair[0], "some hash",
                                                    signature.out));
                outcome += " " + std::to_string(caller.count_labelled(label));
                const std::lock_guard lock(mutex);
                ++outcomes[outcome];
            }
            --makers;
        });
    }
    for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&] {
            const Caller caller = open_session();
            while (makers > 0) {
                static_cast<void>(caller.find({}));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(outcomes == std::map<std::string, int>{{"CKR_OK CKR_OK CKR_OK 2", 24}});
}

}  // namespace hasim::test
