#include "cli/progress.hpp"

#include <unistd.h>

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace hasim::cli {

namespace {

/// To the line's start, and clear it.
constexpr std::string_view kAnew = "\r\x1b[K";

}  // namespace

Progress::Progress(std::uint64_t total, std::string what, bool wanted)
    : total_(total), what_(std::move(what)), terminal_(wanted && ::isatty(STDERR_FILENO) != 0)
{
}

Progress::~Progress()
{
    if (terminal_) {
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kAnew.data(), kAnew.size());
    }
}

void Progress::step()
{
    const std::uint64_t done = ++done_;
    if (terminal_) {
        const std::string line = fmt::format("{}{} of {} {}", kAnew, done, total_, what_);
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
    }
}

}  // namespace hasim::cli
