#include "live/driver.hpp"

#include <csignal>
#include <vector>

#include <boost/asio/post.hpp>

#include "loop.hpp"

namespace hasim::live {

namespace {

using namespace std::chrono_literals;

/// Wants to be stepped at given Instants, and remembers when it was.
class Agenda final : public Steppable {
public:
    [[nodiscard]] std::optional<Instant> next_deadline() const override
    {
        return due.empty() ? std::nullopt : std::optional(due.front());
    }

    void step(Instant now) override
    {
        steps.push_back(now);
        while (!due.empty() && due.front() <= now) {
            due.erase(due.begin());
        }
        if (after_step) {
            after_step();
        }
    }

    std::vector<Instant> due;
    std::vector<Instant> steps;
    std::function<void()> after_step;
};

/// Passes events on to a function.
class Events final : public sim::NetworkEvents {
public:
    void on_connected(sim::ClientEnd, Instant) override { happened(); }
    void on_connect_failed(sim::ClientEnd, Code, Instant) override { happened(); }
    void on_client_bytes(sim::ClientEnd, std::string_view, Instant) override { happened(); }
    void on_client_closed(sim::ClientEnd, sim::Ending, Instant) override { happened(); }
    void on_accepted(ConnectionId, ApplianceIndex, Instant) override { happened(); }
    void on_server_bytes(ConnectionId, std::string_view, Instant) override { happened(); }
    void on_server_closed(ConnectionId, sim::Ending, Instant) override { happened(); }

    std::function<void()> happened = [] {};
};

struct DriverBench {
    boost::asio::io_context io{Driver::kOneThread};
    LiveClock clock;
    Driver driver{io, clock};
    Agenda agenda;
    Events events;

