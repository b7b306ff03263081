#include "cli/run_streams.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <utility>

namespace hasim::cli {

namespace {

sink::Level threshold_of(const Manner& manner)
{
    return manner.quiet()     ? sink::Level::error
           : manner.verbose() ? sink::Level::debug
                              : sink::Level::info;
}

}  // namespace

RunStreams::RunStreams(Console& console, Writing writing)
    : console_(console),
      diagnostics_(threshold_of(console.manner()), console.manner().color),
      thread_(writing == Writing::on_a_thread ? std::make_unique<host::WorkerThread>() : nullptr)
{
}

namespace {

/// Columns of the terminal behind standard error; 80 when it does not say.
std::size_t terminal_width()
{
    constexpr std::size_t kOtherwise = 80;
    struct winsize size {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col
                                                                             : kOtherwise;
}

}  // namespace

template <class Job>
bool RunStreams::write(std::size_t bytes, Job job)
{
    if (thread_ != nullptr) {
        return thread_->post(bytes, std::move(job));
    }
    job();
    return true;
}

void RunStreams::line(std::string_view text)
{
    std::string whole(text);
    whole += '\n';
    const std::size_t bytes = whole.size();
    const bool taken = write(bytes, [this, whole = std::move(whole)] {
        clear_status();
        console_.write(whole);
        static_cast<void>(console_.flush());
    });
    if (!taken) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
    }
}

void RunStreams::say(sink::Level level, std::string text)
{
    const std::size_t bytes = text.size();
    static_cast<void>(write(bytes, [this, level, text = std::move(text)] {
        clear_status();
        diagnostics_.say(level, text);
    }));
}

void RunStreams::finding(const Finding& finding)
{
    static_cast<void>(write(finding.text.size(), [this, finding] {
        clear_status();
        diagnostics_.finding(finding);
    }));
}

void RunStreams::log_trouble(const sink::LogTrouble& trouble)
{
    static_cast<void>(write(trouble.text.size(), [this, trouble] {
        clear_status();
        diagnostics_.log_trouble(trouble);
    }));
}

void RunStreams::status(std::string text)
{
    const std::size_t bytes = text.size();
    static_cast<void>(write(bytes, [this, text = std::move(text)] {
        // Back to the line's start and clear it; without a newline, so that the next one replaces it, and never so long
        // that the terminal begins another line, which nothing would clear.
        const std::string line = "\r\x1b[K" + text.substr(0, terminal_width() - 1);
        status_shown_ = ::write(STDERR_FILENO, line.data(), line.size()) > 0;
    }));
}

void RunStreams::clear_status()
{
    if (std::exchange(status_shown_, false)) {
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, "\r\x1b[K", 4);
    }
}

bool RunStreams::finish(std::optional<std::chrono::milliseconds> patience)
{
    static_cast<void>(write(0, [this] { clear_status(); }));
    return thread_ == nullptr || thread_->finish(patience);
}

}  // namespace hasim::cli
