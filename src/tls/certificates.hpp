/// Makes certificates for tests and training: one CA, and what it signs for appliances and a client.
///
/// ECDSA on P-256, X.509 version 3. This is no PKI of a product: the CA's key is given out with the rest, and nothing
/// is ever revoked. No clock is read; keys and serial numbers are random.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace hasim::tls {

/// The longest common name that X.509 has room for, in bytes (chosen; X.509 counts characters).
inline constexpr std::size_t kLongestName = 64;

/// What is wanted.
struct PkiWish {
    std::chrono::sys_seconds now{};  ///< when the certificates are made
    std::uint32_t days = 365;        ///< how long they are valid from now on; from 1 to 36,500
    std::string client_name = "hasim-client";  ///< common name of the client: see wrong_name
};

/// A certificate and its private key, both in PEM.
struct Identity {
    std::string certificate;
    std::string key;
};

struct Pki {
    Identity ca;
    Identity appliance;  ///< for localhost and 127.0.0.1
    Identity client;
    std::string expired_appliance;  ///< a certificate of the appliance's key that ended a day ago
    std::string expired_client;     ///< a certificate of the client's key that ended a day ago
};

/// Why `name` cannot be a common name ("is empty", "is longer than 64 bytes", ...); empty when it can.
[[nodiscard]] std::string wrong_name(std::string_view name);

/// The certificates, or what went wrong in one line (OpenSSL cannot do what is needed).
[[nodiscard]] std::variant<Pki, std::string> make_pki(const PkiWish& wish);

}  // namespace hasim::tls
