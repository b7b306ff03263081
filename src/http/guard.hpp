/// Who may ask: a page of another site in the user's browser must not break things here (DNS rebinding, cross-site
/// requests), nor may a stranger on the network.
#pragma once

#include <optional>
#include <string>

#include "http/address.hpp"
#include "http/message.hpp"

namespace hasim::http {

/// Shorter tokens are refused when they are read (chosen).
inline constexpr std::size_t kShortestToken = 16;

struct Guard {
    Address address;    ///< where the server listens, with its true port
    std::string token;  ///< empty: none is asked for

    /// The refusal, or nothing. `needs_token`: what is asked for is more than the page itself.
    [[nodiscard]] std::optional<Response> refusal(const Request& request, bool needs_token) const;
};

}  // namespace hasim::http
