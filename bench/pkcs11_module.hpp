/// A PKCS#11 module as a bench uses it: loaded by its path, one slot, a P-256 key.
#pragma once

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <p11-kit/pkcs11.h>

namespace hasim::bench {

inline constexpr const char* kPin = "userpin";

[[noreturn]] inline void fail(const std::string& why)
{
    std::fprintf(stderr, "hasim_bench: %s\n", why.c_str());
    std::exit(3);
}

inline void must(CK_RV code, const char* what)
{
    if (code != CKR_OK) {
        fail(std::string(what) + " returned " + std::to_string(code));
    }
}

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

    /// A session that is logged in.
    CK_SESSION_HANDLE login() const
    {
        const CK_SESSION_HANDLE session = open();
        std::string pin = kPin;
        must(call->C_Login(session, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(pin.data()),
                           pin.size()),
             "C_Login");
        return session;
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

/// A folder of its own, gone at the end.
class Folder {
public:
    Folder()
    {
        char name[] = "/tmp/hasim-bench-XXXXXX";
        if (::mkdtemp(name) == nullptr) {
            fail("no folder can be made in /tmp");
        }
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// A Chrystoki.conf with one group, of so many members; `client` is what its section LunaSA Client says.
inline std::string configuration(int members, const std::string& client = {})
{
    std::string list;
    for (int i = 0; i < members; ++i) {
        list += (i == 0 ? "" : ",") + std::to_string(1234000000000 + i);
    }
    return "VirtualToken = { VirtualToken00Label = bench; VirtualToken00SN = 11234000000000; "
           "VirtualToken00Members = " +
           list +
           "; VirtualTokenActiveRecovery = activeEnhanced; }\n"
           "HASynchronize = { bench = 1; }\nHAConfiguration = { HAOnly = 1; reconnAtt = -1; }\n" +
           (client.empty() ? "" : "LunaSA Client = { " + client + " }\n");
}

}  // namespace hasim::bench
