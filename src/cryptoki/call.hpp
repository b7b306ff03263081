/// A PKCS#11 call as it goes from the module to an appliance, and what comes back: values, and their bytes (the body of
/// a frame). Pure. docs/protocol.md describes the layout.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cryptoki/function.hpp"

namespace hasim::cryptoki {

/// A CK_OBJECT_HANDLE. One object has one number in all partitions of a cloning domain.
using ObjectNumber = std::uint64_t;

/// Bounds of what a call may carry (chosen): far above what applications do, far below what would hurt.
inline constexpr std::size_t kMaxObjects = 2;
inline constexpr std::size_t kMaxTemplates = 2;
inline constexpr std::size_t kMaxAttributes = 256;  ///< of one template
inline constexpr std::size_t kMaxFound = 100'000;   ///< objects of one C_FindObjectsInit
inline constexpr std::size_t kMaxRandom =
    std::size_t{512} * 1024;  ///< bytes of one C_GenerateRandom

/// Bytes of a PIN: as SoftHSM2 has it (chosen).
inline constexpr std::size_t kShortestPin = 4;
inline constexpr std::size_t kLongestPin = 255;

struct Mechanism {
    std::uint64_t type = 0;
    std::string parameter;  ///< without pointers: see cryptoki/mechanism.hpp
    friend bool operator==(const Mechanism&, const Mechanism&) = default;
};

struct Attribute {
    std::uint64_t type = 0;
    std::string value;
    bool available = true;  ///< in an answer: false where CK_UNAVAILABLE_INFORMATION is the length
    friend bool operator==(const Attribute&, const Attribute&) = default;
};

using Template = std::vector<Attribute>;

struct Call {
    Function function = Function::generate_random;
    /// Names the call for ever, so that one which is sent again is not done again; 0 where that does not matter.
    std::uint64_t transaction = 0;
    std::uint64_t session =
        0;  ///< the client's session; operations of several parts are kept under it
    std::uint64_t number = 0;  ///< C_GenerateRandom: how many bytes
    bool begins = false;       ///< the Init of an operation of several parts comes with it
    bool length_only = false;  ///< only how long the output would be is asked for
    bool abandons = false;     ///< the operation is over, and its result is not wanted
    bool reads_only = false;   ///< the session may not change token objects
    bool authenticated =
        false;  ///< the PIN was given for this very operation (CKA_ALWAYS_AUTHENTICATE)
    std::optional<Mechanism> mechanism;
    std::vector<ObjectNumber> objects;
    std::vector<Template> templates;
    std::string data;
    std::string more;
    friend bool operator==(const Call&, const Call&) = default;
};

struct Result {
    /// New handles, found objects, mechanisms, a size, a length; of an Init: 1 when the key asks for a login each time.
    std::vector<std::uint64_t> numbers;
    Template attributes;  ///< of C_GetAttributeValue
    std::string data;     ///< signature, text, digest, random bytes, wrapped key
    friend bool operator==(const Result&, const Result&) = default;
};

[[nodiscard]] std::string encode(const Call& call);
[[nodiscard]] std::string encode(const Result& result);

/// Nothing when the bytes are no call, or more of one than its function's row in the table allows.
[[nodiscard]] std::optional<Call> decode_call(std::string_view bytes);
[[nodiscard]] std::optional<Result> decode_result(std::string_view bytes);

/// What one cloning request carries from the member that has objects to the one that lacks them. Opaque to the client.
struct Clone {
    std::vector<ObjectNumber> objects;    ///< to have
    std::vector<ObjectNumber> destroyed;  ///< not to have any more
    friend bool operator==(const Clone&, const Clone&) = default;
};

[[nodiscard]] std::string encode(const Clone& clone);
[[nodiscard]] std::optional<Clone> decode_clone(std::string_view bytes);

/// The body of a request for a Clone: what transaction it is about, 0 for all there is.
[[nodiscard]] std::string encode_transaction(std::uint64_t transaction);
[[nodiscard]] std::optional<std::uint64_t> decode_transaction(std::string_view bytes);

}  // namespace hasim::cryptoki
