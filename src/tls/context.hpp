/// Whom one side of mutual TLS trusts, and what it shows of itself.
///
/// TLS 1.2 or newer. The peer is always verified: a server refuses a client without a certificate. A client checks the
/// chain and that the certificate is meant for servers, not the host name (chosen: simulated appliances listen on
/// loopback, and Chrystoki.conf names them as it likes). Validity is judged by the machine's clock. Sessions are never
/// resumed.
///
/// A context is used by one thread at a time; contexts of different threads have nothing in common.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

// OpenSSL's own name of SSL_CTX: its headers stay out of this one.
struct ssl_ctx_st;

namespace hasim::tls {

enum class Role : std::uint8_t {
    client,  ///< begins the handshake
    server,  ///< waits for it
};

/// Paths of PEM files.
struct Files {
    std::string ca;  ///< certificates to trust, one or more
    std::string
        certificate;  ///< what is shown to the peer; certificates that follow it are its chain
    std::string key;  ///< the private key of that certificate, not encrypted
};

/// The same as texts.
struct Texts {
    std::string ca;
    std::string certificate;
    std::string key;
};

class Context {
public:
    /// A context, or what is wrong: one line that names the file, the cause and the remedy. An expired certificate is
    /// none of our errors: the peer refuses it.
    [[nodiscard]] static std::variant<Context, std::string> from_files(Role role,
                                                                       const Files& files);
    [[nodiscard]] static std::variant<Context, std::string> from_texts(Role role,
                                                                       const Texts& texts);

    /// Shows another certificate in the sessions that are made from now on; those that exist keep theirs. The answer is
    /// empty, or the error as above, and nothing changed.
    [[nodiscard]] std::string use_certificate(const std::string& certificate_file,
                                              const std::string& key_file);

    [[nodiscard]] Role role() const { return role_; }

private:
    friend class Session;

    Context(Role role, std::string ca, std::shared_ptr<ssl_ctx_st> settings);

    Role role_;
    std::string ca_;  ///< PEM
    std::shared_ptr<ssl_ctx_st> settings_;
};

}  // namespace hasim::tls
