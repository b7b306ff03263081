// Goal: a session fails where it must, on both sides where both can know, and says why in one line.
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "tls/session.hpp"
#include "tls_bench.hpp"

using hasim::test::context_of;
using hasim::test::foreign_pki;
using hasim::test::made_pki;
using hasim::test::our_client;
using hasim::test::our_pki;
using hasim::test::our_server;
using hasim::test::Pair;
using hasim::test::present;
using hasim::tls::Context;
using hasim::tls::Identity;
using hasim::tls::Role;
using hasim::tls::Session;
using hasim::tls::State;

namespace {

using SslPointer = std::unique_ptr<SSL, decltype(&SSL_free)>;

/// A peer that hasim would not make: a bare client of OpenSSL with what a test chooses.
class StrangeClient {
public:
    explicit StrangeClient(int version, const Identity* own = nullptr)
        : settings_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), ssl_(nullptr, SSL_free)
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
        SSL_set_connect_state(ssl_.get());
    }

    /// Talks to `server` until nobody says more.
    void talk_to(Session& server)
    {
        for (int round = 0; round < 20; ++round) {
            SSL_do_handshake(ssl_.get());
            char byte = 0;
            SSL_read(ssl_.get(), &byte, 1);
            std::string said(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())), '\0');
            BIO_read(SSL_get_wbio(ssl_.get()), said.data(), static_cast<int>(said.size()));
            server.feed(said);
            const std::string answer = server.take_ciphertext();
            BIO_write(SSL_get_rbio(ssl_.get()), answer.data(), static_cast<int>(answer.size()));
        }
    }

private:
    void show(const Identity& own)
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
    SslPointer ssl_;
};

