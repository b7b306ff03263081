#include "http/guard.hpp"

#include <fmt/format.h>

namespace hasim::http {

namespace {

/// Of a Host header: what stands before the port.
std::string_view name_in(std::string_view host)
{
    const std::size_t colon = host.rfind(':');
    const bool has_port = colon != std::string_view::npos && host.find(']', colon) == host.npos;
    return has_port ? host.substr(0, colon) : host;
}

bool is_own(std::string_view host, const Address& address)
{
    const std::string_view name = name_in(host);
    const std::string_view port = host.substr(name.size());
    const bool port_fits =
        port == fmt::format(":{}", address.port) || (port.empty() && address.port == 80);
    const std::string own = address.text();
    return port_fits &&
           (name == "localhost" || name == "127.0.0.1" || name == "[::1]" || name == name_in(own));
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
    if (!request.origin.empty() && request.origin != "http://" + request.host) {
        return problem(403, "pages of other sites may not ask this server");
    }
    constexpr std::string_view kBearer = "Bearer ";
    if (needs_token && !token.empty() &&
        !(request.authorization.starts_with(kBearer) &&
          same_secret(std::string_view(request.authorization).substr(kBearer.size()), token))) {
        Response response = problem(401,
                                    "send the header Authorization: Bearer TOKEN, with the "
                                    "token of --http-token-file");
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
        return response;
    }
    return std::nullopt;
}

}  // namespace hasim::http
