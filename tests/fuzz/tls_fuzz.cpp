// Feeds any bytes to a client's and to a server's TLS. The first byte chooses the game and the size of the pieces.
// Holds: bytes that nobody encrypted open no session and bring no plaintext; and when the bytes between two honest
// sessions are changed on their way, each receives a beginning of what the other wrote, or nothing.
#include "harness.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/assert.hpp"
#include "tls/certificates.hpp"
#include "tls/context.hpp"
#include "tls/session.hpp"

namespace {

using hasim::tls::Context;
using hasim::tls::Identity;
using hasim::tls::Pki;
using hasim::tls::Role;
using hasim::tls::Session;
using hasim::tls::State;

/// More than a handshake, and far more than an input of a fuzzer can ask to be answered.
constexpr std::size_t kMostAnswered = 256 * 1024;

struct Contexts {
    Context client;
    Context server;
};

Context context_of(Role role, const Pki& pki, const Identity& own)
{
    auto made = Context::from_texts(role, {pki.ca.certificate, own.certificate, own.key});
    HASIM_ASSERT(std::holds_alternative<Context>(made));
    return std::get<Context>(std::move(made));
}

const Contexts& contexts()
{
    static const Contexts made = [] {
        const auto now = std::chrono::system_clock::now();
        auto pki = hasim::tls::make_pki({.now = std::chrono::floor<std::chrono::seconds>(now)});
        HASIM_ASSERT(std::holds_alternative<Pki>(pki));
        const Pki& all = std::get<Pki>(pki);
        return Contexts{context_of(Role::client, all, all.client),
                        context_of(Role::server, all, all.appliance)};
    }();
    return made;
}

void feed_alone(const Context& context, std::string_view bytes, std::size_t piece)
{
    Session session(context);
    session.start();
    session.write("to nobody");
    std::size_t answered = session.take_ciphertext().size();
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        session.feed(bytes.substr(at, piece));
        answered += session.take_ciphertext().size();
    }
    HASIM_ASSERT(session.state() == State::handshaking || session.state() == State::failed);
    HASIM_ASSERT((session.state() == State::failed) == !session.error().empty());
    HASIM_ASSERT(session.take_plaintext().empty());
    HASIM_ASSERT(session.peer_name().empty());
    HASIM_ASSERT(answered < kMostAnswered);
    session.end();
    HASIM_ASSERT(session.state() == State::failed);
}

/// Each flight of the two has one byte changed, as long as the input lasts: two bytes say where, one how.
class Meddler {
public:
    explicit Meddler(std::string_view plan) : plan_(plan) {}

    bool carry(Session& from, Session& to)
    {
        std::string said = from.take_ciphertext();
        if (said.empty()) {
            return false;
        }
        if (plan_.size() >= 3) {
            const std::size_t place = byte(0) * 256 + byte(1);
            char& changed = said[place % said.size()];
            changed = static_cast<char>(static_cast<unsigned char>(changed) ^ byte(2));
            plan_.remove_prefix(3);
        }
        to.feed(said);
        return true;
    }

private:
    [[nodiscard]] std::size_t byte(std::size_t at) const
    {
        return static_cast<unsigned char>(plan_[at]);
    }

    std::string_view plan_;
};

void meddle(std::string_view plan)
{
    constexpr std::string_view kThere = "what the client says";
    constexpr std::string_view kBack = "what the server says";
    Session client(contexts().client);
    Session server(contexts().server);
    client.start();
    client.write(kThere);
    server.write(kBack);
    Meddler meddler(plan);
    while (meddler.carry(client, server) || meddler.carry(server, client)) {
    }
    HASIM_ASSERT(kThere.starts_with(server.take_plaintext()));
    HASIM_ASSERT(kBack.starts_with(client.take_plaintext()));
    HASIM_ASSERT((client.state() == State::failed) == !client.error().empty());
    HASIM_ASSERT((server.state() == State::failed) == !server.error().empty());
    if (plan.size() < 3) {
        HASIM_ASSERT(client.state() == State::open && server.state() == State::open);
    }
}

}  // namespace

HASIM_FUZZ(tls)
(const std::uint8_t* data, std::size_t size)
{
    if (size < 1) {
        return 0;
    }
    const std::string bytes(data + 1, data + size);
    if (data[0] % 4 == 3) {
        meddle(bytes);
        return 0;
    }
    const std::size_t piece = 1 + data[0] / 4U * 16U;
    feed_alone(contexts().client, bytes, piece);
    feed_alone(contexts().server, bytes, piece);
    return 0;
}
