/// Which calls of a token are over sooner than they could be handed to another thread. Those are made on the loop's
/// thread; all others would hold it up.
#pragma once

#include <chrono>
#include <cstddef>

#include "cryptoki/call.hpp"
#include "hasim/time.hpp"

namespace hasim::token {

/// Only C_GenerateRandom: it names no key and no object, and so touches no file and no lock that a long call holds; and
/// that only while it measures quick. What is not goes to the threads, and is measured there.
class QuickCalls {
public:
    static constexpr Duration kQuick = std::chrono::microseconds(50);  ///< on average (chosen)
    static constexpr std::size_t kMostBytes = 4096;                    ///< asked for

    [[nodiscard]] bool is_quick(const cryptoki::Call& call) const
    {
        return may_be_quick(call) && average_ < kQuick;
    }

    void note(const cryptoki::Call& call, Duration took)
    {
        if (may_be_quick(call)) {
            average_ += (took - average_) / kWeight;
        }
    }

private:
    static constexpr int kWeight = 8;  ///< of so many calls, about, is the average

    [[nodiscard]] static bool may_be_quick(const cryptoki::Call& call)
    {
        return call.function == cryptoki::Function::generate_random && call.number <= kMostBytes;
    }

    Duration average_ = 10 * kQuick;  ///< unknown: not quick
};

}  // namespace hasim::token
