/// A world over real sockets, for measuring: three members or many, appliances that answer at once, no log file.
#pragma once

#include <sched.h>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include "host/descriptor_limit.hpp"
#include "live/driver.hpp"
#include "live/live_clock.hpp"
#include "live/tcp_network.hpp"
#include "sim/world/world.hpp"

namespace hasim::bench {

inline Serial serial_of(std::uint64_t number)
{
    return *Serial::parse(fmt::format("{:013}", number));
}

/// `groups` groups of `members` members, each on an appliance of its own.
inline Settings settings_of(std::size_t groups, std::size_t members)
{
    Settings settings;
    std::uint64_t number = 1;
    for (std::size_t i = 0; i < groups; ++i) {
        GroupSettings group;
        group.label = fmt::format("group{}", i);
        group.serial = serial_of(9000000000000 + i);
        for (std::size_t m = 0; m < members; ++m) {
            group.members.push_back(serial_of(number++));
        }
        settings.groups.push_back(std::move(group));
    }
    settings.ha.recovery_attempts = -1;
    return settings;
}

inline void give_up(const std::string& text)
{
    std::fprintf(stderr, "%s\n", text.c_str());
    std::exit(3);
}

/// Keeps to one core, or to all that the process began with.
class Cores {
public:
    Cores() { ::sched_getaffinity(0, sizeof all_, &all_); }

    void pin()
    {
        cpu_set_t one;
        CPU_ZERO(&one);
        for (int core = 0; core < CPU_SETSIZE; ++core) {
            if (CPU_ISSET(core, &all_)) {
                CPU_SET(core, &one);
                break;
            }
        }
        ::sched_setaffinity(0, sizeof one, &one);
    }

    void release() { ::sched_setaffinity(0, sizeof all_, &all_); }

private:
    cpu_set_t all_{};
};

class LiveWorld final : public sim::WorldObserver {
public:
    explicit LiveWorld(const Settings& settings)
        : clock_(live::LiveClock::Steady::now(), WallTime{}, 1),
          network_(io_, clock_),
          world_(options(settings), queue_, network_),
          stepping_(world_),
          driver_(io_, clock_)
    {
        if (const auto problem = host::raise_descriptor_limit(3 * world_.appliances() + 64)) {
            give_up(*problem);
        }
        network_.set_events(driver_);
        network_.set_diagnostics([](const std::string& text) { give_up(text); });
        driver_.drive(stepping_, world_);
        world_.watch(*this);
        if (const std::string problem = network_.listen(world_.appliances(), std::nullopt);
            !problem.empty()) {
            give_up(problem);
        }
    }

    /// C_Initialize and C_Login of every group.
    void start()
    {
        std::size_t left = world_.settings().groups.size();
        run([&] { world_.start_client(0, driver_.now()); },
            [&](const sim::CallReport& call) {
                if (call.code != Code::ok) {
                    give_up("the client cannot start");
                }
                left -= call.kind == sim::CallKind::login ? 1 : 0;
                return left == 0;
            });
    }

    /// Does `begin`, and runs until `is_over` says so of a call that returned.
    void run(const std::function<void()>& begin,
             std::function<bool(const sim::CallReport&)> is_over)
    {
        is_over_ = std::move(is_over);
        begin();
        static_cast<void>(driver_.run());
        is_over_ = nullptr;
    }

    void on_call(const sim::CallReport& call) override
    {
        if (is_over_ && is_over_(call)) {
            driver_.stop();
        }
    }

    [[nodiscard]] sim::World& world() { return world_; }
    [[nodiscard]] live::Driver& driver() { return driver_; }
    [[nodiscard]] live::TcpNetwork& network() { return network_; }

private:
    static sim::WorldOptions options(const Settings& settings)
    {
        sim::WorldOptions options;
        options.settings = settings;
        options.clients.front().pid = Pid{4711};
        options.service.sign = {};
        return options;
    }

    boost::asio::io_context io_{live::Driver::kOneThread};
    live::LiveClock clock_;
    live::TcpNetwork network_;
    sim::EventQueue queue_;
    sim::World world_;
    live::SteppableOf<sim::World> stepping_;
    live::Driver driver_;
    std::function<bool(const sim::CallReport&)> is_over_;
};

}  // namespace hasim::bench
