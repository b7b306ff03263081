/// One token twice: SoftHSM2 in this process, and SoftHSM2 behind a group of two. What one does the other must do.
#pragma once

#include "unit/pkcs11/calls.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hasim::test {

/// A session of one of them, logged in, and the keys that both were given.
struct Side {
    Caller caller;
    std::map<std::string, CK_OBJECT_HANDLE> keys;
    [[nodiscard]] CK_OBJECT_HANDLE key(const std::string& called) const { return keys.at(called); }
};

/// Something to be done on either side.
using Step = std::function<Answer(const Side&)>;

/// SoftHSM2 in this process, with a token of its own.
class InProcess {
public:
    InProcess();
    ~InProcess();
    InProcess(const InProcess&) = delete;
    InProcess& operator=(const InProcess&) = delete;
    [[nodiscard]] const Caller& caller() const { return caller_; }
    [[nodiscard]] CK_SLOT_ID slot() const { return slot_; }

private:
    void make_token();

    TemporaryDirectory directory_;
    void* library_ = nullptr;
    CK_SLOT_ID slot_ = 0;
    Caller caller_;
};

/// Both. Keys: "aes" (16 bytes), "aes32", "des", "des2", "des3", "generic" (64 bytes), and the pairs "rsa", "ec", "ed",
/// "dsa", "dh", of which the private one is called "rsa private".
class Sides {
public:
    Sides();

    /// Does it on both, and compares the codes: they are equal, or the difference stands in the table.
    std::pair<Answer, Answer> run(const std::string& what, const Step& step);
    /// And compares what came.
    void same(const std::string& what, const Step& step);
    /// Makes something on each side (`make`), and shows it to the other (`check`).
    void across(const std::string& what, const Step& make,
                const std::function<CK_RV(const Side&, const std::string&)>& check);

    [[nodiscard]] const Side& here() const { return here_; }
    [[nodiscard]] const Side& there() const { return there_; }

private:
    void import_secrets();
    void import_pairs();

    InProcess in_process_;
    Application application_;
    Side here_;
    Side there_;
};

/// An operation in pieces of `size` bytes.
enum class Part { encrypt, decrypt, digest, sign };
[[nodiscard]] Answer in_parts(const Caller& caller, Part part, Mechanism how, CK_OBJECT_HANDLE key,
                              std::string_view data, std::size_t size);

/// Which mechanisms the tests of each file compare.
[[nodiscard]] std::set<CK_MECHANISM_TYPE> compared_data_mechanisms();
[[nodiscard]] std::set<CK_MECHANISM_TYPE> compared_key_mechanisms();
[[nodiscard]] std::set<CK_MECHANISM_TYPE> compared_derivations();

/// DER of the named curve P-256, and of Ed25519.
[[nodiscard]] std::string curve_p256();
[[nodiscard]] std::string curve_ed25519();

/// The domain parameters of the pairs "dsa" and "dh".
[[nodiscard]] Attributes dsa_parameters();
[[nodiscard]] Attributes dh_parameters();

}  // namespace hasim::test
