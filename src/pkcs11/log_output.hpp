/// The lines of this process: haErrorLog.txt, and standard output when the configuration asks for it. Written on a
/// thread of its own: a disk that hangs holds up no call.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "hasim/log_record.hpp"
#include "hasim/settings.hpp"
#include "hasim/zone.hpp"
#include "log/format.hpp"
#include "pkcs11/diagnostics.hpp"
#include "sink/log_queue.hpp"

namespace hasim::pkcs11 {

class LogOutput {
public:
    LogOutput(const HaSettings& settings, WallTime now, Diagnostics& diagnostics);

    /// Writes the line of `record`, which happened at `utc`; `then` is called on another thread when that is done.
    /// Never waits.
    void write(const LogRecord& record, WallTime utc, std::function<void()> then);
    /// Waits until all is written, for a bounded time.
    void finish();

private:
    Zone zone_;
    bool to_stdout_;
    log::Formatter formatter_;
    std::array<char, log::kMaxLineLength> buffer_{};
    sink::LogQueue queue_;
};

}  // namespace hasim::pkcs11
