#include "http/guard.hpp"

#include <fmt/format.h>

#include "base/words.hpp"

namespace hasim::http {

namespace {

/// Of a Host header: what stands before the port.
std::string_view name_in(std::string_view host)
{
    const std::size_t colon = host.rfind(':');
    const bool has_port = colon != std::string_view::npos && host.find(']', colon) == host.npos;
    return has_port ? host.substr(0, colon) : host;
}

/// Names of hosts are told apart in no case (RFC 3986, 3.2.2).
bool is_own(std::string_view host, const Address& address)
{
    const std::string_view name = name_in(host);
    const std::string_view port = host.substr(name.size());
    const bool port_fits =
        port == fmt::format(":{}", address.port) || (port.empty() && address.port == 80);
    const std::string own = address.text();
    const auto is = [&](std::string_view one) { return same_but_for_case(name, one); };
    return port_fits && (is("localhost") || is("127.0.0.1") || is("[::1]") || is(name_in(own)));
}

/// Takes the same time wherever they differ.
bool same_secret(std::string_view a, std::string_view b)
{
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference |= static_cast<unsigned char>(a[i]) ^
                      static_cast<unsigned char>(b.empty() ? '\0' : b[i % b.size()]);
    }
    return difference == 0;
}

}  // namespace

std::optional<Response> Guard::refusal(const Request& request, bool needs_token) const
{
    if (request.host.empty()) {
        return problem(400, "the request has no Host header");
    }
    if (address.is_loopback() && !is_own(request.host, address)) {
        return problem(403, fmt::format("this server answers as http://{} or http://localhost:{} "
                                        "alone, not under the name that was asked for",
                                        address.text(), address.port));
    }
    if (!request.origin.empty() && !same_but_for_case(request.origin, "http://" + request.host)) {
        return problem(403, "pages of other sites may not ask this server");
    }
    // The scheme's name is in any case (RFC 9110, 11.1); the token is as it is.
    constexpr std::string_view kBearer = "Bearer ";
    const std::string_view given = request.authorization;
    if (needs_token && !token.empty() &&
        !(same_but_for_case(given.substr(0, kBearer.size()), kBearer) &&
          same_secret(given.substr(kBearer.size()), token))) {
        Response response = problem(401,
                                    "send the header Authorization: Bearer TOKEN, with the "
                                    "token of --http-token-file");
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
        return response;
    }
    return std::nullopt;
}

}  // namespace hasim::http