/// What both sides say when these two meet.
void both_fail(const Context& client, const Context& server, std::string_view client_says,
               std::string_view server_says)
{
    const auto piece = GENERATE(std::size_t{1}, std::size_t{100'000});
    Pair pair(client, server);
    pair.client.write("secret");
    pair.carry(piece);
    CHECK(pair.client.state() == State::failed);
    CHECK(pair.server.state() == State::failed);
    CHECK(pair.client.error() == client_says);
    CHECK(pair.server.error() == server_says);
    CHECK(pair.client.peer_name().empty());
    CHECK(pair.server.peer_name().empty());
    CHECK(pair.server.take_plaintext().empty());
}

const std::string& our_ca()
{
    return our_pki().ca.certificate;
}

}  // namespace

TEST_CASE("a server of an unknown CA is refused by the client")
{
    both_fail(our_client(), context_of(Role::server, our_ca(), foreign_pki().appliance),
              "the peer's certificate is of an unknown CA",
              "the peer refused our certificate: unknown CA");
}

TEST_CASE("a client of an unknown CA is refused by the server, and never was open")
{
    both_fail(context_of(Role::client, our_ca(), foreign_pki().client), our_server(),
              "the peer refused our certificate: unknown CA",
              "the peer's certificate is of an unknown CA");
}

TEST_CASE("an expired certificate is refused on either side")
{
    both_fail(
        our_client(),
        context_of(Role::server, our_ca(), {our_pki().expired_appliance, our_pki().appliance.key}),
        "the peer's certificate has expired",
        "the peer refused our certificate: certificate expired");
    both_fail(context_of(Role::client, our_ca(), {our_pki().expired_client, our_pki().client.key}),
              our_server(), "the peer refused our certificate: certificate expired",
              "the peer's certificate has expired");
}

TEST_CASE("a certificate of tomorrow is refused")
{
    // Its CA is older, but not yet this certificate.
    const auto pki = made_pki({.now = present() + std::chrono::days(1)});
    both_fail(context_of(Role::client, pki.ca.certificate, pki.client),
              context_of(Role::server, pki.ca.certificate, pki.appliance),
              "the peer's certificate is not valid yet",
              "the peer refused our certificate: bad certificate");
}

TEST_CASE("a certificate for the other side is refused")
{
    both_fail(our_client(), context_of(Role::server, our_ca(), our_pki().client),
              "the peer's certificate is not meant for its side of the connection",
              "the peer refused our certificate: unsupported certificate");
    both_fail(context_of(Role::client, our_ca(), our_pki().appliance), our_server(),
              "the peer refused our certificate: unsupported certificate",
              "the peer's certificate is not meant for its side of the connection");
}

TEST_CASE("a client without a certificate is refused, in both versions of TLS")
{
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const Context context = our_server();
    Session server(context);
    StrangeClient client(version);
    client.talk_to(server);
    CHECK(server.state() == State::failed);
    CHECK(server.error() == "the peer has shown no certificate");
}

TEST_CASE("TLS 1.2 and newer are spoken, older ones are refused")
{
    const auto [version, state] = GENERATE(table<int, State>({{TLS1_1_VERSION, State::failed},
                                                              {TLS1_VERSION, State::failed},
                                                              {TLS1_2_VERSION, State::open},
                                                              {TLS1_3_VERSION, State::open}}));
    CAPTURE(version);
    const Context context = our_server();
    Session server(context);
    StrangeClient client(version, &our_pki().client);
    client.talk_to(server);
    CHECK(server.state() == state);
    if (state == State::failed) {
        CHECK(server.error() == "the peer broke the rules of TLS: unsupported protocol");
    }
}

TEST_CASE("garbage instead of a handshake fails at once, on either side")
{
    const auto garbage =
        GENERATE(as<std::string>{}, "GET / HTTP/1.1\r\nHost: hsm1\r\n\r\n", std::string(100, '\0'),
                 std::string(100'000, '\xff'), "\x16\x03\x01\xff\xff" + std::string(70'000, 'x'));
    Pair pair;
    pair.client.feed(garbage);
    pair.server.feed(garbage);
    CHECK(pair.client.state() == State::failed);
    CHECK(pair.server.state() == State::failed);
    CHECK_THAT(pair.client.error(), StartsWith("the peer broke the rules of TLS: "));
    CHECK_THAT(pair.server.error(), StartsWith("the peer broke the rules of TLS: "));
    CHECK(pair.server.take_ciphertext().size() < 100);
}

TEST_CASE("two clients, or two servers, do not get on")
{
    const Context context = our_client();
    Session one(context);
    Session two(context);
    one.start();
    two.start();
    while (Pair::carry(one, two, 100) || Pair::carry(two, one, 100)) {
    }
    CHECK(two.state() == State::failed);
    CHECK_FALSE(two.error().empty());
}

TEST_CASE("a stream that is cut short is no good end")
{
    Pair pair;
    pair.carry();
    pair.client.write("half a record");
    const std::string said = pair.client.take_ciphertext();
    pair.server.feed(std::string_view(said).substr(0, said.size() / 2));
    CHECK(pair.server.state() == State::open);
    pair.server.end();
    CHECK(pair.server.state() == State::failed);
    CHECK(pair.server.error() == "the connection ended without a close notify");
    CHECK(pair.server.take_plaintext().empty());
    pair.client.end();
    CHECK(pair.client.state() == State::failed);
}

TEST_CASE("a handshake that is cut short fails at every byte")
{
    Pair measured;
    const std::string hello = measured.client.take_ciphertext();
    for (std::size_t cut = 0; cut < hello.size(); cut += 17) {
        const Context context = our_server();
        Session server(context);
        server.feed(std::string_view(hello).substr(0, cut));
        REQUIRE(server.state() == State::handshaking);
        server.end();
        REQUIRE(server.state() == State::failed);
        REQUIRE(server.error() == "the connection ended in the handshake");
    }
}

TEST_CASE("a byte that was changed on the way is noticed")
{
    Pair pair;
    pair.carry();
    pair.client.write("to be trusted");
    std::string said = pair.client.take_ciphertext();
    said.back() = static_cast<char>(said.back() ^ 1);
    pair.server.feed(said);
    CHECK(pair.server.state() == State::failed);
    CHECK(pair.server.take_plaintext().empty());
    pair.carry();
    CHECK(pair.client.state() == State::failed);
    CHECK_THAT(pair.client.error(), StartsWith("the peer refused: "));
}
