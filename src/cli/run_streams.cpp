#include "cli/run_streams.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

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

/// The first characters of UTF-8.
std::string_view cut(std::string_view text, std::size_t characters)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U;
        if (begins && ++count > characters) {
            return text.substr(0, i);
        }
    }
    return text;
}

std::string_view color_of(StatusLine::Tone tone)
{
    switch (tone) {
    case StatusLine::Tone::good: return "\x1b[32m";
    case StatusLine::Tone::waiting: return "\x1b[33m";
    case StatusLine::Tone::bad: return "\x1b[31m";
    case StatusLine::Tone::faint: return "\x1b[2m";
    case StatusLine::Tone::plain: break;
    }
    return {};
}

void to_terminal(std::string_view bytes)
{
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, bytes.data(), bytes.size());
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
        show_again();
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
        show_again();
    }));
}

bool RunStreams::is_said(sink::Level level) const
{
    return level >= threshold_of(console_.manner());
}

void RunStreams::finding(const Finding& finding)
{
    static_cast<void>(write(finding.text.size(), [this, finding] {
        clear_status();
        diagnostics_.finding(finding);
        show_again();
    }));
}

void RunStreams::log_trouble(const sink::LogTrouble& trouble)
{
    static_cast<void>(write(trouble.text.size(), [this, trouble] {
        clear_status();
        diagnostics_.log_trouble(trouble);
        show_again();
    }));
}

TerminalSize terminal_size()
{
    TerminalSize usual;
    struct winsize size {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 && size.ws_row > 1
               ? TerminalSize{size.ws_col, size.ws_row}
               : usual;
}

void RunStreams::status(std::vector<StatusLine> lines)
{
    static_cast<void>(write(lines.size() * 80, [this, lines = std::move(lines)]() mutable {
        status_ = std::move(lines);
        show_status();
    }));
}

void RunStreams::no_status()
{
    static_cast<void>(write(0, [this] {
        clear_status();
        status_.clear();
    }));
}

void RunStreams::forget_status()
{
    static_cast<void>(write(0, [this] {
        status_.clear();
        status_shown_ = 0;
    }));
}

/// In one write: over the lines that are there, clearing what is left of each, without a new line behind the last.
/// Never so long that the terminal begins another line, nor so many that it scrolls: nothing would clear those.
void RunStreams::show_status()
{
    const TerminalSize size = terminal_size();
    const bool colored = sink::has_color(console_.manner().color, true);
    std::string text = "\r";
    if (status_shown_ > 1) {
        text += fmt::format("\x1b[{}A", status_shown_ - 1);
    }
    const std::size_t count = std::min(status_.size(), size.rows - 1);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view color = colored ? color_of(status_[i].tone) : "";
        text += i == 0 ? "" : "\r\n";
        text += color;
        text += cut(status_[i].text, size.columns - 1);
        text += color.empty() ? "\x1b[K" : "\x1b[0m\x1b[K";
    }
    to_terminal(text + "\x1b[J");
    status_shown_ = count;
}

/// Behind what was said. One line comes by itself within a second: then a storm of lines is not held up.
void RunStreams::show_again()
{
    if (status_.size() > 1) {
        show_status();
    }
}

void RunStreams::clear_status()
{
    const std::size_t shown = std::exchange(status_shown_, 0);
    if (shown > 1) {
        to_terminal(fmt::format("\r\x1b[{}A\x1b[J", shown - 1));
    } else if (shown == 1) {
        to_terminal("\r\x1b[K");
    }
}

bool RunStreams::finish(std::optional<std::chrono::milliseconds> patience)
{
    no_status();
    return thread_ == nullptr || thread_->finish(patience);
}

}  // namespace hasim::cli
