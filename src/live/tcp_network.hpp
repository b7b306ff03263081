/// The network of a live world: real TCP connections over loopback, on Boost.Asio, all on the thread that runs the
/// io_context.
///
/// Fidelity. Refusals, resets and ends of stream are the kernel's own. A silent door is exact for the clients of this
/// process, whose attempts wait in here. Another process' client finds its first attempt at a silent door completed by
/// the kernel and then never answered, and further ones not answered at all.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/slot_map.hpp"
#include "live/live_clock.hpp"
#include "live/tcp_listener.hpp"
#include "sim/network/network.hpp"
#include "tls/session.hpp"

namespace hasim::live {

/// What bounds the memory and the descriptors that clients of any kind can make hasim use.
struct TcpLimits {
    std::size_t connections_per_appliance = 1024;  ///< accepted ones; more are accepted and reset
    std::size_t connections = 100'000;             ///< accepted ones of all appliances; likewise
    LiveClock::Steady::duration unanswered_for = std::chrono::seconds(
        20);  ///< how long a stranger may stay to whom the appliance had nothing to say
    std::size_t queued_bytes =
        4U << 20;  ///< not yet taken by the other side; more resets the connection
    std::size_t lingering =
        64;  ///< closed in order, but not yet all taken by the other side; more resets the oldest
};

/// Whether an operation could not be done without waiting, rather than failed.
[[nodiscard]] bool would_block(const boost::system::error_code& error);

/// How a read that ended with `error` shows that the connection ended.
[[nodiscard]] sim::Ending ending_of(const boost::system::error_code& error);

class TcpNetwork final : public sim::Network {
public:
    /// Both must outlive it. The io_context must not run on two threads.
    TcpNetwork(boost::asio::io_context& io, LiveClock& clock, TcpLimits limits = {});
    ~TcpNetwork() override;
    TcpNetwork(const TcpNetwork&) = delete;
    TcpNetwork& operator=(const TcpNetwork&) = delete;

    /// Who is told; before the io_context runs.
    void set_events(sim::NetworkEvents& events) { events_ = &events; }
    /// How long a connection of another process may stay without having had an answer; before the io_context runs.
    void set_patience_with_strangers(LiveClock::Steady::duration patience)
    {
        limits_.unanswered_for = patience;
    }
    /// How many accepted connections of all appliances there may be; before the io_context runs.
    void set_most_connections(std::size_t most) { limits_.connections = most; }
    /// Takes one line, without full stop, for what went wrong and does not concern one connection alone.
    void set_diagnostics(std::function<void(const std::string&)> tell) { tell_ = std::move(tell); }

    /// Opens the ports of appliances 0 to count-1: `base_port` and the ones that follow, or free ones. An appliance
    /// that appears later gets the next. The answer is empty, or what is wrong: a port asked for is taken, or there
    /// are too few descriptors.
    [[nodiscard]] std::string listen(std::size_t count, std::optional<std::uint16_t> base_port);

    /// The appliance is another process': it is reached there, and nothing is opened for it here.
    void set_remote(ApplianceIndex appliance, const boost::asio::ip::tcp::endpoint& endpoint);

    /// Connections of clients of this process are TLS from now on; before the io_context runs.
    void use_client_tls(tls::Context context) { client_tls_ = std::move(context); }
    /// So are those to the appliances of this process; `expired` is what one with an expired certificate shows.
    void use_server_tls(tls::Context context, tls::Context expired)
    {
        server_tls_ = std::move(context);
        expired_tls_ = std::move(expired);
    }

    /// Where an appliance listens; 0 when it does not.
    [[nodiscard]] std::uint16_t port(ApplianceIndex appliance) const;
    /// "127.0.0.1:40213"
    [[nodiscard]] std::string address(ApplianceIndex appliance) const;

    /// Connections that stand or are being made, of both sides.
    [[nodiscard]] std::size_t size() const { return client_ends_ + servers_.size(); }

    /// While one stands, what is sent is kept, and goes out with one write a connection when the last has ended.
    class Burst {
    public:
        explicit Burst(TcpNetwork& network) : network_(network) { ++network_.bursts_; }
        ~Burst() { network_.end_burst(); }
        Burst(const Burst&) = delete;
        Burst& operator=(const Burst&) = delete;

    private:
        TcpNetwork& network_;
    };

    // The world's time is not used: here things take the time they take.
    void connect(sim::ClientEnd end, ApplianceIndex appliance, Instant now) override;
    void send_from_client(sim::ClientEnd end, std::string_view bytes, Instant now) override;
    void close_client(sim::ClientEnd end, sim::Ending ending, Instant now) override;
    void send_from_server(ConnectionId connection, std::string_view bytes, Instant now) override;
    void close_server(ConnectionId connection, sim::Ending ending, Instant now) override;
    void set_door(ApplianceIndex appliance, sim::Door door, Instant now) override;
    void set_certificate_expired(ApplianceIndex appliance, bool expired) override;

private:
    using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

    using Timer =
        boost::asio::basic_waitable_timer<LiveClock::Steady,
                                          boost::asio::wait_traits<LiveClock::Steady>, Executor>;

