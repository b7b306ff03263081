/// --http and --http-token-file, read and checked.
#pragma once

#include <optional>
#include <string>

#include "cli/options.hpp"
#include "http/address.hpp"

namespace hasim::cli {

struct HttpRequest {
    std::string text;        ///< --http; empty: no HTTP
    std::string token_file;  ///< --http-token-file
    std::optional<http::Address> address;
    std::string token;
};

void declare_http(Options& options, HttpRequest& request);

/// Reads both into `address` and `token`; empty, or what is wrong. `no_loop`: nothing runs that could answer.
[[nodiscard]] std::string check_http(HttpRequest& request, bool no_loop = false);

}  // namespace hasim::cli
