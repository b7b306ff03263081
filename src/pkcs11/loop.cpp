#include "pkcs11/loop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <chrono>
#include <utility>

namespace hasim::pkcs11 {

namespace {

/// How long after the last call the module's own thread takes over (chosen): a steady caller never meets it.
constexpr std::chrono::milliseconds kIdleAfter{20};

}  // namespace

Loop::Loop(boost::asio::io_context& io, Begin begin)
    : io_(io), begin_(std::move(begin)), woken_(io, ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
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
        const std::lock_guard lock(idle_mutex_);
        stopped_ = true;
    }
    wake();
    idle_.notify_all();
    thread_.join();
}

void Loop::abandon()
{
    thread_.detach();
}

void Loop::wake()
{
    if (asleep_.exchange(false)) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(woken_.native_handle(), &one, sizeof one);
    }
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

// ---- Threads that call --------------------------------------------------------------------------------------------

void Loop::run(Request& request)
{
    push(request);
    if (!take_turn()) {
        wake();
        request.waiter_->told.wait();
        if (request.waiter_->state == State::done) {
            return;
        }
    }
    turn_until_done(request);
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

void Loop::push(Request& request)
{
    request.next_ = to_begin_.load(std::memory_order_relaxed);
    while (!to_begin_.compare_exchange_weak(request.next_, &request)) {
    }
}

void Loop::tell(const Request& request, State state)
{
    const auto waiter = request.waiter_;
    waiter->state = state;
    waiter->told.post();
}

// ---- Whoever has the turn -----------------------------------------------------------------------------------------

void Loop::turn_until_done(const Request& request)
{
    ++turns_;
    while (request.waiter_->state != State::done) {
        turn_once();
    }
    leave();
}

void Loop::turn_once()
{
    begin_new();
    const auto called = [this] { return to_begin_ != nullptr || stopped_; };
    if (!ended_.empty()) {
        // Calls that end at once, one after the other, must not keep the network from its turn: attempts would starve.
        io_.poll();
    } else if (!wait_.look(io_, called)) {
        // Either whoever pushes sees that somebody sleeps, or this sees what was pushed.
        asleep_ = true;
        if (!called()) {
            wait_.sleep(io_);
        }
        asleep_ = false;
    }
    tell_ended();
}

void Loop::begin_new()
{
    std::vector<Request*> begun;
    for (Request* next = to_begin_.exchange(nullptr); next != nullptr; next = next->next_) {
        begun.push_back(next);
    }
    if (!begun.empty()) {
        std::reverse(begun.begin(), begun.end());
        begun_.insert(begun_.end(), begun.begin(), begun.end());
        begin_(begun);
    }
}

void Loop::tell_ended()
{
    for (const Request* request : ended_) {
        std::erase(begun_, request);
        tell(*request, State::done);
    }
    ended_.clear();
}

/// Gives the turn to one that waits for its end, or to nobody.
void Loop::leave()
{
    while (true) {
        begin_new();
        tell_ended();
        if (!begun_.empty()) {
            tell(*begun_.front(), State::leads);
            return;
        }
        turning_ = false;
        // Who pushed since found the turn taken, and waits.
        if (to_begin_ == nullptr || !take_turn()) {
            return;
        }
    }
}

void Loop::turn_when_idle()
{
    std::unique_lock lock(idle_mutex_);
    while (!stopped_) {
        const std::uint64_t seen = turns_;
        idle_.wait_for(lock, kIdleAfter, [&] { return stopped_.load(); });
        if (!stopped_ && turns_ == seen && take_turn()) {
            lock.unlock();
            while (!stopped_ && to_begin_ == nullptr) {
                turn_once();
            }
            leave();
            lock.lock();
        }
    }
}

}  // namespace hasim::pkcs11
