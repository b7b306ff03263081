/// Waiting for the next handler of a loop that is busy: looks for a while before it sleeps, because to be woken takes
/// the kernel longer than what it waits for.
#pragma once

#include <algorithm>
#include <chrono>

#include <sched.h>

#include <boost/asio/io_context.hpp>

namespace hasim::live {

/// Looks only while it pays: as long as handlers come within kWorth of each other on average. Between looks, others
/// have the processor.
class ShortWait {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr Clock::duration kWorth = std::chrono::microseconds(100);  ///< (chosen)

    /// Whether it would look before it sleeps.
    [[nodiscard]] bool pays() const { return average_ < kWorth; }

    /// Looks for a handler to run, for kWorth at most. False: nothing came, and it is time to sleep. `until` ends it
    /// too.
    template <class Until>
    [[nodiscard]] bool look(boost::asio::io_context& io, Until until)
    {
        begin_ = Clock::now();
        while (pays() && Clock::now() - begin_ < kWorth) {
            if (until() || io.poll_one() > 0 || io.stopped()) {
                note();
                return true;
            }
            ::sched_yield();
        }
        return until();
    }

    /// Sleeps until a handler has run, or the loop was stopped.
    void sleep(boost::asio::io_context& io)
    {
        io.run_one();
        note();
    }

private:
    /// One long wait must not hide that the next ones are short again.
    void note()
    {
        constexpr int kWeight = 8;
        average_ += (std::min(Clock::now() - begin_, 4 * kWorth) - average_) / kWeight;
    }

    Clock::time_point begin_;
    Clock::duration average_ = 2 * kWorth;
};

}  // namespace hasim::live
