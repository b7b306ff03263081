/// Where an HTTP server listens, as `--http` says it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace hasim::http {

struct Address {
    std::string host = "127.0.0.1";  ///< an IPv4 or IPv6 address, without brackets
    std::uint16_t port = 0;          ///< 0: a free one
    [[nodiscard]] bool is_loopback() const;
    /// "127.0.0.1:8080", "[::1]:8080"
    [[nodiscard]] std::string text() const;
};

/// Reads [ADDR:]PORT; ADDR is an address, or localhost. The other alternative is what is wrong with it.
[[nodiscard]] std::variant<Address, std::string> read_address(std::string_view text);

}  // namespace hasim::http
