// Goal: a session fails where it must, on both sides where both can know, and says why in one line.
#include <openssl/ssl.h>

#include <chrono>
#include <string>
#include <string_view>

#include "strange_peer.hpp"
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
using hasim::test::StrangePeer;
using hasim::tls::Context;
using hasim::tls::Role;
using hasim::tls::Session;
using hasim::tls::State;

namespace {

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
    StrangePeer client(Role::client, version);
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
    StrangePeer client(Role::client, version, &our_pki().client);
    client.talk_to(server);
    CHECK(server.state() == state);
    if (state == State::failed) {
        CHECK(server.error() == "the peer broke the rules of TLS: unsupported protocol");
    }
}

TEST_CASE("a client takes TLS 1.2 from a server too, and nothing older")
{
    const auto [version, state] = GENERATE(
        table<int, State>({{TLS1_1_VERSION, State::failed}, {TLS1_2_VERSION, State::open}}));
    CAPTURE(version);
    const Context context = our_client();
    Session client(context);
    client.start();
    StrangePeer server(Role::server, version, &our_pki().appliance);
    server.talk_to(client);
    CHECK(client.state() == state);
    CHECK(client.error().empty() == (state == State::open));
}

TEST_CASE("in TLS 1.2 a refused client never was open either")
{
    const Context context = our_client();
    Session client(context);
    client.start();
    StrangePeer server(Role::server, TLS1_2_VERSION, &our_pki().appliance);
    server.trust_nobody();
    for (int round = 0; round < 20; ++round) {
        server.exchange(client);
        REQUIRE(client.state() != State::open);
    }
    CHECK(client.state() == State::failed);
    CHECK(client.error() == "the peer refused our certificate: unknown CA");
}

TEST_CASE("a server that sends no ticket has accepted a client when it says anything")
{
    const Context context = our_client();
    Session client(context);
    client.start();
    client.write("question");
    StrangePeer server(Role::server, TLS1_3_VERSION, &our_pki().appliance);
    server.send_no_tickets();
    server.talk_to(client);
    CHECK(client.state() == State::handshaking);
    CHECK(server.heard() == "question");
    server.say("answer");
    server.talk_to(client);
    CHECK(client.state() == State::open);
    CHECK(client.take_plaintext() == "answer");
    CHECK(client.peer_name() == "hasim-appliance");
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
