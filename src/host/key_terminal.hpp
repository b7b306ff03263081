/// The keys of the terminal that this process is in the foreground of, as they are pressed: no lines, no echo. The
/// terminal is as it was again at the end, whatever ends or stops the process; SIGKILL alone leaves it.
#pragma once

#include <memory>

#include "host/file_handle.hpp"

namespace hasim::host {

class KeyTerminal {
public:
    enum class Input {
        keys,  ///< as they are pressed, none shown; who runs so ends by itself at SIGINT, SIGTERM and SIGHUP
        hidden,  ///< whole lines, as a password is typed: not shown
    };
    /// Nothing where there is no terminal, where this process is in its background, or where one was taken already.
    [[nodiscard]] static std::unique_ptr<KeyTerminal> take(Input input = Input::keys);
    ~KeyTerminal();
    KeyTerminal(const KeyTerminal&) = delete;
    KeyTerminal& operator=(const KeyTerminal&) = delete;

    /// To be read from; never waits. EIO while the process is in the background.
    [[nodiscard]] int descriptor() const { return terminal_.get(); }

    /// Gives the terminal back at once: before a process ends without its destructors. Async-signal-safe.
    static void give_back() noexcept;

private:
    explicit KeyTerminal(FileHandle terminal) : terminal_(std::move(terminal)) {}

    FileHandle terminal_;
};

}  // namespace hasim::host
