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
    sign = 4,     ///< hasim's own load: body is the data to sign; the reply's body stands for a signature
    call = 5,       ///< any other PKCS#11 call: body and reply's body are those of src/cryptoki
    clone_out = 6,  ///< body is a transaction, or 0 for all objects; the reply's body is what another member needs
    clone_in = 7,   ///< body is what clone_out gave: those objects are in this partition too from now on
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
