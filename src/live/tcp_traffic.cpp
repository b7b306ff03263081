// The bytes of a live network: reading, writing, and how connections end.
#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "base/assert.hpp"
#include "live/tcp_network.hpp"

namespace hasim::live {

namespace {

using boost::system::error_code;

constexpr int kReadsInARow = 16;  // then others have their turn
constexpr std::size_t kDrainedAtMost = 256U << 10;

}  // namespace

bool would_block(const error_code& error)
{
    return error == boost::asio::error::would_block || error == boost::asio::error::try_again ||
           error == boost::asio::error::interrupted;
}

sim::Ending ending_of(const error_code& error)
{
    return error == boost::asio::error::eof ? sim::Ending::fin : sim::Ending::reset;
}

// ---- Reading ----------------------------------------------------------------------------------------------------

void TcpNetwork::read(const EndPointer& end)
{
    end->socket.async_read_some(
        boost::asio::buffer(end->input), [this, end](const error_code& error, std::size_t size) {
            if (end->phase == Phase::open || end->phase == Phase::handshaking) {
                read_over(end, error, size);
            }
        });
}

void TcpNetwork::read_over(const EndPointer& end, const error_code& error, std::size_t size)
{
    if (error) {
        ended(end, end->reset_by_peer ? sim::Ending::reset : ending_of(error));
        return;
    }
    deliver(end, {end->input.data(), size});
    if (end->phase == Phase::handshaking ||
        (end->phase == Phase::open && (size < end->input.size() || read_more(end)))) {
        read(end);
    }
}

/// Reads on without waiting, as long as whole buffers come. False when the end ended.
bool TcpNetwork::read_more(const EndPointer& end)
{
    for (int i = 0; i < kReadsInARow; ++i) {
        error_code error;
        const std::size_t size = end->socket.read_some(boost::asio::buffer(scratch_), error);
        if (would_block(error)) {
            return true;
        }
        if (error) {
            ended(end, end->reset_by_peer ? sim::Ending::reset : ending_of(error));
            return false;
        }
        deliver(end, {scratch_.data(), size});
        if (end->phase != Phase::open) {
            return false;
        }
        if (size < scratch_.size()) {
            return true;
        }
    }
    return true;
}

void TcpNetwork::deliver(const EndPointer& end, std::string_view bytes)
{
    const Burst burst(*this);
    if (end->tls) {
        through_tls(end, bytes);
    } else {
        deliver_plain(end, bytes);
    }
}

void TcpNetwork::deliver_plain(const EndPointer& end, std::string_view bytes)
{
    if (end->client != sim::ClientEnd{}) {
        events_->on_client_bytes(end->client, bytes, clock_.now());
    } else {
        events_->on_server_bytes(end->server, bytes, clock_.now());
    }
}

void TcpNetwork::ended(const EndPointer& end, sim::Ending ending)
{
    if (end->phase == Phase::handshaking) {
        handshake_failed(end);
        return;
    }
    forget(*end);
    close_in_order(*end);
    if (!end->announced) {
        return;
    }
    if (end->client != sim::ClientEnd{}) {
        events_->on_client_closed(end->client, ending, clock_.now());
    } else {
        events_->on_server_closed(end->server, ending, clock_.now());
    }
}

// ---- Writing ----------------------------------------------------------------------------------------------------

void TcpNetwork::send_from_client(sim::ClientEnd client, std::string_view bytes, Instant)
{
    if (const EndPointer end = find(client)) {
        send(end, bytes);
    }
}

void TcpNetwork::send_from_server(ConnectionId connection, std::string_view bytes, Instant)
{
    if (const EndPointer end = find(connection)) {
        end->answered = true;
        send(end, bytes);
    }
}

void TcpNetwork::send(const EndPointer& end, std::string_view bytes)
{
    if (end->tls) {
        end->tls->write(bytes);
        transmit(end, end->tls->take_ciphertext());
    } else {
        transmit(end, bytes);
    }
}

void TcpNetwork::transmit(const EndPointer& end, std::string_view bytes)
{
    if ((end->phase != Phase::open && end->phase != Phase::handshaking) || bytes.empty()) {
        return;
    }
    if (bursts_ > 0 && end->queue.empty()) {
        end->held = true;
        end->queue.append(bytes);
        held_.push_back(end);
        return;
    }
    if (!end->queue.empty()) {
        enqueue(end, bytes);
        return;
    }
    error_code error;
    const std::size_t size = end->socket.write_some(boost::asio::buffer(bytes), error);
    if (error == boost::asio::error::broken_pipe || error == boost::asio::error::connection_reset) {
        // The read that waits tells how the connection ended. It would see a reset as a mere end, because the kernel
        // reports a reset once; a broken pipe means that the end of stream came first.
        end->reset_by_peer |= error == boost::asio::error::connection_reset;
        return;
    }
    if (error && !would_block(error)) {
        fail(end);
        return;
    }
    if (size < bytes.size()) {
        enqueue(end, bytes.substr(size));
    }
}

void TcpNetwork::enqueue(const EndPointer& end, std::string_view bytes)
{
    if (end->held && end->queue.size() + bytes.size() > limits_.queued_bytes) {
        release(end);  // the kernel may take some
    }
    if (end->queue.size() - end->queue_head + bytes.size() > limits_.queued_bytes) {
        fail(end);
        return;
    }
    const bool first = end->queue.empty();
    if (end->queue_head > end->queue.size() / 2) {
        end->queue.erase(0, std::exchange(end->queue_head, 0));
    }
    end->queue.append(bytes);
    if (first) {
        wait_to_write(end);
    }
}

void TcpNetwork::end_burst()
{
    if (--bursts_ == 0) {
        for (const EndPointer& end : std::exchange(held_, {})) {
            release(end);
        }
    }
}

/// Writes what a burst held back.
void TcpNetwork::release(const EndPointer& end)
{
    const bool writable = end->phase == Phase::open || end->phase == Phase::handshaking;
    if (std::exchange(end->held, false) && writable && !flush(*end)) {
        wait_to_write(end);
    }
}

void TcpNetwork::wait_to_write(const EndPointer& end)
{
    end->socket.async_wait(Socket::wait_write, [this, end](const error_code&) {
        if (end->phase != Phase::open && end->phase != Phase::handshaking &&
            end->phase != Phase::lingering) {
            return;
        }
        if (!flush(*end)) {
            wait_to_write(end);
        } else if (end->phase == Phase::lingering) {
            end->phase = Phase::gone;
            close_in_order(*end);
            std::erase(lingering_, end);
        }
    });
}

/// True when nothing is left to send, or nobody is left to send it to.
bool TcpNetwork::flush(End& end)
{
    while (end.queue_head < end.queue.size()) {
        error_code error;
        end.queue_head += end.socket.write_some(
            boost::asio::buffer(std::string_view(end.queue).substr(end.queue_head)), error);
        if (would_block(error)) {
            return false;
        }
        if (error) {
            end.reset_by_peer |= error != boost::asio::error::broken_pipe;
            break;
        }
    }
    std::string().swap(end.queue);
    end.queue_head = 0;
    return true;
}

// ---- Ending -----------------------------------------------------------------------------------------------------

void TcpNetwork::close_client(sim::ClientEnd client, sim::Ending ending, Instant)
{
    if (const EndPointer end = find(client)) {
        close(end, ending);
    }
}

void TcpNetwork::close_server(ConnectionId connection, sim::Ending ending, Instant)
{
    if (const EndPointer end = find(connection)) {
        close(end, ending);
    }
}

void TcpNetwork::close(const EndPointer& end, sim::Ending ending)
{
    if (end->tls && ending == sim::Ending::fin && end->phase == Phase::open) {
        end->tls->close();
        transmit(end, end->tls->take_ciphertext());
    }
    release(end);
    const bool lingers = ending == sim::Ending::fin && end->phase == Phase::open && !flush(*end);
    if (std::exchange(end->at_door, false)) {
        std::erase(port_of(end->appliance).at_door, end);
    }
    forget(*end);
    if (lingers) {
        linger(end);
    } else if (ending == sim::Ending::fin) {
        close_in_order(*end);
    } else {
        close_with_reset(*end);
    }
}

/// Lets the other side take the rest of the queue, though the world has no more to do with it.
void TcpNetwork::linger(const EndPointer& end)
{
    end->phase = Phase::lingering;
    lingering_.push_back(end);
    if (lingering_.size() > limits_.lingering) {
        lingering_.front()->phase = Phase::gone;
        close_with_reset(*lingering_.front());
        lingering_.pop_front();
    }
}

/// Closes a connection that the world still holds, and tells it.
void TcpNetwork::fail(const EndPointer& end)
{
    close_with_reset(*end);
    end->phase = Phase::failed;
    boost::asio::post(io_, [this, end] {
        if (end->phase == Phase::failed) {
            ended(end, sim::Ending::reset);
        }
    });
}

void TcpNetwork::close_in_order(End& end)
{
    if (!end.socket.is_open()) {
        return;
    }
    HASIM_ASSERT(end.socket.non_blocking());
    // Closing with bytes unread would turn the end of stream into a reset.
    std::array<char, 4096> unread;
    error_code error;
    static_cast<void>(end.socket.shutdown(Socket::shutdown_send, error));
    for (std::size_t drained = 0; !error && drained < kDrainedAtMost;) {
        drained += end.socket.read_some(boost::asio::buffer(unread), error);
    }
    static_cast<void>(end.socket.close(error));
}

void TcpNetwork::close_with_reset(End& end)
{
    error_code ignored;
    static_cast<void>(end.socket.set_option(boost::asio::socket_base::linger(true, 0), ignored));
    static_cast<void>(end.socket.close(ignored));
}

}  // namespace hasim::live
