/// Reads a file on a thread of its own: a disk that hangs must not hold up the loop.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include <boost/asio/io_context.hpp>

#include "hasim/result.hpp"
#include "host/worker_thread.hpp"
#include "live/mailbox.hpp"

namespace hasim::live {

class BackgroundRead {
public:
    /// Nothing: there is no such file. A Finding: it cannot be read, is too long, or is no plain text.
    using Result = std::optional<std::variant<std::string, Finding>>;
    /// Takes what was read, in the loop of `io`.
    using Done = std::function<void(Result result)>;

    /// A file longer than `limit` bytes is a finding.
    BackgroundRead(boost::asio::io_context& io, std::string path, std::size_t limit, Done done);
    /// Leaves a read that hangs behind.
    ~BackgroundRead();
    BackgroundRead(const BackgroundRead&) = delete;
    BackgroundRead& operator=(const BackgroundRead&) = delete;

    /// Reads the file; once more after that when it is called while a read is under way.
    void begin();

    /// A read is under way.
    [[nodiscard]] bool busy() const { return busy_; }

private:
    void take(Result result);

    std::string path_;
    std::size_t limit_;
    Done done_;
    Mailbox<Result> answers_;
    bool busy_ = false;
    bool again_ = false;
    host::WorkerThread thread_;
};

}  // namespace hasim::live
