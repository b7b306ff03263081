/// The Chrystoki.conf that a lab makes for its applications: what the user's says, with the lab's appliances and log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hasim/settings.hpp"

namespace hasim::lab {

/// The three files that a client needs; empty: connections are not TLS.
struct TlsFiles {
    std::string ca;
    std::string certificate;
    std::string key;
};

/// `ports` of the appliances on 127.0.0.1, in their order; `log_directory` in place of haLogPath, empty for none.
/// `origin` is the path of the user's file, empty for none.
[[nodiscard]] std::string derived_conf(const Settings& settings,
                                       const std::vector<std::uint16_t>& ports,
                                       const std::string& log_directory, const TlsFiles& tls = {},
                                       const std::string& origin = {});

/// Of a text that was made so: where the user's file is. Nothing for any other text.
[[nodiscard]] std::optional<std::string> origin_of(std::string_view text);

}  // namespace hasim::lab
