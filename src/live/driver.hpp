/// The live loop: one io_context on one thread, one timer, one machine.
#pragma once

#include <csignal>
#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "live/live_clock.hpp"
#include "sim/network/network.hpp"

namespace hasim::live {

/// What a driver runs: something that says when it wants to be stepped, and does what is due.
class Steppable {
public:
    virtual ~Steppable() = default;
    [[nodiscard]] virtual std::optional<Instant> next_deadline() const = 0;
    /// After it, next_deadline() is later than `now` (or it is stepped again, within bounds).
    virtual void step(Instant now) = 0;
};

/// Anything with those two functions, as a Steppable. Does not own it.
template <class Machine>
class SteppableOf final : public Steppable {
public:
    explicit SteppableOf(Machine& machine) : machine_(machine) {}
    [[nodiscard]] std::optional<Instant> next_deadline() const override
    {
        return machine_.next_deadline();
    }
    void step(Instant now) override { machine_.step(now); }

private:
    Machine& machine_;
};

/// Runs a Steppable in real time. Sits between a live network and its events, so that after each of them what has
/// become due is done and the timer is right. Everything happens on the thread that calls run(); there is no other.
class Driver final : public sim::NetworkEvents {
public:
    /// An io_context that one thread runs: without locks.
    static constexpr int kOneThread = BOOST_ASIO_CONCURRENCY_HINT_UNSAFE;

    Driver(boost::asio::io_context& io, LiveClock& clock) : io_(io), clock_(clock), timer_(io) {}

    /// What to run and whom to hand the network's events on to; before run(). Not owned.
    void drive(Steppable& machine, sim::NetworkEvents& events);

    /// SIGINT, SIGTERM and SIGHUP: the first calls `stop_asked` with its number, once, from the loop; the second ends
    /// run() with 130 at once.
    void catch_signals(std::function<void(int signal)> stop_asked);

    /// Leaves signals to whatever they did before: once run() is over, Ctrl-C ends the process.
    void release_signals() { signals_.reset(); }

    /// Runs until stop(). The answer is what stop() was given, or 130 after a second signal.
    [[nodiscard]] int run();
    /// Ends run() after the handler that runs now.
    void stop(int status = 0);

    /// The present on the time line, to call the machine with.
    [[nodiscard]] Instant now() { return clock_.now(); }

    /// The clock was set: the timer's time means nothing any more.
    void clock_changed()
    {
        armed_for_ = kNever;
        settle();
    }

    /// Does what is due and sets the timer. To be called after anything else than the network or the timer has touched
    /// the machine: a command of a user, a changed file.
    void settle();

    [[nodiscard]] bool interrupted() const { return signals_seen_ > 0; }

    /// The most by which the loop came late to something that was due, on the time line: how long the machine, or a
    /// handler, kept it.
    [[nodiscard]] Duration lateness() const { return lateness_; }

    /// How often the timer was set: for tests, since each time costs a system call.
    [[nodiscard]] std::uint64_t timer_settings() const { return timer_settings_; }

    void on_connected(sim::ClientEnd end, Instant now) override;
    void on_connect_failed(sim::ClientEnd end, Code code, Instant now) override;
    void on_client_bytes(sim::ClientEnd end, std::string_view bytes, Instant now) override;
    void on_client_closed(sim::ClientEnd end, sim::Ending ending, Instant now) override;
    void on_accepted(ConnectionId connection, ApplianceIndex appliance, Instant now) override;
    void on_server_bytes(ConnectionId connection, std::string_view bytes, Instant now) override;
    void on_server_closed(ConnectionId connection, sim::Ending ending, Instant now) override;

private:
    void after_event(Instant now);
    void note_lateness(Instant now);
    void arm(LiveClock::Real at);
    void wait_for_signal();

    boost::asio::io_context& io_;
    LiveClock& clock_;
    boost::asio::steady_timer timer_;
    /// Made when it is asked for: Asio allows one in the process when its io_context goes without locks, and a process
    /// may run several drivers, on a thread each.
    std::optional<boost::asio::signal_set> signals_;
    Steppable* machine_ = nullptr;
    sim::NetworkEvents* events_ = nullptr;
    std::function<void(int signal)> stop_asked_;
    LiveClock::Real armed_ =
        LiveClock::Real::max();   ///< when the timer fires; max(): it is not set
    Instant armed_for_ = kNever;  ///< the deadline it was set for
    bool behind_ = false;  ///< more is due than could be done in a row; the timer is set to go on
    Duration lateness_{};
    std::uint64_t timer_settings_ = 0;
    int signals_seen_ = 0;
    int status_ = 0;
};

}  // namespace hasim::live
