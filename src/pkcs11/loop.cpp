#include "pkcs11/loop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <chrono>

namespace hasim::pkcs11 {

namespace {

/// How long after the last call the module's own thread takes over (chosen): a steady caller never meets it.
constexpr std::chrono::milliseconds kIdleAfter{20};

}  // namespace

Loop::Loop(boost::asio::io_context& io, std::function<void()> settle)
    : io_(io), settle_(std::move(settle)), woken_(io, ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    listen();
    // The application's signals are the application's threads' business.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { turn_when_idle(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Loop::~Loop()
{
    if (!thread_.joinable()) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        wake();
    }
    idle_.notify_all();
    thread_.join();
}

void Loop::abandon()
{
    thread_.detach();
}

void Loop::wake()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(woken_.native_handle(), &one, sizeof one);
}

void Loop::listen()
{
    woken_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                      [this](const boost::system::error_code& error) {
                          if (!error) {
                              std::uint64_t count = 0;
                              [[maybe_unused]] const ssize_t got =
                                  ::read(woken_.native_handle(), &count, sizeof count);
                              listen();
                          }
                      });
}

void Loop::run(Request& request)
{
    std::unique_lock lock(mutex_);
    to_begin_.push_back(&request);
    if (turning_) {
        wake();
    }
    while (!request.done_) {
        if (!turning_) {
            turn(lock, [&] { return request.done_; });
            continue;
        }
        waiting_.push_back(&request);
        request.changed_.wait(lock, [&] { return request.done_ || !turning_; });
        std::erase(waiting_, &request);
    }
    if (!turning_ && !waiting_.empty()) {
        waiting_.front()->changed_.notify_one();
    }
}

void Loop::run(const std::function<void()>& job)
{
    Request* self = nullptr;
    Request request([&] {
        job();
        end(*self);
    });
    self = &request;
    run(request);
}

/// Turns the loop until `until` holds; the caller has the lock, and has it again afterwards.
template <class Until>
void Loop::turn(std::unique_lock<std::mutex>& lock, Until until)
{
    turning_ = true;
    ++turns_;
    std::vector<Request*> begun;
    while (!until()) {
        begun.clear();
        begun.swap(to_begin_);
        lock.unlock();
        for (Request* request : begun) {
            request->begin_();
        }
        if (!begun.empty()) {
            settle_();
        }
        if (ended_.empty()) {
            io_.run_one();
        }
        lock.lock();
        for (Request* request : ended_) {
            request->done_ = true;
            request->changed_.notify_one();
        }
        ended_.clear();
    }
    turning_ = false;
}

void Loop::turn_when_idle()
{
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        const std::uint64_t seen = turns_;
        idle_.wait_for(lock, kIdleAfter, [&] { return stopped_; });
        if (!stopped_ && !turning_ && turns_ == seen && to_begin_.empty()) {
            turn(lock, [&] { return stopped_ || !to_begin_.empty(); });
            if (!waiting_.empty()) {
                waiting_.front()->changed_.notify_one();
            }
        }
    }
}

}  // namespace hasim::pkcs11
