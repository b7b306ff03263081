#include "tls/session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <utility>

#include "tls/handles.hpp"
#include "tls/peer.hpp"

namespace hasim::tls {
namespace {

/// A record of TLS holds at most 16 KiB: what is fed is taken in such pieces, so that queues are watched between them.
constexpr std::size_t kPiece = std::size_t{16} * 1024;

}  // namespace

/// The session itself; OpenSSL holds its address.
class Session::Engine {
public:
    Engine(SSL_CTX* settings, Role role);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    void start();
    void feed(std::string_view ciphertext);
    void end();
    void write(std::string_view plaintext);
    void close();
    std::string take_ciphertext() { return take_all(to_peer_); }
    std::string take_plaintext() { return std::exchange(plaintext_, {}); }

    State state = State::handshaking;
    std::string error;
    std::string peer_name;
    std::string peer_fingerprint;

private:
    static void saw_message(int sent, int version, int type, const void* bytes, std::size_t size,
                            SSL* ssl, void* engine);

    [[nodiscard]] bool alive() const { return state <= State::open; }
    void fail(std::string cause);
    void advance();
    bool shake_hands();
    void read();
    void note_open();
    void send(std::string_view plaintext);
    void failed_call(int result);

    SslHandle ssl_;
    BIO* from_peer_;         ///< owned by ssl_
    BIO* to_peer_;           ///< owned by ssl_
    bool accepted_ = false;  ///< the peer has said something that follows the handshake
    std::string unsent_;     ///< written before the handshake was done
    std::string plaintext_;
};

Session::Engine::Engine(SSL_CTX* settings, Role role) : ssl_(SSL_new(settings))
{
    BioHandle from_peer(BIO_new(BIO_s_mem()));
    BioHandle to_peer(BIO_new(BIO_s_mem()));
    if (ssl_ == nullptr || from_peer == nullptr || to_peer == nullptr) {
        ERR_clear_error();
        throw std::bad_alloc();
    }
    from_peer_ = from_peer.release();
    to_peer_ = to_peer.release();
    SSL_set_bio(ssl_.get(), from_peer_, to_peer_);
    SSL_set_msg_callback(ssl_.get(), &Engine::saw_message);
    SSL_ctrl(ssl_.get(), SSL_CTRL_SET_MSG_CALLBACK_ARG, 0, this);
    if (role == Role::client) {
        SSL_set_connect_state(ssl_.get());
    } else {
        SSL_set_accept_state(ssl_.get());
    }
}

/// OpenSSL tells of every message. A server sends a ticket only to a client that it has accepted.
void Session::Engine::saw_message(int sent, int /*version*/, int type, const void* bytes,
                                  std::size_t size, SSL* /*ssl*/, void* engine)
{
    const bool ticket = sent == 0 && type == SSL3_RT_HANDSHAKE && size > 0 &&
                        *static_cast<const unsigned char*>(bytes) == SSL3_MT_NEWSESSION_TICKET;
    if (ticket) {
        static_cast<Engine*>(engine)->accepted_ = true;
    }
}

void Session::Engine::fail(std::string cause)
{
    state = State::failed;
    error = std::move(cause);
    unsent_.clear();
}

/// What a call on ssl_ that did not succeed means: more bytes are needed, the peer closes, or the session fails.
void Session::Engine::failed_call(int result)
{
    const int kind = SSL_get_error(ssl_.get(), result);
    if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) {
        ERR_clear_error();
        return;
    }
    if (kind != SSL_ERROR_ZERO_RETURN) {
        fail(take_cause(ssl_.get()));
        return;
    }
    if (state == State::open) {
        SSL_shutdown(ssl_.get());
        state = State::closed;
    } else {
        fail("the peer closed the connection in the handshake");
    }
    ERR_clear_error();
}

bool Session::Engine::shake_hands()
{
    if (SSL_is_init_finished(ssl_.get()) != 0) {
        return true;
    }
    const int result = SSL_do_handshake(ssl_.get());
    if (result != 1) {
        failed_call(result);
        return false;
    }
    if (!unsent_.empty()) {
        send(std::exchange(unsent_, {}));
    }
    return alive();
}

void Session::Engine::read()
{
    std::array<char, kPiece> piece;  // filled by OpenSSL
    while (alive()) {
        std::size_t got = 0;
        const int result = SSL_read_ex(ssl_.get(), piece.data(), piece.size(), &got);
        if (result != 1) {
            note_open();  // what came before the peer closed, or failed, may have opened the session
            failed_call(result);
            return;
        }
        accepted_ = true;
        plaintext_.append(piece.data(), got);
        if (plaintext_.size() > kMostWaiting) {
            fail("more than 4 MiB from the peer were not taken");
        }
    }
}

