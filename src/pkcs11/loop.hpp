/// Who turns the module's loop. A calling thread that finds nobody at it turns it itself until its own call is over,
/// and then leaves it to the next that waits: one thread costs no hand-over, eight share one loop. When nobody calls, a
/// thread of the module turns it, for ticks, attempts and connections that end. No lock is held while it waits.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace hasim::pkcs11 {

class Loop {
public:
    /// Something to be done on the loop, and waited for. `begin` is called there once, by whoever turns it.
    class Request {
    public:
        explicit Request(std::function<void()> begin) : begin_(std::move(begin)) {}
        Request(const Request&) = delete;
        Request& operator=(const Request&) = delete;

    private:
        friend class Loop;
        std::function<void()> begin_;
        bool done_ = false;
        std::condition_variable changed_;
    };

    /// `settle` does what is due; it is called after everything that was begun.
    Loop(boost::asio::io_context& io, std::function<void()> settle);
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
    template <class Until>
    void turn(std::unique_lock<std::mutex>& lock, Until until);
    void turn_when_idle();
    void wake();
    void listen();

    boost::asio::io_context& io_;
    std::function<void()> settle_;
    boost::asio::posix::stream_descriptor woken_;  ///< an eventfd: somebody has something to begin
    std::mutex mutex_;
    bool turning_ = false;
    bool stopped_ = false;
    std::uint64_t turns_ = 0;
    std::vector<Request*> to_begin_;
    std::vector<Request*> waiting_;  ///< whose threads wait for a turn or for their end
    std::vector<Request*> ended_;    ///< only on the loop
    std::condition_variable idle_;
    std::thread thread_;
};

}  // namespace hasim::pkcs11
