#include "live/background_read.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <mutex>
#include <system_error>
#include <utility>

#include "host/file_handle.hpp"
#include "host/read_file.hpp"
#include "live/handler_watch.hpp"

namespace hasim::live {

// An eventfd that the thread writes to and the loop waits for; each side has a descriptor of its own.
struct BackgroundRead::Shared {
    explicit Shared(int descriptor) : event(descriptor) {}

    host::FileHandle event;
    std::mutex mutex;
    Result result;
};

BackgroundRead::BackgroundRead(boost::asio::io_context& io, std::string path, std::size_t limit,
                               Done done)
    : path_(std::move(path)), limit_(limit), done_(std::move(done)), answers_(io)
{
    shared_ = std::make_shared<Shared>(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    const int mine = ::fcntl(shared_->event.get(), F_DUPFD_CLOEXEC, 0);
    if (mine < 0) {
        throw std::system_error(errno, std::generic_category(), "an eventfd cannot be made");
    }
    answers_.assign(mine);
}

BackgroundRead::~BackgroundRead()
{
    constexpr std::chrono::milliseconds kPatience{500};
    thread_.finish(kPatience);
}

void BackgroundRead::begin()
{
    again_ = busy_;
    if (busy_) {
        return;
    }
    busy_ = true;
    wait();
    static_cast<void>(thread_.post(0, [shared = shared_, path = path_, limit = limit_] {
        Result result = host::read_file(path, limit, host::Content::text, host::From::regular_file);
        if (std::holds_alternative<Finding>(*result) && ::access(path.c_str(), F_OK) != 0 &&
            errno == ENOENT) {
            result = std::nullopt;  // asked afterwards: it may go at any moment
        }
        {
            const std::lock_guard lock(shared->mutex);
            shared->result = std::move(result);
        }
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(shared->event.get(), &one, sizeof one);
    }));
}

void BackgroundRead::wait()
{
    answers_.async_wait(
        boost::asio::posix::descriptor_base::wait_read,
        [this, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error) {
            if (!error && !alive.expired()) {
                const HandlerCheck check;
                take();
            }
        });
}

void BackgroundRead::take()
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(answers_.native_handle(), &count, sizeof count);
    Result result;
    {
        const std::lock_guard lock(shared_->mutex);
        result = std::move(shared_->result);
    }
    busy_ = false;
    if (std::exchange(again_, false)) {
        begin();  // what was read may be old by now
    }
    done_(std::move(result));
}

}  // namespace hasim::live