/// Opens the session when both sides have accepted each other.
void Session::Engine::note_open()
{
    const bool told =
        accepted_ || SSL_is_server(ssl_.get()) != 0 || SSL_version(ssl_.get()) < TLS1_3_VERSION;
    if (state != State::handshaking || !told) {
        return;
    }
    const CertificateHandle certificate(SSL_get1_peer_certificate(ssl_.get()));
    if (certificate == nullptr) {
        fail("the peer has shown no certificate");
        return;
    }
    state = State::open;
    peer_name = common_name_of(certificate.get());
    peer_fingerprint = fingerprint_of(certificate.get());
}

void Session::Engine::advance()
{
    ERR_clear_error();
    if (shake_hands()) {
        read();
        note_open();
    }
    // A peer may ask for answers (new keys) without ever taking one.
    if (alive() && BIO_ctrl_pending(to_peer_) > kMostWaiting) {
        fail("more than 4 MiB for the peer were not sent");
    }
    ERR_clear_error();
}

void Session::Engine::start()
{
    if (alive() && SSL_is_server(ssl_.get()) == 0) {
        advance();
    }
}

void Session::Engine::feed(std::string_view ciphertext)
{
    while (alive() && !ciphertext.empty()) {
        const std::string_view piece = ciphertext.substr(0, kPiece);
        ciphertext.remove_prefix(piece.size());
        std::size_t put = 0;
        if (BIO_write_ex(from_peer_, piece.data(), piece.size(), &put) != 1) {
            ERR_clear_error();
            fail("out of memory");
            return;
        }
        advance();
    }
}

void Session::Engine::end()
{
    if (state == State::handshaking) {
        fail("the connection ended in the handshake");
    } else if (state == State::open) {
        fail("the connection ended without a close notify");
    }
}

void Session::Engine::send(std::string_view plaintext)
{
    ERR_clear_error();
    std::size_t put = 0;
    const int result = SSL_write_ex(ssl_.get(), plaintext.data(), plaintext.size(), &put);
    if (result != 1) {
        fail(take_cause(ssl_.get()));
    }
}

void Session::Engine::write(std::string_view plaintext)
{
    if (!alive() || plaintext.empty()) {
        return;
    }
    const std::size_t waiting = unsent_.size() + BIO_ctrl_pending(to_peer_);
    if (plaintext.size() > kMostWaiting - std::min(waiting, kMostWaiting)) {
        fail("more than 4 MiB for the peer were not sent");
    } else if (SSL_is_init_finished(ssl_.get()) != 0) {
        send(plaintext);
    } else {
        unsent_ += plaintext;
    }
}

void Session::Engine::close()
{
    if (!alive()) {
        return;
    }
    if (SSL_is_init_finished(ssl_.get()) != 0) {
        SSL_shutdown(ssl_.get());
    }
    ERR_clear_error();
    state = State::closed;
    unsent_.clear();
}

std::string_view name_of(State state)
{
    switch (state) {
    case State::handshaking: return "handshaking";
    case State::open: return "open";
    case State::closed: return "closed";
    case State::failed: return "failed";
    }
    return "";
}

Session::Session(const Context& context)
    : engine_(std::make_unique<Engine>(context.settings_.get(), context.role()))
{
}

Session::~Session() = default;
Session::Session(Session&& other) noexcept = default;
Session& Session::operator=(Session&& other) noexcept = default;

void Session::start()
{
    engine_->start();
}

void Session::feed(std::string_view ciphertext)
{
    engine_->feed(ciphertext);
}

void Session::end()
{
    engine_->end();
}

void Session::write(std::string_view plaintext)
{
    engine_->write(plaintext);
}

void Session::close()
{
    engine_->close();
}

std::string Session::take_ciphertext()
{
    return engine_->take_ciphertext();
}

std::string Session::take_plaintext()
{
    return engine_->take_plaintext();
}

State Session::state() const
{
    return engine_->state;
}

const std::string& Session::error() const
{
    return engine_->error;
}

const std::string& Session::peer_name() const
{
    return engine_->peer_name;
}

const std::string& Session::peer_fingerprint() const
{
    return engine_->peer_fingerprint;
}

}  // namespace hasim::tls