    enum class Phase : std::uint8_t {
        connecting,  ///< a client's attempt
        handshaking,  ///< TLS; the world does not know of it yet
        open,
        failed,     ///< closed here for a reason the world is yet to be told
        lingering,  ///< closed by the world; the rest of the queue is still being sent
        gone,       ///< forgotten; kept alive only by handlers that will do nothing
    };

    /// One end of a connection: a client's or an appliance's.
    struct End {
        explicit End(const Executor& executor) : socket(executor) {}
        Socket socket;
        sim::ClientEnd client{};  ///< of a client's end, else 0
        ConnectionId server{};    ///< of an appliance's end, else 0
        ApplianceIndex appliance = 0;
        Phase phase = Phase::connecting;
        bool answered = false;  ///< an appliance's end: something was sent
        bool at_door = false;   ///< waits at a silent door
        bool announced = false;  ///< the world knows of it: a standing one
        std::optional<tls::Session> tls;
        bool reset_by_peer =
            false;          ///< a write met the reset; the read that follows may see only an end
        std::string queue;  ///< what the kernel did not take yet, from `queue_head`
        std::size_t queue_head = 0;
        bool held = false;  ///< the queue waits for the end of a burst, not for the kernel
        std::array<char, 4096> input;
    };
    using EndPointer = std::shared_ptr<End>;

    struct Port {
        explicit Port(const Executor& executor) : listener(executor) {}
        TcpListener listener;
        bool claimed = false;
        bool certificate_expired = false;
        std::optional<boost::asio::ip::tcp::endpoint> remote;
        bool waits = false;  ///< an asynchronous wait for attempts is under way
        bool over_limit_told = false;
        std::size_t connections = 0;
        std::vector<EndPointer> at_door;
    };

    [[nodiscard]] std::string claim(Port& port, ApplianceIndex appliance);
    [[nodiscard]] Port& port_of(ApplianceIndex appliance);
    [[nodiscard]] EndPointer find(sim::ClientEnd end) const;
    [[nodiscard]] EndPointer find(ConnectionId connection);

    static void make_non_blocking(End& end, boost::system::error_code& error);
    void start_attempt(const EndPointer& end);
    void attempt_over(const EndPointer& end, const boost::system::error_code& error);
    void wait_for_attempts(ApplianceIndex appliance);
    void accept(ApplianceIndex appliance);
    void accepted(ApplianceIndex appliance, const EndPointer& end);
    [[nodiscard]] bool is_own(const End& accepted) const;
    void watch_strangers();
    void drop_strangers();
    void accept_failed(const boost::system::error_code& error, ApplianceIndex appliance);

    void read(const EndPointer& end);
    void read_over(const EndPointer& end, const boost::system::error_code& error, std::size_t size);
    bool read_more(const EndPointer& end);
    void deliver(const EndPointer& end, std::string_view bytes);
    void ended(const EndPointer& end, sim::Ending ending);

    void deliver_plain(const EndPointer& end, std::string_view bytes);

    // tcp_tls.cpp
    void begin_handshake(const EndPointer& end, const tls::Context& context);
    void through_tls(const EndPointer& end, std::string_view ciphertext);
    void handshake_failed(const EndPointer& end);
    void announce(const EndPointer& end);

    void send(const EndPointer& end, std::string_view bytes);
    void transmit(const EndPointer& end, std::string_view bytes);
    void enqueue(const EndPointer& end, std::string_view bytes);
    void wait_to_write(const EndPointer& end);
    bool flush(End& end);
    void end_burst();
    void release(const EndPointer& end);

    void close(const EndPointer& end, sim::Ending ending);
    void close_in_order(End& end);
    void close_with_reset(End& end);
    void fail(const EndPointer& end);
    void linger(const EndPointer& end);
    void forget(End& end);
    void diagnose(const std::string& text) const;

    boost::asio::io_context& io_;
    LiveClock& clock_;
    TcpLimits limits_;
    sim::NetworkEvents* events_ = nullptr;
    std::function<void(const std::string&)> tell_;
    std::optional<std::uint16_t> base_port_;
    std::deque<Port> ports_;           ///< by ApplianceIndex
    std::vector<EndPointer> clients_;  ///< by the slot of the ClientEnd
    std::size_t client_ends_ = 0;
    SlotMap<ConnectionId, EndPointer> servers_;
    std::deque<EndPointer> lingering_;
    int bursts_ = 0;
    std::vector<EndPointer> held_;  ///< with something to be written at the end of the burst
    Timer accept_again_;
    std::deque<std::pair<LiveClock::Real, ConnectionId>>
        unanswered_;  ///< accepted, in this order, with the time until which they may stay
    Timer stranger_timer_;
    bool stranger_timer_set_ = false;
    bool strangers_told_ = false;
    bool over_limit_told_ = false;
    std::vector<ApplianceIndex> accept_later_;  ///< met a lack of descriptors
    bool accept_failure_told_ = false;
    std::optional<tls::Context> client_tls_;
    std::optional<tls::Context> server_tls_;
    std::optional<tls::Context> expired_tls_;
    std::shared_ptr<bool> alive_;  ///< for handlers that belong to no end
    std::vector<char> scratch_;
};

}  // namespace hasim::live
