/// An HTTP client for tests: one request on a connection of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace hasim::test {

struct HttpAnswer {
    int status = 0;    ///< 0: no answer came
    std::string head;  ///< status line and headers
    std::string body;
};

/// "http://127.0.0.1:8080/ ..." in what a program said: its port; 0 when there is none.
[[nodiscard]] std::uint16_t http_port(std::string_view said);

/// Asks 127.0.0.1:`port`, and reads until the server closes. `headers` are whole lines with CRLF.
[[nodiscard]] HttpAnswer http(std::uint16_t port, std::string_view method, std::string_view target,
                              std::string_view body = {}, std::string_view headers = {});

/// A connection on which bytes are sent as they are.
class HttpSocket {
public:
    explicit HttpSocket(std::uint16_t port);
    ~HttpSocket();
    HttpSocket(const HttpSocket&) = delete;
    HttpSocket& operator=(const HttpSocket&) = delete;

    void send(std::string_view bytes) const;
    /// Reads on until all that was read holds `text`; false when the server closed or a minute passed before.
    [[nodiscard]] bool read_until(std::string_view text);
    [[nodiscard]] const std::string& read() const { return read_; }

private:
    int descriptor_ = -1;
    std::string read_;
};

}  // namespace hasim::test
