#include "live/tcp_network.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "base/assert.hpp"

// How ends live. An end is in `clients_` or `servers_` from its making to forget(), which makes it `gone`. Handlers
// hold it by a shared pointer, so that its buffers stay, and each begins by asking for its phase: a late completion of
// a dead socket finds `gone` and touches nothing else, not even the network. Everything the world is told comes from a
// handler of the io_context; what is found out inside a function of Network is posted.

namespace hasim::live {

namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kScratchSize = 64U << 10;
constexpr auto kAcceptAgainAfter = std::chrono::milliseconds(100);

/// The low half of an id: a small number.
std::size_t slot_of(sim::ClientEnd end)
{
    return static_cast<std::size_t>(end.value & 0xffffffff);
}

}  // namespace

TcpNetwork::TcpNetwork(boost::asio::io_context& io, LiveClock& clock, TcpLimits limits)
    : io_(io),
      clock_(clock),
      limits_(limits),
      accept_again_(io),
      stranger_timer_(io),
      alive_(std::make_shared<bool>(true)),
      scratch_(kScratchSize)
{
}

TcpNetwork::~TcpNetwork()
{
    *alive_ = false;
    for (const EndPointer& end : clients_) {
        if (end) {
            end->phase = Phase::gone;
            close_in_order(*end);
        }
    }
    servers_.remove_if([this](const EndPointer& end) {
        end->phase = Phase::gone;
        close_in_order(*end);
        return true;
    });
    for (const EndPointer& end : lingering_) {
        end->phase = Phase::gone;
        close_with_reset(*end);
    }
}

// ---- Ports ------------------------------------------------------------------------------------------------------

std::string TcpNetwork::listen(std::size_t count, std::optional<std::uint16_t> base_port)
{
    base_port_ = base_port;
    for (ApplianceIndex appliance = 0; appliance < count; ++appliance) {
        Port& port = port_of(appliance);
        if (std::string error = port.claimed ? "" : claim(port, appliance); !error.empty()) {
            return error;
        }
    }
    return {};
}

std::string TcpNetwork::claim(Port& port, ApplianceIndex appliance)
{
    const std::uint32_t number = base_port_ ? *base_port_ + appliance : 0;
    if (number > 0xffff) {
        return fmt::format(
            "hsm{} would listen on port {}, and 65535 is the last; begin with a lower one",
            appliance + 1, number);
    }
    const error_code error = port.listener.claim(static_cast<std::uint16_t>(number));
    if (error == boost::asio::error::address_in_use) {
        return fmt::format(
            "port {} of 127.0.0.1, for hsm{}, is taken by another program; end that one, or begin "
            "with "
            "another port",
            number, appliance + 1);
    }
    if (error && number != 0) {
        return fmt::format("hsm{} cannot listen on port {} of 127.0.0.1: {}", appliance + 1, number,
                           error.message());
    }
    if (error) {
        return fmt::format("hsm{} cannot listen on 127.0.0.1: {}", appliance + 1, error.message());
    }
    port.claimed = true;
    wait_for_attempts(appliance);
    return {};
}

void TcpNetwork::set_remote(ApplianceIndex appliance, const tcp::endpoint& endpoint)
{
    port_of(appliance).remote = endpoint;
}

TcpNetwork::Port& TcpNetwork::port_of(ApplianceIndex appliance)
{
    while (ports_.size() <= appliance) {
        ports_.emplace_back(io_.get_executor());
    }
    return ports_[appliance];
}

std::uint16_t TcpNetwork::port(ApplianceIndex appliance) const
{
    return appliance < ports_.size() && ports_[appliance].claimed
               ? ports_[appliance].listener.port()
               : std::uint16_t{0};
}

std::string TcpNetwork::address(ApplianceIndex appliance) const
{
    return fmt::format("127.0.0.1:{}", port(appliance));
}

void TcpNetwork::set_door(ApplianceIndex appliance, sim::Door door, Instant)
{
    Port& port = port_of(appliance);
    if (!port.claimed) {
        if (const std::string error = claim(port, appliance); !error.empty()) {
            diagnose(error);
            return;
        }
    }
    if (door == port.listener.door()) {
        return;
    }
    if (const error_code error = port.listener.set_door(door); error) {
        diagnose(fmt::format("hsm{} cannot open its port {} again: {}", appliance + 1,
                             port.listener.port(), error.message()));
    }
    if (door == sim::Door::silent) {
        return;
    }
    for (const EndPointer& end : std::exchange(port.at_door, {})) {
        end->at_door = false;
        boost::asio::post(io_, [this, end] {
            if (end->phase == Phase::connecting) {
                start_attempt(end);
            }
        });
    }
    if (door == sim::Door::open) {
        // Attempts may be in the kernel's queue since before the door was silent.
        boost::asio::post(io_, [this, appliance, alive = alive_] {
            if (*alive) {
                accept(appliance);
            }
        });
    }
}

