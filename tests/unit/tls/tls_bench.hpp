/// Two sessions back to back, and certificates for them that are made once for all tests.
#pragma once

#include <chrono>
#include <string>
#include <variant>

#include "support/catch.hpp"
#include "tls/certificates.hpp"
#include "tls/context.hpp"
#include "tls/session.hpp"

namespace hasim::test {

[[nodiscard]] inline tls::Pki made_pki(const tls::PkiWish& wish)
{
    auto made = tls::make_pki(wish);
    if (const auto* error = std::get_if<std::string>(&made)) {
        FAIL(*error);
    }
    return std::get<tls::Pki>(std::move(made));
}

/// Certificates are judged by the machine's clock.
[[nodiscard]] inline std::chrono::sys_seconds present()
{
    return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

[[nodiscard]] inline const tls::Pki& our_pki()
{
    static const tls::Pki pki = made_pki({.now = present()});
    return pki;
}

/// Another CA, of the same name.
[[nodiscard]] inline const tls::Pki& foreign_pki()
{
    static const tls::Pki pki = made_pki({.now = present(), .client_name = "stranger"});
    return pki;
}

[[nodiscard]] inline tls::Context context_of(tls::Role role, const std::string& ca,
                                             const tls::Identity& own)
{
    auto made = tls::Context::from_texts(role, {ca, own.certificate, own.key});
    if (const auto* error = std::get_if<std::string>(&made)) {
        FAIL(*error);
    }
    return std::get<tls::Context>(std::move(made));
}

[[nodiscard]] inline tls::Context our_client()
{
    return context_of(tls::Role::client, our_pki().ca.certificate, our_pki().client);
}

[[nodiscard]] inline tls::Context our_server()
{
    return context_of(tls::Role::server, our_pki().ca.certificate, our_pki().appliance);
}

/// A client and a server, and a network between them that loses nothing.
struct Pair {
    Pair(const tls::Context& client_context, const tls::Context& server_context)
        : client(client_context), server(server_context)
    {
        client.start();
        server.start();
    }
    Pair() : Pair(our_client(), our_server()) {}

    /// Carries all that is said until nobody says more, in pieces of `piece` bytes.
    void carry(std::size_t piece = 100'000)
    {
        while (carry(client, server, piece) || carry(server, client, piece)) {
        }
    }

    static bool carry(tls::Session& from, tls::Session& to, std::size_t piece)
    {
        const std::string said = from.take_ciphertext();
        for (std::size_t at = 0; at < said.size(); at += piece) {
            to.feed(std::string_view(said).substr(at, piece));
        }
        return !said.empty();
    }

    tls::Session client;
    tls::Session server;
};

}  // namespace hasim::test
