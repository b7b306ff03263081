/// What a client and an appliance say to each other, as values. Bytes: src/wire. Meaning: docs/protocol.md.
#pragma once

#include <cstdint>
#include <string>

#include "hasim/code.hpp"
#include "hasim/ids.hpp"

namespace hasim {

/// What a request asks for. hasim's own protocol: the vendor's is not public and not imitated.
enum class Operation : std::uint8_t {
    open = 1,     ///< first on every link: body is the partition's serial; refused when it is not assigned
    login = 2,    ///< C_Login: body is the PIN
    logout = 3,   ///< C_Logout: no body
    sign = 4,     ///< C_Sign: body is the data to sign; the reply's body is the signature
};

struct Request {
    RequestId id{};
    Operation operation = Operation::open;
    std::string body;
    friend bool operator==(const Request&, const Request&) = default;
};

struct Reply {
    RequestId id{};
    Code code = Code::ok;
    std::string body;
    friend bool operator==(const Reply&, const Reply&) = default;
};

}  // namespace hasim
