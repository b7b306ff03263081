/// Waiting for the next handler of a loop that is busy: looks for a while before it sleeps, because to be woken takes
/// the kernel longer than what it waits for.
#pragma once

#include <algorithm>
#include <chrono>

#include <sched.h>

#include <boost/asio/io_context.hpp>

namespace hasim::live {

/// Looks only while it pays: as long as handlers come within kWorth of each other on average, and nobody else wants
/// the processor. Between looks others may have it; when it does not come back soon, the machine is busy, and there who
/// sleeps is served sooner than who looks.
class ShortWait {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr Clock::duration kWorth = std::chrono::microseconds(100);  ///< (chosen)

    /// `give_away` lets others have the processor for a moment.
    explicit ShortWait(void (*give_away)() = [] { ::sched_yield(); }) : give_away_(give_away) {}

    /// Whether it would look before it sleeps.
    [[nodiscard]] bool pays() const { return average_ < kWorth; }

    /// Looks for a handler to run, for kWorth at most. False: nothing came, and it is time to sleep. `until` ends it
    /// too.
    template <class Until>
    [[nodiscard]] bool look(boost::asio::io_context& io, Until until)
    {
        begin_ = Clock::now();
        Clock::time_point now = begin_;
        while (pays() && now >= not_before_ && now - begin_ < kWorth) {
            if (until() || io.poll_one() > 0 || io.stopped()) {
                note();
                return true;
            }
            const Clock::time_point given_away = Clock::now();
            give_away_();
            now = Clock::now();
            if (now - given_away > kWorth) {
                not_before_ = now + pause_;
                pause_ = std::min(2 * pause_, kLongestPause);
            }
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

    static constexpr Clock::duration kShortestPause = std::chrono::milliseconds(100);
    static constexpr Clock::duration kLongestPause = std::chrono::seconds(2);

    void (*give_away_)();
    Clock::time_point begin_;
    Clock::time_point not_before_;            ///< until then it only sleeps
    Clock::duration pause_ = kShortestPause;  ///< the next one, when the machine is busy
    Clock::duration average_ = 2 * kWorth;
};

}  // namespace hasim::live
