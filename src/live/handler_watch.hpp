/// Whether a handler on the loop's thread held it up. In debug builds that ends the process, with the figures.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <ctime>
#include <string>

#include <fmt/format.h>

#include "base/assert.hpp"

namespace hasim::live {

/// Measures from its making on. A handler that waited (the thread gave up the processor by itself, at least once) or
/// computed for longer than kMost held up everybody else. A machine that had other things to do is not its doing.
class HandlerWatch {
public:
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    static constexpr std::chrono::milliseconds kMost{
        1000};  // everything computes ten times as long
#else
    static constexpr std::chrono::milliseconds kMost{100};
#endif

    HandlerWatch() : begin_(read()) {}

    /// Empty, or what took too long.
    [[nodiscard]] std::string complaint() const
    {
        const Reading end = read();
        const auto milliseconds = [](auto time) {
            return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
        };
        if (end.waits != begin_.waits && end.real - begin_.real > kMost) {
            return fmt::format("a handler waited: {} ms in all",
                               milliseconds(end.real - begin_.real));
        }
        if (end.processor - begin_.processor > kMost) {
            return fmt::format("a handler computed for {} ms",
                               milliseconds(end.processor - begin_.processor));
        }
        return {};
    }

private:
    struct Reading {
        std::chrono::steady_clock::time_point real;
        std::chrono::nanoseconds processor{};
        long waits = 0;  ///< times that the thread gave up the processor by itself
    };

    static Reading read()
    {
        Reading reading;
        struct timespec spent {};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
        reading.processor =
            std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec);
        struct rusage usage {};
        ::getrusage(RUSAGE_THREAD, &usage);
        reading.waits = usage.ru_nvcsw;
        reading.real = std::chrono::steady_clock::now();
        return reading;
    }

    Reading begin_;
};

/// Stands at the top of each handler on the loop's thread.
class HandlerCheck {
public:
#ifdef NDEBUG
    HandlerCheck() {}
#else
    HandlerCheck() = default;
    ~HandlerCheck()
    {
        if (const std::string complaint = watch_.complaint(); !complaint.empty()) {
            assertion_failed(complaint.c_str(), "live", 0);
        }
    }
    HandlerCheck(const HandlerCheck&) = delete;
    HandlerCheck& operator=(const HandlerCheck&) = delete;

private:
    HandlerWatch watch_;
#endif
};

}  // namespace hasim::live
