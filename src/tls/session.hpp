/// One connection's TLS, over memory: it never touches a socket, never waits, and never reads a file.
///
///     Session session(context);
///     session.start();                         // a client has something to send now
///     send(session.take_ciphertext());
///     ...
///     session.feed(received);                  // after this, and after write() and close():
///     send(session.take_ciphertext());         //   what is to be sent
///     use(session.take_plaintext());           //   what the peer's application said
///     session.end();                           // the transport has ended
///
/// A session is open when both sides have accepted each other's certificate. TLS 1.3 tells a client so only with the
/// first message that the server sends after the handshake; hasim's servers send one at once. Until then the client is
/// handshaking, so that a refused certificate is a failed handshake in both versions of TLS. What the client writes
/// meanwhile is sent as soon as the server has proved who it is.
///
/// What cannot go on is failed, with error(): nothing is asserted about what a peer sends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tls/context.hpp"

namespace hasim::tls {

enum class State : std::uint8_t {
    handshaking,  ///< at least one side has not accepted the other yet
    open,         ///< application bytes go both ways
    closed,       ///< ended as it should: close() was called, or the peer said that it closes
    failed,       ///< ended otherwise; error() says why
};

/// "handshaking", "open", "closed", "failed".
[[nodiscard]] std::string_view name_of(State state);

class Session {
public:
    /// The most bytes that wait in each of a session's queues: written before the handshake is done, not taken as
    /// ciphertext, not taken as plaintext. More, and the session fails.
    static constexpr std::size_t kMostWaiting = std::size_t{4} * 1024 * 1024;

    /// Takes the context as it is now.
    explicit Session(const Context& context);
    ~Session();
    Session(Session&& other) noexcept;
    Session& operator=(Session&& other) noexcept;

    /// Begins a client's handshake. Nothing for a server, which waits for the client.
    void start();

    /// Bytes from the peer, in pieces of any size. Ignored once the session is closed or failed.
    void feed(std::string_view ciphertext);

    /// The transport ended. Without the peer's close notify before it the session fails: the stream may be cut short.
    void end();

    /// Application bytes for the peer. Ignored once the session is closed or failed.
    void write(std::string_view plaintext);

    /// Tells the peer that nothing follows. What was not sent before the handshake is done is lost.
    void close();

    /// What must be sent to the peer now; also what a closed or failed session has to say (close notify, alert).
    [[nodiscard]] std::string take_ciphertext();

    /// The application bytes that came since the last call, also those before the session was closed or failed.
    [[nodiscard]] std::string take_plaintext();

    [[nodiscard]] State state() const;

    /// Why the session failed, in one line without full stop; else empty.
    [[nodiscard]] const std::string& error() const;

    /// Common name of the peer's certificate, in UTF-8 as the peer has it: any characters. Empty until the session was
    /// open.
    [[nodiscard]] const std::string& peer_name() const;

    /// SHA-256 of the peer's certificate (DER), 64 lower-case hexadecimal digits. Empty until the session was open.
    [[nodiscard]] const std::string& peer_fingerprint() const;

private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace hasim::tls