// ---- A client's attempts ----------------------------------------------------------------------------------------

void TcpNetwork::connect(sim::ClientEnd client, ApplianceIndex appliance, Instant)
{
    const auto end = std::make_shared<End>(io_.get_executor());
    end->client = client;
    end->appliance = appliance;
    const std::size_t slot = slot_of(client);
    if (clients_.size() <= slot) {
        clients_.resize(slot + 1);
    }
    HASIM_ASSERT(!clients_[slot]);
    clients_[slot] = end;
    ++client_ends_;
    // Decided after the world's step: a door that changes at the same instant counts, as it does in virtual time.
    boost::asio::post(io_, [this, end] {
        if (end->phase == Phase::connecting) {
            start_attempt(end);
        }
    });
}

void TcpNetwork::start_attempt(const EndPointer& end)
{
    Port& port = port_of(end->appliance);
    if (!port.remote && !port.claimed) {
        if (const std::string error = claim(port, end->appliance); !error.empty()) {
            diagnose(error);
            forget(*end);
            events_->on_connect_failed(end->client, Code::unable_to_connect, clock_.now());
            return;
        }
    }
    if (!port.remote && port.listener.door() == sim::Door::silent) {
        end->at_door = true;
        port.at_door.push_back(end);
        return;
    }
    error_code error;
    static_cast<void>(end->socket.open(tcp::v4(), error));
    if (!error) {
        make_non_blocking(*end, error);
    }
    if (error) {
        diagnose(fmt::format("no connection to hsm{} can be made: {}", end->appliance + 1,
                             error.message()));
        attempt_over(end, error);
        return;
    }
    const tcp::endpoint& target = port.remote ? *port.remote : port.listener.endpoint();
    end->socket.async_connect(target, [this, end](const error_code& result) {
        if (end->phase == Phase::connecting) {
            attempt_over(end, result);
        }
    });
}

/// Called where a socket is made, and nowhere else: from then on no call on it can wait, in whatever phase it ends.
void TcpNetwork::make_non_blocking(End& end, error_code& error)
{
    static_cast<void>(end.socket.non_blocking(true, error));
    error_code ignored;
    static_cast<void>(end.socket.set_option(tcp::no_delay(true), ignored));
}

void TcpNetwork::attempt_over(const EndPointer& end, const error_code& error)
{
    Port& port = port_of(end->appliance);
    if (!error && !port.remote && port.listener.door() == sim::Door::silent) {
        // The door changed while the kernel was connecting: nobody has answered, as far as the world is concerned.
        close_with_reset(*end);
        end->at_door = true;
        port.at_door.push_back(end);
        return;
    }
    if (error || (!port.remote && port.listener.door() == sim::Door::refused)) {
        forget(*end);
        close_with_reset(*end);
        events_->on_connect_failed(end->client, Code::unable_to_connect, clock_.now());
        return;
    }
    if (client_tls_) {
        begin_handshake(end, *client_tls_);
        return;
    }
    announce(end);
    if (end->phase == Phase::open) {
        read(end);
    }
}

// ---- An appliance's accepting -----------------------------------------------------------------------------------

void TcpNetwork::wait_for_attempts(ApplianceIndex appliance)
{
    Port& port = ports_[appliance];
    if (port.waits || port.listener.door() != sim::Door::open) {
        return;
    }
    port.waits = true;
    port.listener.acceptor().async_wait(tcp::acceptor::wait_read,
                                        [this, appliance, alive = alive_](const error_code&) {
                                            if (*alive) {
                                                ports_[appliance].waits = false;
                                                accept(appliance);
                                            }
                                        });
}

void TcpNetwork::accept(ApplianceIndex appliance)
{
    Port& port = ports_[appliance];
    while (port.listener.door() == sim::Door::open) {
        const auto end = std::make_shared<End>(io_.get_executor());
        error_code error;
        static_cast<void>(port.listener.acceptor().accept(end->socket, error));
        if (!error) {
            make_non_blocking(*end, error);
        }
        if (!error) {
            accepted(appliance, end);
        } else if (would_block(error)) {
            wait_for_attempts(appliance);
            return;
        } else if (error != boost::asio::error::connection_aborted) {
            accept_failed(error, appliance);
            return;
        }
    }
}

