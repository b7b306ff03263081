/// Values that other threads hand to a loop. Whoever hands one in waits for nobody, and may outlive the loop.
#pragma once

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "host/file_handle.hpp"
#include "live/handler_watch.hpp"

namespace hasim::live {

template <class Value>
class Mailbox {
public:
    /// What threads hold. An eventfd tells the loop; each side has a descriptor of its own.
    class Slot {
    public:
        explicit Slot(int descriptor) : event_(descriptor) {}

        void put(Value value)
        {
            {
                const std::lock_guard lock(mutex_);
                values_.push_back(std::move(value));
            }
            const std::uint64_t one = 1;
            [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
        }

    private:
        friend class Mailbox;
        host::FileHandle event_;
        std::mutex mutex_;
        std::vector<Value> values_;
    };

    using Take = std::function<void(Value value)>;

    /// `take` gets them in the loop of `io`, in the order of their coming. Throws std::system_error.
    Mailbox(boost::asio::io_context& io, Take take) : take_(std::move(take)), event_(io)
    {
        slot_ = std::make_shared<Slot>(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
        const int mine = ::fcntl(slot_->event_.get(), F_DUPFD_CLOEXEC, 0);
        if (mine < 0) {
            throw std::system_error(errno, std::generic_category(), "an eventfd cannot be made");
        }
        event_.assign(mine);
        wait();
    }
    ~Mailbox() = default;
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;

    [[nodiscard]] const std::shared_ptr<Slot>& slot() const { return slot_; }

    /// On the loop: takes what is there at once.
    void take_all()
    {
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t got = ::read(event_.native_handle(), &count, sizeof count);
        std::vector<Value> values;
        {
            const std::lock_guard lock(slot_->mutex_);
            values.swap(slot_->values_);
        }
        for (Value& value : values) {
            take_(std::move(value));
        }
    }

private:
    void wait()
    {
        event_.async_wait(
            boost::asio::posix::descriptor_base::wait_read,
            [this, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error) {
                if (error || alive.expired()) {
                    return;
                }
                const HandlerCheck check;
                wait();
                take_all();
            });
    }

    Take take_;
    std::shared_ptr<Slot> slot_;
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> event_;
    std::shared_ptr<bool> alive_ =
        std::make_shared<bool>(true);  ///< for handlers that come after the end
};

}  // namespace hasim::live
