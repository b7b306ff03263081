/// How far long work is, on a terminal: one line on standard error that is written over and goes when the work is done.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace hasim::cli {

/// May be used by several threads. Shows nothing when standard error is no terminal.
class Progress {
public:
    /// "N of TOTAL WHAT"; nothing when it is not `wanted`.
    Progress(std::uint64_t total, std::string what, bool wanted = true);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// One more is done.
    void step();

private:
    std::uint64_t total_;
    std::string what_;
    bool terminal_;
    std::atomic<std::uint64_t> done_{0};
};

}  // namespace hasim::cli
