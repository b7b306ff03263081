/// Who turns the module's loop. A calling thread that finds nobody at it turns it itself until its own call is over,
/// and then leaves it to one that still waits: one thread costs no hand-over, eight share one loop. When nobody calls,
/// a thread of the module turns it, for ticks, attempts and connections that end. There is no lock: what a thread
/// hands in waits for nobody.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/semaphore.hpp"
#include "live/short_wait.hpp"

namespace hasim::pkcs11 {

class Loop {
public:
    /// Something to be done on the loop, and waited for. It is begun there once, by whoever turns it.
    class Request {
    public:
        explicit Request(std::function<void()> begin) : begin_(std::move(begin)) {}
        Request(const Request&) = delete;
        Request& operator=(const Request&) = delete;

        void begin() const { begin_(); }

    private:
        friend class Loop;
        enum class State : int { waits, leads, done };

        struct Waiter {
            std::atomic<State> state{State::waits};
            Semaphore told;
        };

        std::function<void()> begin_;
        /// Shared, because who tells the waiting thread may still hold it when that thread has gone on.
        std::shared_ptr<Waiter> waiter_ = std::make_shared<Waiter>();
        Request* next_ = nullptr;  ///< of those that are to be begun
    };

    using Begin = std::function<void(const std::vector<Request*>& requests)>;

    /// `begin` begins requests, with Request::begin(), and does what is due then.
    Loop(boost::asio::io_context& io, Begin begin);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Begins `request` and returns when it has ended.
    void run(Request& request);
    /// On the loop: it has ended.
    void end(Request& request) { ended_.push_back(&request); }
    /// Does something on the loop that is over when it returns.
    void run(const std::function<void()>& job);

    /// In the child of a fork: the thread of the module is not there, and nothing here may be used any more.
    void abandon();

private:
    using State = Request::State;

    void push(Request& request);
    [[nodiscard]] bool take_turn() { return !turning_.exchange(true); }
    void turn_until_done(const Request& request);
    void turn_once();
    void leave();
    void begin_new();
    void tell_ended();
    static void tell(const Request& request, State state);
    void turn_when_idle();
    void wake();
    void listen();

    boost::asio::io_context& io_;
    Begin begin_;
    boost::asio::posix::stream_descriptor woken_;  ///< an eventfd: somebody has something to begin
    std::atomic<bool> turning_{false};
    std::atomic<bool> asleep_{false};  ///< whoever turns it may wait for the network
    std::atomic<std::uint64_t> turns_{0};
    std::atomic<Request*> to_begin_{nullptr};  ///< the newest first
    // Only of whoever turns the loop.
    std::vector<Request*> begun_;  ///< and not ended
    std::vector<Request*> ended_;
    live::ShortWait wait_;
    // Only of the module's own thread, and of what ends it.
    std::mutex idle_mutex_;
    std::condition_variable idle_;
    std::atomic<bool> stopped_{false};
    std::thread thread_;
};

}  // namespace hasim::pkcs11
