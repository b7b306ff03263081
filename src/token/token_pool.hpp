/// Tokens behind the appliances of a live world: calls are made on threads of their own, so that a key generation of
/// seconds holds up nobody; what came of them is told on the loop's thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "sim/appliance/token_service.hpp"
#include "token/token_module.hpp"

namespace hasim::token {

class TokenPool final : public sim::TokenService {
public:
    using Done = std::function<void(ApplianceIndex appliance, sim::Executed&& event)>;

    /// Calls wait for one of `threads`. `done` is called on the thread that runs `io`; set it before that runs.
    TokenPool(boost::asio::io_context& io, std::unique_ptr<TokenModule> module, unsigned threads);
    /// Waits for the calls that are being made; those that wait are not begun.
    ~TokenPool() override;
    TokenPool(const TokenPool&) = delete;
    TokenPool& operator=(const TokenPool&) = delete;

    void on_done(Done done) { done_ = std::move(done); }

    void execute(ApplianceIndex appliance, const sim::Execute& job) override;
    void forget(ConnectionId connection) override;
    [[nodiscard]] std::vector<sim::ObjectFacts> objects(std::uint32_t domain) override;

private:
    struct Job {
        ApplianceIndex appliance = 0;
        sim::Execute what;
        ConnectionId over{};  ///< not 0: a connection to forget instead
    };
    struct Ended {
        ApplianceIndex appliance = 0;
        sim::Executed event;
    };

    void work();
    void tell(Ended ended);
    void wait();
    void take();
    void post(Job job);

    std::unique_ptr<TokenModule> module_;
    std::uint32_t domains_ = 0;
    boost::asio::posix::stream_descriptor answers_;  ///< an eventfd that the threads write to
    Done done_;
    std::mutex mutex_;
    std::condition_variable work_;
    std::deque<Job> jobs_;
    std::vector<Ended> ended_;
    bool over_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace hasim::token
