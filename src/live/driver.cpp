#include "live/driver.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "live/handler_watch.hpp"
#include "live/short_wait.hpp"

namespace hasim::live {

namespace {

constexpr int kStepsInARow = 1000;
constexpr std::chrono::milliseconds kTimeInARow{10};  ///< then the network, signals and users have their turn
constexpr auto kPauseOfAHurriedMachine = std::chrono::milliseconds(1);
constexpr int kInterrupted = 130;

}  // namespace

void Driver::drive(Steppable& machine, sim::NetworkEvents& events)
{
    machine_ = &machine;
    events_ = &events;
}

void Driver::catch_signals(std::function<void(int signal)> stop_asked)
{
    stop_asked_ = std::move(stop_asked);
    signals_.emplace(io_);
    signals_->add(SIGINT);
    signals_->add(SIGTERM);
    // Whoever started it with nohup wants it to outlive the terminal.
    struct sigaction hangup {};
    if (::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
        signals_->add(SIGHUP);
    }
    wait_for_signal();
}

void Driver::wait_for_signal()
{
    signals_->async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) {
            return;
        }
        const HandlerCheck check;
        if (++signals_seen_ > 1) {
            stop(kInterrupted);
            return;
        }
        wait_for_signal();
        stop_asked_(signal);
        settle();
    });
}

int Driver::run()
{
    HASIM_ASSERT(machine_ != nullptr && events_ != nullptr);
    status_ = 0;
    // First, because what is due at once may say stop().
    io_.restart();
    settle();
    ShortWait wait;
    while (!io_.stopped()) {
        if (!wait.look(io_, [] { return false; })) {
            wait.sleep(io_);
        }
    }
    return status_;
}

void Driver::stop(int status)
{
    status_ = status;
    io_.stop();
}

void Driver::settle()
{
    if (machine_ == nullptr) {
        return;
    }
    behind_ = false;
    Instant stepped = kNever;
    const auto until = LiveClock::Steady::now() + kTimeInARow;
    for (int i = 0; i < kStepsInARow; ++i) {
        const std::optional<Instant> deadline = machine_->next_deadline();
        if (!deadline) {
            return;
        }
        const Instant now = clock_.now();
        if (*deadline > now) {
            if (*deadline < armed_for_) {
                armed_for_ = *deadline;
                arm(clock_.real_of(*deadline));
            }
            return;
        }
        if (*deadline > stepped) {  // it was to come when the last step began, which took too long
            lateness_ = std::max(lateness_, now - *deadline);
        }
        if (i > 0 && LiveClock::Steady::now() >= until) {
            behind_ = true;
            armed_for_ = kStart;
            arm(LiveClock::Steady::now());
            return;
        }
        stepped = now;
        machine_->step(now);
    }
    // It always has more to do at once: let the network have its turn, and never turn into a busy loop.
    armed_for_ = kStart;
    arm(LiveClock::Steady::now() + kPauseOfAHurriedMachine);
}

void Driver::note_lateness(Instant now)
{
    if (armed_for_ > kStart && now > armed_for_) {  // kNever is never passed
        lateness_ = std::max(lateness_, now - armed_for_);
    }
}

void Driver::arm(LiveClock::Real at)
{
    armed_ = at;
    ++timer_settings_;
    timer_.expires_at(at);
    timer_.async_wait([this, at](const boost::system::error_code& error) {
        // One that was replaced may come late, with or without an error: only the newest counts.
        if (!error && armed_ == at) {
            const HandlerCheck check;
            note_lateness(clock_.now());
            armed_ = LiveClock::Real::max();
            armed_for_ = kNever;
            settle();
        }
    });
}

void Driver::after_event(Instant now)
{
    note_lateness(now);
    if (behind_) {
        return;  // the timer goes on, as soon as the network had its turn
    }
    const std::optional<Instant> deadline = machine_->next_deadline();
    if (deadline && (*deadline <= now || *deadline < armed_for_)) {
        settle();
    }
}

void Driver::on_connected(sim::ClientEnd end, Instant now)
{
    const HandlerCheck check;
    events_->on_connected(end, now);
    after_event(now);
}

void Driver::on_connect_failed(sim::ClientEnd end, Code code, Instant now)
{
    const HandlerCheck check;
    events_->on_connect_failed(end, code, now);
    after_event(now);
}

void Driver::on_client_bytes(sim::ClientEnd end, std::string_view bytes, Instant now)
{
    const HandlerCheck check;
    events_->on_client_bytes(end, bytes, now);
    after_event(now);
}

void Driver::on_client_closed(sim::ClientEnd end, sim::Ending ending, Instant now)
{
    const HandlerCheck check;
    events_->on_client_closed(end, ending, now);
    after_event(now);
}

void Driver::on_accepted(ConnectionId connection, ApplianceIndex appliance, Instant now)
{
    const HandlerCheck check;
    events_->on_accepted(connection, appliance, now);
    after_event(now);
}

void Driver::on_server_bytes(ConnectionId connection, std::string_view bytes, Instant now)
{
    const HandlerCheck check;
    events_->on_server_bytes(connection, bytes, now);
    after_event(now);
}

void Driver::on_server_closed(ConnectionId connection, sim::Ending ending, Instant now)
{
    const HandlerCheck check;
    events_->on_server_closed(connection, ending, now);
    after_event(now);
}

}  // namespace hasim::live
