/// A world over real sockets: the play, its network and its clock, from start to end.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "live/driver.hpp"
#include "live/live_clock.hpp"
#include "live/tcp_network.hpp"
#include "play/play.hpp"
#include "token/token_pool.hpp"

namespace hasim::cli {

/// How strictly a run over TCP is judged: ranges give way by 250 ms of real time, and texts count.
[[nodiscard]] play::Tolerance live_tolerance(double speed);

class LiveStage final : public live::Steppable {
public:
    /// `speed` as in --speed. The clock starts to run with run(). `tokens` stand behind the appliances; null: none do.
    LiveStage(const play::PlayOptions& options, double speed,
              std::unique_ptr<token::TokenModule> tokens = nullptr);

    /// Opens the appliances' ports; an error text when that fails (for exit code 3). `http`: HTTP will be served, too.
    [[nodiscard]] std::string listen(std::optional<std::uint16_t> base_port, bool http = false);
    /// How many connections HTTP may have, so that there are descriptors for everything.
    [[nodiscard]] std::size_t http_connections() const { return http_connections_; }

    /// Plays until `end`, or until stop(). `at_end` is called once when the end is reached, before anything is closed.
    /// `clients`: whether the application's side starts too. Returns 0, or 130 when a second signal ended it.
    int run(std::optional<Instant> end, bool clients, std::function<void()> at_end);

    /// The same for a lab: appliances, and no client of this process. The clock stands at 0 s until start_clock().
    int run_lab();
    void start_clock();

    /// Empty, or a sentence: the loop came late by more than a quarter of ReceiveTimeout, so what was late is the
    /// machine's doing and not the scenario's.
    [[nodiscard]] std::string too_slow();

    /// Is told once what too_slow() says, when it begins to say it.
    void on_slow(std::function<void(const std::string&)> listener)
    {
        on_slow_ = std::move(listener);
    }

    /// C_Finalize of every client, then the end. For a first Ctrl-C.
    void finalize_and_stop();
    void stop() { driver_->stop(); }

    [[nodiscard]] play::Play& play() { return play_; }
    [[nodiscard]] live::TcpNetwork& network() { return network_; }
    [[nodiscard]] live::Driver& driver() { return *driver_; }
    [[nodiscard]] boost::asio::io_context& io() { return io_; }

    [[nodiscard]] std::optional<Instant> next_deadline() const override;
    void step(Instant now) override;

private:
    [[nodiscard]] bool is_slow();

    boost::asio::io_context io_{live::Driver::kOneThread};
    live::LiveClock clock_;
    live::TcpNetwork network_;
    std::unique_ptr<token::TokenPool> tokens_;
    sim::EventQueue queue_;
    play::Play play_;
    std::unique_ptr<live::Driver> driver_;
    std::size_t http_connections_ = 0;
    std::optional<Instant> end_;
    std::function<void()> at_end_;
    std::function<void(const std::string&)> on_slow_;
};

}  // namespace hasim::cli
