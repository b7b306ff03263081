// Goal: two sessions that trust each other understand each other, whatever the pieces in which bytes travel, and
// nothing that waits grows without bound.
#include "tls/session.hpp"

#include <string>

#include "support/catch.hpp"
#include "tls_bench.hpp"

using hasim::test::context_of;
using hasim::test::our_client;
using hasim::test::our_pki;
using hasim::test::our_server;
using hasim::test::Pair;
using hasim::tls::Session;
using hasim::tls::State;

namespace {

/// Bytes without a pattern that a lost, doubled or moved piece would leave as it was.
std::string noise(std::size_t size)
{
    std::string bytes(size, '\0');
    std::uint32_t state = 12345;
    for (char& byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<char>(state >> 24U);
    }
    return bytes;
}

}  // namespace

TEST_CASE("a handshake opens both sides, and each knows the other")
{
    const auto piece = GENERATE(std::size_t{1}, std::size_t{7}, std::size_t{100'000});
    Pair pair;
    CHECK(pair.client.state() == State::handshaking);
    CHECK(pair.server.state() == State::handshaking);
    CHECK(pair.server.take_ciphertext().empty());
    CHECK(pair.client.peer_name().empty());
    pair.carry(piece);
    CHECK(pair.client.state() == State::open);
    CHECK(pair.server.state() == State::open);
    CHECK(pair.client.error().empty());
    CHECK(pair.server.error().empty());
    CHECK(pair.client.peer_name() == "hasim-appliance");
    CHECK(pair.server.peer_name() == "hasim-client");
    CHECK(pair.client.peer_fingerprint().size() == 64);
    CHECK(pair.server.peer_fingerprint().size() == 64);
    CHECK(pair.client.peer_fingerprint() != pair.server.peer_fingerprint());
    Pair again;
    again.carry();
    CHECK(again.server.peer_fingerprint() == pair.server.peer_fingerprint());
}

TEST_CASE("bytes go both ways in pieces of any size")
{
    const auto piece = GENERATE(std::size_t{1}, std::size_t{13}, std::size_t{4096});
    Pair pair;
    pair.carry();
    const std::string there = noise(20'000);
    const std::string back = noise(30'000);
    pair.client.write(there);
    pair.server.write(back);
    pair.carry(piece);
    CHECK(pair.server.take_plaintext() == there);
    CHECK(pair.client.take_plaintext() == back);
    CHECK(pair.server.take_plaintext().empty());
    for (const char letter : std::string("one by one")) {
        pair.client.write(std::string(1, letter));
    }
    pair.client.write("");
    pair.carry(piece);
    CHECK(pair.server.take_plaintext() == "one by one");
}

TEST_CASE("a mebibyte goes through at once")
{
    Pair pair;
    pair.carry();
    const std::string much = noise(1024 * 1024);
    pair.client.write(much);
    pair.server.write(much);
    pair.carry(3000);
    CHECK(pair.server.take_plaintext() == much);
    CHECK(pair.client.take_plaintext() == much);
}

TEST_CASE("what is written before the handshake is done is sent afterwards, in order")
{
    Pair pair;
    pair.client.write("first ");
    pair.server.write("welcome");
    pair.client.write("second");
    pair.carry();
    CHECK(pair.server.take_plaintext() == "first second");
    CHECK(pair.client.take_plaintext() == "welcome");
}

TEST_CASE("close tells the peer, and what was written before it arrives")
{
    Pair pair;
    pair.carry();
    pair.client.write("goodbye");
    pair.client.close();
    CHECK(pair.client.state() == State::closed);
    pair.carry();
    CHECK(pair.server.state() == State::closed);
    CHECK(pair.server.error().empty());
    CHECK(pair.server.take_plaintext() == "goodbye");
    CHECK(pair.server.peer_name() == "hasim-client");
    pair.server.end();
    pair.client.end();
    pair.server.write("too late");
    pair.server.feed("too late");
    CHECK(pair.server.take_ciphertext().empty());
    CHECK(pair.server.state() == State::closed);
    CHECK(pair.client.state() == State::closed);
}

TEST_CASE("a server closes just as well")
{
    Pair pair;
    pair.carry();
    pair.server.close();
    pair.carry();
    CHECK(pair.client.state() == State::closed);
    CHECK(pair.server.state() == State::closed);
}

TEST_CASE("a session that is closed before the handshake is done says nothing more")
{
    Pair pair;
    pair.client.write("lost");
    pair.client.close();
    CHECK(pair.client.state() == State::closed);
    pair.carry();
    CHECK(pair.client.take_ciphertext().empty());
    pair.server.end();
    CHECK(pair.server.state() == State::failed);
    CHECK(pair.server.error() == "the connection ended in the handshake");
}

TEST_CASE("a session may be moved while it works, and outlives its context")
{
    Pair pair(our_client(), our_server());
    Pair::carry(pair.client, pair.server, 100);
    Session client = std::move(pair.client);
    Session server = std::move(pair.server);
    while (Pair::carry(client, server, 100) || Pair::carry(server, client, 100)) {
    }
    CHECK(client.state() == State::open);
    CHECK(server.state() == State::open);
}

TEST_CASE("what waits in a session is bounded")
{
    const std::string half(Session::kMostWaiting / 2, 'x');
    SECTION("written before the handshake is done")
    {
        Pair pair;
        pair.client.write(half);
        pair.client.write(half.substr(1000));
        CHECK(pair.client.state() == State::handshaking);
        pair.client.write(half);
        CHECK(pair.client.state() == State::failed);
        CHECK(pair.client.error() == "more than 4 MiB for the peer were not sent");
    }
    SECTION("not taken to be sent")
    {
        Pair pair;
        pair.carry();
        pair.client.write(half);
        pair.client.write(half.substr(half.size() / 10));
        CHECK(pair.client.state() == State::open);
        pair.client.write(half);
        CHECK(pair.client.state() == State::failed);
        CHECK(pair.client.take_ciphertext().size() < Session::kMostWaiting);
    }
    SECTION("not taken by the application")
    {
        Pair pair;
        pair.carry();
        for (int times = 0; times < 3; ++times) {
            pair.client.write(half);
            pair.carry();
        }
        CHECK(pair.server.state() == State::failed);
        CHECK(pair.server.error() == "more than 4 MiB from the peer were not taken");
        CHECK(pair.server.take_plaintext().size() < Session::kMostWaiting + 20'000);
    }
}

TEST_CASE("the states have names")
{
    CHECK(name_of(State::handshaking) == "handshaking");
    CHECK(name_of(State::open) == "open");
    CHECK(name_of(State::closed) == "closed");
    CHECK(name_of(State::failed) == "failed");
}