void TcpNetwork::accepted(ApplianceIndex appliance, const EndPointer& end)
{
    Port& port = ports_[appliance];
    // There is always a place for the clients of this process, whose number the configuration bounds.
    const bool full_port = port.connections >= limits_.connections_per_appliance;
    if ((full_port || servers_.size() >= limits_.connections) && !is_own(*end)) {
        if (full_port && !std::exchange(port.over_limit_told, true)) {
            diagnose(fmt::format("hsm{} has {} connections, as many as it may have: more are reset",
                                 appliance + 1, port.connections));
        } else if (!full_port && !std::exchange(over_limit_told_, true)) {
            diagnose(fmt::format(
                "the appliances have {} connections, as many as the limit of open descriptors "
                "(ulimit -n) lets them: more are reset",
                servers_.size()));
        }
        close_with_reset(*end);
        return;
    }
    end->appliance = appliance;
    end->server = servers_.add(end);
    accept_failure_told_ = false;
    ++port.connections;
    unanswered_.emplace_back(LiveClock::Steady::now() + limits_.unanswered_for, end->server);
    watch_strangers();
    if (server_tls_) {
        begin_handshake(end, port.certificate_expired ? *expired_tls_ : *server_tls_);
        return;
    }
    announce(end);
    if (end->phase == Phase::open) {
        read(end);
    }
}

/// Whether the other end is a client of this process.
bool TcpNetwork::is_own(const End& accepted) const
{
    error_code error;
    const tcp::endpoint peer = accepted.socket.remote_endpoint(error);
    if (error) {
        return false;
    }
    return std::ranges::any_of(clients_, [&](const EndPointer& client) {
        error_code unnamed;
        return client && client->socket.is_open() &&
               client->socket.local_endpoint(unnamed) == peer && !unnamed;
    });
}

/// Whoever connects and does not open a partition takes a place that a client may need.
void TcpNetwork::watch_strangers()
{
    if (stranger_timer_set_ || unanswered_.empty()) {
        return;
    }
    stranger_timer_set_ = true;
    stranger_timer_.expires_at(unanswered_.front().first);
    stranger_timer_.async_wait([this, alive = alive_](const error_code&) {
        if (*alive) {
            stranger_timer_set_ = false;
            drop_strangers();
            watch_strangers();
        }
    });
}

void TcpNetwork::drop_strangers()
{
    const LiveClock::Real now = LiveClock::Steady::now();
    while (!unanswered_.empty() && unanswered_.front().first <= now) {
        const EndPointer end = find(unanswered_.front().second);
        unanswered_.pop_front();
        if (!end || (end->phase != Phase::open && end->phase != Phase::handshaking) ||
            end->answered || is_own(*end)) {
            continue;
        }
        if (!std::exchange(strangers_told_, true)) {
            diagnose(
                fmt::format("hsm{} closes connections that did not open a partition within "
                            "ReceiveTimeout",
                            end->appliance + 1));
        }
        fail(end);
    }
}

void TcpNetwork::accept_failed(const error_code& error, ApplianceIndex appliance)
{
    // Too few descriptors or too little memory: the attempt stays in the kernel's queue. Waiting for it would end at
    // once, over and over, so all ports that met this try again a little later.
    if (!std::exchange(accept_failure_told_, true)) {
        diagnose(fmt::format("hsm{} cannot accept a connection, and tries again: {}", appliance + 1,
                             error.message()));
    }
    if (accept_later_.empty()) {
        accept_again_.expires_after(kAcceptAgainAfter);
        accept_again_.async_wait([this, alive = alive_](const error_code&) {
            if (*alive) {
                for (const ApplianceIndex later : std::exchange(accept_later_, {})) {
                    accept(later);
                }
            }
        });
    }
    accept_later_.push_back(appliance);
}

/// Takes the end out of what the world can name. The caller holds it, and closes its socket.
void TcpNetwork::forget(End& end)
{
    end.phase = Phase::gone;
    if (end.client != sim::ClientEnd{}) {
        clients_[slot_of(end.client)].reset();
        --client_ends_;
    } else {
        servers_.remove(end.server);
        Port& port = ports_[end.appliance];
        --port.connections;
        port.over_limit_told = false;
    }
}

// ---- Small things -----------------------------------------------------------------------------------------------

TcpNetwork::EndPointer TcpNetwork::find(sim::ClientEnd client) const
{
    const std::size_t slot = slot_of(client);
    return slot < clients_.size() && clients_[slot] && clients_[slot]->client == client
               ? clients_[slot]
               : nullptr;
}

TcpNetwork::EndPointer TcpNetwork::find(ConnectionId connection)
{
    const EndPointer* end = servers_.find(connection);
    return end != nullptr ? *end : nullptr;
}

void TcpNetwork::diagnose(const std::string& text) const
{
    if (tell_) {
        tell_(text);
    }
}

}  // namespace hasim::live
