#include "http/address.hpp"

#include <charconv>

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>

namespace hasim::http {

namespace {

boost::asio::ip::address parsed(const std::string& host, boost::system::error_code& error)
{
    return boost::asio::ip::make_address(host, error);
}

}  // namespace

bool Address::is_loopback() const
{
    boost::system::error_code error;
    const auto address = parsed(host, error);
    return !error && address.is_loopback();
}

std::string Address::text() const
{
    const bool brackets = host.find(':') != std::string::npos;
    return brackets ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::variant<Address, std::string> read_address(std::string_view text)
{
    const auto wrong = [&](std::string_view why) {
        return fmt::format(
            "'{}': {}; write PORT, 127.0.0.1:PORT or [::1]:PORT (port 0: a free one)", text, why);
    };
    Address address;
    const std::size_t colon = text.rfind(':');
    const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
    const char* const end = port.data() + port.size();
    const auto [last, error_code] = std::from_chars(port.data(), end, address.port);
    if (error_code != std::errc() || last != end) {
        return wrong("the port is no number from 0 to 65535");
    }
    if (colon == std::string_view::npos) {
        return address;
    }
    std::string_view host = text.substr(0, colon);
    const bool brackets = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
    host = brackets ? host.substr(1, host.size() - 2) : host;
    if (host == "localhost") {
        return address;
    }
    boost::system::error_code error;
    address.host = host;
    const auto read = parsed(address.host, error);
    if (error || read.is_v6() != brackets) {
        return wrong("the address is none: names are not looked up");
    }
    return address;
}

}  // namespace hasim::http
