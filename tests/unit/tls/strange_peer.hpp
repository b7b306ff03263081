/// A peer that hasim would not make: bare OpenSSL with what a test chooses.
#pragma once

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "tls/certificates.hpp"
#include "tls/session.hpp"

namespace hasim::test {

class StrangePeer {
public:
    /// Speaks `version` alone, with ciphers of any age; verifies nobody. `own` is the certificate that it shows.
    StrangePeer(tls::Role role, int version, const tls::Identity* own = nullptr)
        : settings_(SSL_CTX_new(TLS_method()), SSL_CTX_free), ssl_(nullptr, SSL_free)
    {
        SSL_CTX_set_security_level(settings_.get(), 0);
        SSL_CTX_ctrl(settings_.get(), SSL_CTRL_SET_MIN_PROTO_VERSION, version, nullptr);
        SSL_CTX_ctrl(settings_.get(), SSL_CTRL_SET_MAX_PROTO_VERSION, version, nullptr);
        SSL_CTX_set_cipher_list(settings_.get(), "ALL:@SECLEVEL=0");
        if (own != nullptr) {
            show(*own);
        }
        ssl_.reset(SSL_new(settings_.get()));
        SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        if (role == tls::Role::client) {
            SSL_set_connect_state(ssl_.get());
        } else {
            SSL_set_accept_state(ssl_.get());
        }
    }

    /// Wants a certificate of the other side, and refuses each.
    void trust_nobody()
    {
        SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }

    void send_no_tickets() { SSL_set_num_tickets(ssl_.get(), 0); }

    void say(std::string_view text)
    {
        SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
    }

    /// Everything the other side said.
    [[nodiscard]] const std::string& heard() const { return heard_; }

    /// Takes what `session` has to send, and answers.
    void exchange(tls::Session& session)
    {
        const std::string said = session.take_ciphertext();
        BIO_write(SSL_get_rbio(ssl_.get()), said.data(), static_cast<int>(said.size()));
        SSL_do_handshake(ssl_.get());
        std::array<char, 1000> bytes{};
        const int got = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
        if (got > 0) {
            heard_.append(bytes.data(), static_cast<std::size_t>(got));
        }
        std::string answer(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())), '\0');
        BIO_read(SSL_get_wbio(ssl_.get()), answer.data(), static_cast<int>(answer.size()));
        session.feed(answer);
    }

    /// More rounds than any handshake takes.
    void talk_to(tls::Session& session)
    {
        for (int round = 0; round < 20; ++round) {
            exchange(session);
        }
    }

private:
    void show(const tls::Identity& own)
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> certificate(
            BIO_new_mem_buf(own.certificate.data(), static_cast<int>(own.certificate.size())),
            BIO_free);
        const std::unique_ptr<BIO, decltype(&BIO_free)> key(
            BIO_new_mem_buf(own.key.data(), static_cast<int>(own.key.size())), BIO_free);
        X509* const read = PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr);
        EVP_PKEY* const read_key = PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr);
        SSL_CTX_use_certificate(settings_.get(), read);
        SSL_CTX_use_PrivateKey(settings_.get(), read_key);
        X509_free(read);
        EVP_PKEY_free(read_key);
    }

    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> settings_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    std::string heard_;
};

}  // namespace hasim::test
