/// What the tests of the C interface share: calls in the words of a test, on the module or on a token without it.
#pragma once

#include "support/catch.hpp"
#include "support/lab.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <p11-kit/pkcs11.h>

namespace hasim::test {

/// The module's functions, from C_GetFunctionList.
[[nodiscard]] CK_FUNCTION_LIST& module();

/// "CKR_OK"; a failed comparison of names can be read.
[[nodiscard]] std::string name(CK_RV code);

/// True, with a warning that says why, where there can be no lab.
[[nodiscard]] bool without_lab();

/// The interface takes what it only reads without const.
[[nodiscard]] CK_BYTE* bytes_of(std::string_view text);
[[nodiscard]] CK_ULONG length_of(std::string_view text);
/// The bytes that a text of hexadecimal digits means.
[[nodiscard]] std::string from_hex(std::string_view digits);

inline constexpr std::string_view kPin = "userpin";
inline constexpr CK_SLOT_ID kGroup = 0;  ///< HAOnly: the group is the only slot
inline constexpr CK_OBJECT_HANDLE kNoObject = 987654321;
inline constexpr CK_SESSION_HANDLE kNoSession = 987654321;
inline constexpr CK_FLAGS kReads = CKF_SERIAL_SESSION;
inline constexpr CK_FLAGS kWrites = CKF_SERIAL_SESSION | CKF_RW_SESSION;

/// A template.
class Attributes {
public:
    Attributes& flag(CK_ATTRIBUTE_TYPE type, bool value);
    Attributes& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
    Attributes& bytes(CK_ATTRIBUTE_TYPE type, std::string_view value);
    /// Valid until the next change.
    [[nodiscard]] CK_ATTRIBUTE* get();
    [[nodiscard]] CK_ULONG size() const { return static_cast<CK_ULONG>(values_.size()); }

private:
    std::vector<std::pair<CK_ATTRIBUTE_TYPE, std::string>> values_;
    std::vector<CK_ATTRIBUTE> native_;
};

/// A data object that lasts with its session, and that everybody may see.
[[nodiscard]] Attributes public_data(std::string_view label);
/// A secret key for everything that keys do, sensitive to nobody; lasts with its session.
[[nodiscard]] Attributes secret_key(CK_KEY_TYPE type, std::string_view value);

/// A mechanism, with a copy of its parameter. A parameter that holds pointers must not outlive what they lead to.
class Mechanism {
public:
    explicit Mechanism(CK_MECHANISM_TYPE type) { native_.mechanism = type; }
    Mechanism(CK_MECHANISM_TYPE type, std::string_view parameter);
    template <class Structure>
    static Mechanism with(CK_MECHANISM_TYPE type, const Structure& parameter)
    {
        return {type, {reinterpret_cast<const char*>(&parameter), sizeof parameter}};
    }
    [[nodiscard]] CK_MECHANISM* get();

private:
    CK_MECHANISM native_{};
    std::vector<CK_ULONG> parameter_;  ///< aligned for every structure
};

/// What came of a call, and what it gave out.
struct Answer {
    CK_RV code = CKR_OK;
    std::string out;
};

/// A session of a module, and what can be done in it.
struct Caller {
    CK_FUNCTION_LIST* list = nullptr;
    CK_SESSION_HANDLE session = 0;

    /// These must succeed.
    [[nodiscard]] CK_OBJECT_HANDLE create(Attributes attributes) const;
    [[nodiscard]] CK_OBJECT_HANDLE generate(CK_MECHANISM_TYPE type, Attributes attributes) const;
    /// {public key, private key}.
    [[nodiscard]] std::pair<CK_OBJECT_HANDLE, CK_OBJECT_HANDLE> generate_pair(
        CK_MECHANISM_TYPE type, Attributes public_key, Attributes private_key) const;
    [[nodiscard]] std::vector<CK_OBJECT_HANDLE> find(Attributes attributes) const;
    [[nodiscard]] std::size_t count_labelled(std::string_view label) const;

    /// Init, and one part; the code of what failed.
    [[nodiscard]] Answer encrypt(Mechanism how, CK_OBJECT_HANDLE key, std::string_view data) const;
    [[nodiscard]] Answer decrypt(Mechanism how, CK_OBJECT_HANDLE key, std::string_view data) const;
    [[nodiscard]] Answer digest(Mechanism how, std::string_view data) const;
    [[nodiscard]] Answer sign(Mechanism how, CK_OBJECT_HANDLE key, std::string_view data) const;
    [[nodiscard]] CK_RV verify(Mechanism how, CK_OBJECT_HANDLE key, std::string_view data,
                               std::string_view signature) const;

    [[nodiscard]] Answer wrap(Mechanism how, CK_OBJECT_HANDLE with, CK_OBJECT_HANDLE key) const;
    /// {code, handle}
    [[nodiscard]] std::pair<CK_RV, CK_OBJECT_HANDLE> unwrap(Mechanism how, CK_OBJECT_HANDLE with,
                                                            std::string_view wrapped,
                                                            Attributes attributes) const;
    [[nodiscard]] std::pair<CK_RV, CK_OBJECT_HANDLE> derive(Mechanism how, CK_OBJECT_HANDLE from,
                                                            Attributes attributes) const;
    [[nodiscard]] Answer attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
};

/// C_OpenSession, which must succeed.
[[nodiscard]] Caller open_session(CK_FLAGS flags = kWrites, CK_SLOT_ID slot = kGroup);
[[nodiscard]] CK_RV log_in(const Caller& caller, std::string_view pin = kPin);

/// The module over a lab, between C_Initialize and C_Finalize.
class Initialized {
public:
    explicit Initialized(std::string_view configuration = kLabOfTwo);
    ~Initialized();
    Initialized(const Initialized&) = delete;
    Initialized& operator=(const Initialized&) = delete;

    [[nodiscard]] const Lab& lab() const { return lab_; }

private:
    Lab lab_;
};

/// That, and the user logged in, in a session that may write.
class Application : public Initialized {
public:
    explicit Application(std::string_view configuration = kLabOfTwo);
    [[nodiscard]] const Caller& caller() const { return caller_; }
    /// "hsm1 power off" and the like.
    void ctl(const std::string& line) const { lab().ctl(line); }

private:
    Caller caller_;
};

}  // namespace hasim::test
