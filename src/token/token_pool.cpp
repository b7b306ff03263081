#include "token/token_pool.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "live/handler_watch.hpp"

namespace hasim::token {

TokenPool::TokenPool(boost::asio::io_context& io, std::unique_ptr<TokenModule> module,
                     unsigned threads)
    : module_(std::move(module)), answers_(io, ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    for (unsigned i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { work(); });
    }
    wait();
}

TokenPool::~TokenPool()
{
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    work_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

void TokenPool::execute(ApplianceIndex appliance, const sim::Execute& job)
{
    post({appliance, job, {}});
}

void TokenPool::forget(ConnectionId connection)
{
    post({0, {}, connection});
}

std::vector<sim::ObjectFacts> TokenPool::objects(std::uint32_t domain)
{
    return module_->token(domain).objects();
}

void TokenPool::post(Job job)
{
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    work_.notify_one();
}

void TokenPool::work()
{
    while (true) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            work_.wait(lock, [&] { return over_ || !jobs_.empty(); });
            if (over_) {
                return;
            }
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        Token& token = module_->token(job.what.domain);
        if (job.over != ConnectionId{}) {
            module_->forget(job.over);
            continue;
        }
        const auto begun = std::chrono::steady_clock::now();
        Outcome outcome = token.execute(job.what.call, job.what.key.connection);
        const Duration took = std::chrono::steady_clock::now() - begun;
        tell({job.appliance,
              {job.what.key, static_cast<Code>(outcome.code), std::move(outcome.result),
               std::move(outcome.made), took}});
    }
}

void TokenPool::tell(Ended ended)
{
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        first = ended_.empty();
        ended_.push_back(std::move(ended));
    }
    if (first) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written =
            ::write(answers_.native_handle(), &one, sizeof one);
    }
}

void TokenPool::wait()
{
    answers_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                        [this](const boost::system::error_code& error) {
                            if (!error) {
                                const live::HandlerCheck check;
                                take();
                                wait();
                            }
                        });
}

void TokenPool::take()
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(answers_.native_handle(), &count, sizeof count);
    std::vector<Ended> ended;
    {
        const std::lock_guard lock(mutex_);
        ended.swap(ended_);
    }
    for (Ended& one : ended) {
        done_(one.appliance, std::move(one.event));
    }
}

}  // namespace hasim::token
