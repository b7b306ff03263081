/// A live run on a terminal: how everything is, in place, and keys that break and heal.
#pragma once

#include <memory>
#include <optional>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "cli/desk.hpp"
#include "cli/run_streams.hpp"
#include "cli/terminal_panel.hpp"
#include "host/key_terminal.hpp"

namespace hasim::cli {

class TerminalView {
public:
    /// Begins to show, and to read keys where this process is in the foreground of a terminal. None is owned.
    TerminalView(LiveStage& stage, Desk& desk, RunStreams& streams);
    ~TerminalView();
    TerminalView(const TerminalView&) = delete;
    TerminalView& operator=(const TerminalView&) = delete;

private:
    [[nodiscard]] static bool in_foreground();
    void show();
    void show_again_later();
    void read_keys();
    void take(char key);

    LiveStage& stage_;
    Desk& desk_;
    RunStreams& streams_;
    const KeyAction* chosen_ = kKeyActions.data();
    std::unique_ptr<host::KeyTerminal> keys_;
    std::optional<boost::asio::posix::stream_descriptor> key_reader_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer keys_again_;
    std::array<char, 64> pressed_{};
    std::shared_ptr<bool> alive_ =
        std::make_shared<bool>(true);  ///< for handlers that come after the end
};

}  // namespace hasim::cli
