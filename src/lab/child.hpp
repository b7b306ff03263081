/// The command that a lab is for: a child process that does not outlive the lab.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <sys/types.h>

#include "host/file_handle.hpp"

namespace hasim::lab {

/// Variables that the command gets beside those of this process.
using Environment = std::vector<std::pair<std::string, std::string>>;

class Child {
public:
    /// Why a command cannot be started, and with which exit code a shell would say so.
    struct Failure {
        std::string text;
        int exit_code = 126;
    };
    /// Starts `command` (found as a shell finds it).
    [[nodiscard]] static std::variant<Child, Failure> start(const std::vector<std::string>& command,
                                                            const Environment& environment);

    Child(Child&& other) noexcept;
    Child& operator=(Child&& other) = delete;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    /// Ends it if it has not ended, at once.
    ~Child();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Readable when it has ended.
    [[nodiscard]] int ended() const { return descriptor_.get(); }
    void signal(int number) const;
    /// To be called when it has ended: its exit code, 128 + n when signal n ended it.
    [[nodiscard]] int exit_code();

private:
    Child() = default;

    pid_t pid_ = 0;
    host::FileHandle descriptor_;
};

}  // namespace hasim::lab
