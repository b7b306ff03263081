/// Runs an io_context until a condition holds. Nothing sleeps: handlers run as the kernel has news, and a guard that is
/// far beyond anything real ends a run that hangs.
#pragma once

#include <chrono>

#include <boost/asio/io_context.hpp>

#include "support/catch.hpp"

namespace hasim::test {

template <class Condition>
void run_until(boost::asio::io_context& io, Condition condition)
{
    const auto guard = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    io.restart();
    while (!condition()) {
        if (std::chrono::steady_clock::now() > guard) {
            FAIL("the condition did not come true within a minute");
        }
        io.run_one_for(std::chrono::seconds(1));
        io.restart();
    }
}

/// Runs what is ready now, and what that makes ready.
inline void run_ready(boost::asio::io_context& io)
{
    io.restart();
    while (io.poll() > 0) {
        io.restart();
    }
}

}  // namespace hasim::test
