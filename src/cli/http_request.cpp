#include "cli/http_request.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "host/read_file.hpp"
#include "http/guard.hpp"

namespace hasim::cli {

void declare_http(Options& options, HttpRequest& request)
{
    options.text(
        "--http", "[ADDR:]PORT", request.text,
        "serve the live page, the HTTP API and metrics there; on loopback without ADDR, at a "
        "free port with 0");
    options.text("--http-token-file", "FILE", request.token_file,
                 "ask HTTP clients for the token in this file; needed where ADDR is not loopback");
}

std::string check_http(HttpRequest& request, bool no_loop)
{
    constexpr std::size_t kMostBytes = 4096;
    if (request.text.empty()) {
        return request.token_file.empty() ? "" : "--http-token-file: there is no --http";
    }
    if (no_loop) {
        return "--http and --virtual: in virtual time there is nothing to watch; leave one of them "
               "out";
    }
    auto address = http::read_address(request.text);
    if (const std::string* const wrong = std::get_if<std::string>(&address)) {
        return "--http: " + *wrong;
    }
    request.address = std::get<http::Address>(std::move(address));
    if (request.token_file.empty()) {
        return request.address->is_loopback()
                   ? ""
                   : fmt::format(
                         "--http: {} can be reached from other machines; give "
                         "--http-token-file FILE with a secret, or listen on 127.0.0.1",
                         request.address->host);
    }
    const auto read = host::read_file(request.token_file, kMostBytes);
    if (const Finding* const problem = std::get_if<Finding>(&read)) {
        return "--http-token-file: " + to_text(*problem);
    }
    const std::string& text = std::get<std::string>(read);
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
    request.token = text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
    const bool plain = std::all_of(request.token.begin(), request.token.end(),
                                   [](char c) { return c > ' ' && c < '\x7f'; });
    if (!plain || request.token.size() < http::kShortestToken) {
        return fmt::format(
            "--http-token-file: {} must hold one word of at least {} printable ASCII "
            "characters; make one with: openssl rand -hex 24",
            request.token_file, http::kShortestToken);
    }
    return {};
}

}  // namespace hasim::cli
