#include "cli/terminal_view.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <utility>

#include <boost/asio/buffer.hpp>

#include "live/handler_watch.hpp"

namespace hasim::cli {

namespace {

constexpr std::chrono::milliseconds kShowEvery{250};
constexpr std::chrono::milliseconds kKeysAgainAfter{100};  ///< in the background nobody presses any

/// Arrows and the like send "ESC [ 2 ~" or "ESC O P": no keys of ours.
std::string without_sequences(std::string_view pressed)
{
    constexpr char kEscape = '\x1b';
    std::string keys;
    for (std::size_t i = 0; i < pressed.size(); ++i) {
        if (pressed[i] != kEscape) {
            keys += pressed[i];
            continue;
        }
        const std::size_t begin = ++i;
        const auto is_last = [](char c) { return c >= '@' && c <= '~'; };
        while (i < pressed.size() && (i == begin || !is_last(pressed[i]))) {
            ++i;
        }
    }
    return keys;
}

/// Rows that the view may take: what else is said needs some, too.
std::size_t rows()
{
    return std::max<std::size_t>(terminal_size().rows / 2, 4);
}

}  // namespace

TerminalView::TerminalView(LiveStage& stage, Desk& desk, RunStreams& streams)
    : stage_(stage), desk_(desk), streams_(streams), timer_(stage.io()), keys_again_(stage.io())
{
    show_again_later();
}

TerminalView::~TerminalView()
{
    alive_.reset();
    streams_.no_status();
}

/// The terminal is this process's to write on: not while it is a job in a shell's background.
bool TerminalView::in_foreground()
{
    const int terminal = ::open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    const bool mine = terminal < 0 || ::tcgetpgrp(terminal) == ::getpgrp();
    if (terminal >= 0) {
        ::close(terminal);
    }
    return mine;
}

void TerminalView::show()
{
    if (!in_foreground()) {
        streams_.forget_status();
        return;
    }
    if (keys_ == nullptr && (keys_ = host::KeyTerminal::take()) != nullptr) {
        key_reader_.emplace(stage_.io(), ::dup(keys_->descriptor()));
        read_keys();
    }
    streams_.status(panel(stage_.play().world(), desk_.summary(), stage_.driver().now(),
                          keys_ == nullptr ? nullptr : chosen_, rows()));
}

void TerminalView::show_again_later()
{
    timer_.expires_after(kShowEvery);
    timer_.async_wait(
        [this, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error) {
            if (error || alive.expired()) {
                return;
            }
            const live::HandlerCheck check;
            show();
            show_again_later();
        });
}

void TerminalView::read_keys()
{
    key_reader_->async_read_some(
        boost::asio::buffer(pressed_),
        [this, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error,
                                                    std::size_t count) {
            if (alive.expired() || error == boost::asio::error::operation_aborted) {
                return;
            }
            const live::HandlerCheck check;
            for (const char key : without_sequences({pressed_.data(), error ? 0 : count})) {
                take(key);
            }
            if (!error) {
                show();
                read_keys();
                return;
            }
            keys_again_.expires_after(kKeysAgainAfter);
            keys_again_.async_wait([this, alive](const boost::system::error_code& ended) {
                if (!ended && !alive.expired()) {
                    read_keys();
                }
            });
        });
}

void TerminalView::take(char key)
{
    const auto action = std::find_if(kKeyActions.begin(), kKeyActions.end(),
                                     [&](const KeyAction& one) { return one.key == key; });
    std::string line;
    if (action != kKeyActions.end()) {
        chosen_ = &*action;
    } else if (key == 'h') {
        line = "heal all";
    } else if (key == 'q') {
        static_cast<void>(std::raise(SIGINT));  // as Ctrl-C
    } else if (key >= '1' && key <= '9') {
        const auto appliance = static_cast<ApplianceIndex>(key - '1');
        const sim::World& world = stage_.play().world();
        line = appliance < world.appliances() ? line_for(world, *chosen_, appliance) : "";
    }
    if (!line.empty()) {
        static_cast<void>(desk_.command(line, "key"));
    }
}

}  // namespace hasim::cli
