/// Tokens behind the appliances of a live world: calls are made on threads of their own, so that a key generation of
/// seconds holds up nobody; what came of them is told on the loop's thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/lockfree/queue.hpp>

#include "base/semaphore.hpp"
#include "sim/appliance/token_service.hpp"
#include "token/quick_calls.hpp"
#include "token/token_module.hpp"

namespace hasim::token {

class TokenPool final : public sim::TokenService {
public:
    struct Ended {
        ApplianceIndex appliance = 0;
        sim::Executed event;
    };
    using Done = std::function<void(const std::vector<Ended>& ended)>;

    /// Calls wait for one of `threads`, but for quick ones. What came of them is told on the thread that runs `io`.
    TokenPool(boost::asio::io_context& io, std::unique_ptr<TokenModule> module, unsigned threads);
    /// Waits for the calls that are being made; those that wait are not begun.
    ~TokenPool() override;
    TokenPool(const TokenPool&) = delete;
    TokenPool& operator=(const TokenPool&) = delete;

    /// Before `io` runs.
    void on_done(Done done) { done_ = std::move(done); }

    [[nodiscard]] std::optional<sim::Executed> execute(ApplianceIndex appliance,
                                                       const sim::Execute& job) override;
    void forget(ConnectionId connection) override;
    [[nodiscard]] std::vector<sim::ObjectFacts> objects(std::uint32_t domain) override;

private:
    static constexpr std::size_t kQueued = 1024;  ///< places at the start; there may be more

    struct Job {
        ApplianceIndex appliance = 0;
        sim::Execute what;
        ConnectionId over{};  ///< not 0: a connection to forget instead
    };
    /// What a thread made of a job.
    struct Made {
        Ended ended;
        cryptoki::Call call;
    };

    void work();
    void tell(std::unique_ptr<Made> made);
    void wait();
    void take();
    void post(std::unique_ptr<Job> job);

    std::unique_ptr<TokenModule> module_;
    boost::asio::posix::stream_descriptor answers_;  ///< an eventfd that the threads write to
    Done done_;
    QuickCalls quick_;
    // Between the loop and the threads there is no lock: a thread that was put aside while it held one would hold up
    // the loop.
    boost::lockfree::queue<Job*> jobs_{kQueued};
    boost::lockfree::queue<Made*> made_{kQueued};
    Semaphore work_;  ///< jobs that wait, or threads that are to end
    std::atomic<bool> over_{false};
    std::atomic<bool> told_{false};  ///< the loop was woken and did not look yet
    std::vector<std::thread> threads_;
};

}  // namespace hasim::token