    /// Time begins `later`, for a test that has things to do before anything is due.
    explicit DriverBench(LiveClock::Steady::duration later = {})
        : clock(LiveClock::Steady::now() + later, WallTime{}, 1000)
    {
        driver.drive(agenda, events);
    }
};

}  // namespace

TEST_CASE("a machine is stepped when its deadline has come, not before, and time never goes back")
{
    DriverBench bench;
    bench.agenda.due = {kStart + 1s, kStart + 2s, kStart + 2s + 1ns, kStart + 5s};
    bench.agenda.after_step = [&] {
        if (bench.agenda.due.empty()) {
            bench.driver.stop(7);
        }
    };
    CHECK(bench.driver.run() == 7);
    REQUIRE(!bench.agenda.steps.empty());
    CHECK(bench.agenda.steps.front() >= kStart + 1s);
    CHECK(bench.agenda.steps.back() >= kStart + 5s);
    CHECK(std::is_sorted(bench.agenda.steps.begin(), bench.agenda.steps.end()));
}

TEST_CASE("the timer is set again only when the deadline comes nearer")
{
    DriverBench bench;
    bench.agenda.due = {kStart + 24h * 1000};
    bench.driver.settle();
    CHECK(bench.driver.timer_settings() == 1);
    for (int i = 1; i < 100; ++i) {
        bench.agenda.due = {kStart + 24h * 1000 + i * 1s};
        bench.driver.on_client_bytes(sim::ClientEnd{1}, "x", bench.driver.now());
    }
    CHECK(bench.driver.timer_settings() == 1);
    bench.agenda.due = {kStart + 23h * 1000};
    bench.driver.on_client_bytes(sim::ClientEnd{1}, "x", bench.driver.now());
    CHECK(bench.driver.timer_settings() == 2);
    CHECK(bench.agenda.steps.empty());
}

TEST_CASE("a timer that fires for a deadline that has moved on just waits for the new one")
{
    DriverBench bench(500ms);
    bench.agenda.due = {kStart + 1s};
    bench.driver.settle();
    bench.agenda.due = {kStart + 3s};
    bench.agenda.after_step = [&] { bench.driver.stop(); };
    CHECK(bench.driver.run() == 0);
    CHECK(bench.agenda.steps.size() == 1);
    CHECK(bench.agenda.steps.front() >= kStart + 3s);
}

TEST_CASE("what a network event makes due is done at once")
{
    DriverBench bench;
    bench.events.happened = [&] { bench.agenda.due = {bench.driver.now()}; };
    bench.driver.on_connected(sim::ClientEnd{1}, bench.driver.now());
    CHECK(bench.agenda.steps.size() == 1);
    bench.driver.on_connect_failed(sim::ClientEnd{1}, Code::unable_to_connect, bench.driver.now());
    bench.driver.on_client_closed(sim::ClientEnd{1}, sim::Ending::fin, bench.driver.now());
    bench.driver.on_accepted(ConnectionId{1}, 0, bench.driver.now());
    bench.driver.on_server_bytes(ConnectionId{1}, "x", bench.driver.now());
    bench.driver.on_server_closed(ConnectionId{1}, sim::Ending::reset, bench.driver.now());
    CHECK(bench.agenda.steps.size() == 6);
}

TEST_CASE("a machine that always has more to do does not keep others from running")
{
    // It would hang in settle() for ever if steps in a row were not bounded.
    DriverBench bench;
    bench.agenda.due = {kStart};
    bench.agenda.after_step = [&] { bench.agenda.due = {kStart}; };
    boost::asio::post(bench.io, [&] { bench.driver.stop(3); });
    CHECK(bench.driver.run() == 3);
    CHECK(!bench.agenda.steps.empty());
}

TEST_CASE("a machine that cannot keep up gives the network its turn, and goes on only behind it")
{
    DriverBench bench;
    bench.agenda.due = {kStart};
    bench.agenda.after_step = [&] {
        const auto until = LiveClock::Steady::now() + 1ms;
        while (LiveClock::Steady::now() < until) {
        }
        bench.agenda.due = {kStart};
    };
    bench.driver.settle();
    const std::size_t steps = bench.agenda.steps.size();
    CHECK(steps < 100);  // without a bound on the time in a row there are a thousand
    for (int i = 0; i < 100; ++i) {
        bench.driver.on_server_bytes(ConnectionId{1}, "x", bench.driver.now());
    }
    CHECK(bench.agenda.steps.size() == steps);
    bench.io.run_one();
    CHECK(bench.agenda.steps.size() > steps);

    // A user's command settles, and nothing is left to do: from then on events are followed at once again.
    bench.agenda.after_step = nullptr;
    bench.driver.settle();
    const std::size_t caught_up = bench.agenda.steps.size();
    bench.agenda.due = {kStart};
    bench.driver.on_server_bytes(ConnectionId{1}, "x", bench.driver.now());
    CHECK(bench.agenda.steps.size() == caught_up + 1);
}

TEST_CASE("the first signal asks for an orderly stop, the second ends the loop with 130")
{
    DriverBench bench;
    int asked = 0;
    bench.driver.catch_signals([&](int) { ++asked; });
    CHECK(std::raise(SIGINT) == 0);
    test::run_until(bench.io, [&] { return asked == 1; });
    CHECK(bench.driver.interrupted());
    CHECK(std::raise(SIGTERM) == 0);
    CHECK(bench.driver.run() == 130);
    CHECK(asked == 1);
}

TEST_CASE("a stop that is due before the first handler ends the run")
{
    DriverBench bench;
    bench.agenda.due = {kStart};
    bench.agenda.after_step = [&] { bench.driver.stop(7); };
    CHECK(bench.driver.run() == 7);
}

TEST_CASE("a loop that was kept knows how late it came, and one that was not does not")
{
    DriverBench bench;
    CHECK(bench.driver.lateness() == Duration::zero());
    bench.agenda.due = {kStart + 1s};
    bench.agenda.after_step = [&] {
        if (bench.agenda.steps.size() > 1) {
            bench.driver.stop();
            return;
        }
        // The handler itself keeps the loop, until well after the next deadline.
        const Instant now = bench.driver.now();
        bench.agenda.due = {now + 1s};
        while (bench.driver.now() < now + 60s) {
        }
    };
    CHECK(bench.driver.run() == 0);
    CHECK(bench.driver.lateness() >= 50s);
}

TEST_CASE("a hang-up of the terminal ends a run in order, as Ctrl-C does")
{
    DriverBench bench;
    int asked = 0;
    bench.driver.catch_signals([&](int) {
        ++asked;
        bench.driver.stop();
    });
    boost::asio::post(bench.io, [] { std::raise(SIGHUP); });
    CHECK(bench.driver.run() == 0);
    CHECK(asked == 1);
}

TEST_CASE("under nohup a hang-up ends nothing")
{
    const auto before = std::signal(SIGHUP, SIG_IGN);
    {
        DriverBench bench;
        int asked = 0;
        bench.driver.catch_signals([&](int) { ++asked; });
        boost::asio::post(bench.io, [&] {
            std::raise(SIGHUP);
            boost::asio::post(bench.io, [&] { bench.driver.stop(); });
        });
        CHECK(bench.driver.run() == 0);
        CHECK(asked == 0);
    }
    std::signal(SIGHUP, before);
}

}  // namespace hasim::live
