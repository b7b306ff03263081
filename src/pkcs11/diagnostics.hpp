/// What the module has to say about itself. It is a guest in somebody else's process: nothing, unless HASIM_LOG asks
/// for it (`-` is standard error, anything else a file that lines are appended to).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "host/file_handle.hpp"
#include "host/worker_thread.hpp"

namespace hasim::pkcs11 {

/// May be used from several threads.
class Diagnostics {
public:
    enum class Writing { at_once, on_a_thread };

    /// Where the loop says something, a disk or a pipe that hangs must not hold it up: `on_a_thread`.
    explicit Diagnostics(Writing writing = Writing::at_once);
    ~Diagnostics();
    Diagnostics(const Diagnostics&) = delete;
    Diagnostics& operator=(const Diagnostics&) = delete;

    /// One line: a sentence without a full stop.
    void say(std::string_view text) noexcept;

private:
    std::shared_ptr<const host::FileHandle> file_;  ///< null: nobody asked
    std::unique_ptr<host::WorkerThread> thread_;
};

}  // namespace hasim::pkcs11
