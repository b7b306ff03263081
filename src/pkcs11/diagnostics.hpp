/// What the module has to say about itself. It is a guest in somebody else's process: nothing, unless HASIM_LOG asks
/// for it (`-` is standard error, anything else a file that lines are appended to).
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "host/file_handle.hpp"

namespace hasim::pkcs11 {

/// May be used from several threads.
class Diagnostics {
public:
    Diagnostics();
    /// One line: a sentence without a full stop.
    void say(std::string_view text) noexcept;

private:
    std::mutex mutex_;
    host::FileHandle file_;
};

}  // namespace hasim::pkcs11
