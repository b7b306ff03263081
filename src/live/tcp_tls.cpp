// TLS on the connections of a live network: between the socket and the world, which hears of a connection when both
// sides have accepted each other's certificate, and of a client's refused one that its attempt failed.
#include <utility>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "live/tcp_network.hpp"

namespace hasim::live {

void TcpNetwork::set_certificate_expired(ApplianceIndex appliance, bool expired)
{
    port_of(appliance).certificate_expired = expired;
}

void TcpNetwork::begin_handshake(const EndPointer& end, const tls::Context& context)
{
    end->phase = Phase::handshaking;
    end->tls.emplace(context);
    end->tls->start();
    transmit(end, end->tls->take_ciphertext());
    if (end->phase == Phase::handshaking) {
        read(end);
    }
}

/// The connection stands: the world is told.
void TcpNetwork::announce(const EndPointer& end)
{
    end->phase = Phase::open;
    end->announced = true;
    if (end->client != sim::ClientEnd{}) {
        events_->on_connected(end->client, clock_.now());
    } else {
        events_->on_accepted(end->server, end->appliance, clock_.now());
    }
}

void TcpNetwork::through_tls(const EndPointer& end, std::string_view ciphertext)
{
    end->tls->feed(ciphertext);
    transmit(end, end->tls->take_ciphertext());
    const tls::State state = end->tls->state();
    if (end->phase == Phase::handshaking && state == tls::State::failed) {
        handshake_failed(end);
        return;
    }
    if (end->phase == Phase::handshaking && state != tls::State::handshaking) {
        announce(end);
    }
    const std::string plaintext = end->tls->take_plaintext();
    if (end->phase == Phase::open && !plaintext.empty()) {
        deliver_plain(end, plaintext);
    }
    if (end->phase == Phase::open && state == tls::State::failed) {
        diagnose(fmt::format("a connection of hsm{} is closed: {}", end->appliance + 1,
                             printable(end->tls->error())));
        ended(end, sim::Ending::reset);
    } else if (end->phase == Phase::open && state == tls::State::closed) {
        ended(end, sim::Ending::fin);
    }
}

void TcpNetwork::handshake_failed(const EndPointer& end)
{
    end->tls->end();
    diagnose(fmt::format("the TLS handshake with {} failed: {}",
                         end->client != sim::ClientEnd{}
                             ? fmt::format("hsm{}", end->appliance + 1)
                             : fmt::format("a client of hsm{}", end->appliance + 1),
                         printable(end->tls->error())));
    static_cast<void>(flush(*end));
    forget(*end);
    close_in_order(*end);
    if (end->client != sim::ClientEnd{}) {
        events_->on_connect_failed(end->client, Code::ssl_failed_handshake, clock_.now());
    }
}

}  // namespace hasim::live
