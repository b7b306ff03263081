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
    over_ = true;
    work_.release(static_cast<std::ptrdiff_t>(threads_.size()));
    for (std::thread& thread : threads_) {
        thread.join();
    }
    jobs_.consume_all([](Job* job) { delete job; });
    ended_.consume_all([](Ended* ended) { delete ended; });
}

void TokenPool::execute(ApplianceIndex appliance, const sim::Execute& job)
{
    post(std::make_unique<Job>(Job{appliance, job, {}}));
}

void TokenPool::forget(ConnectionId connection)
{
    post(std::make_unique<Job>(Job{0, {}, connection}));
}

std::vector<sim::ObjectFacts> TokenPool::objects(std::uint32_t domain)
{
    return module_->token(domain).objects();
}

void TokenPool::post(std::unique_ptr<Job> job)
{
    if (jobs_.push(job.get())) {
        static_cast<void>(job.release());
        work_.release();
    }
}

void TokenPool::work()
{
    while (true) {
        work_.acquire();
        Job* taken = nullptr;
        if (over_) {
            return;
        }
        if (!jobs_.pop(taken)) {
            continue;
        }
        const std::unique_ptr<Job> job(taken);
        if (job->over != ConnectionId{}) {
            module_->forget(job->over);
            continue;
        }
        const auto begun = std::chrono::steady_clock::now();
        Outcome outcome =
            module_->token(job->what.domain).execute(job->what.call, job->what.key.connection);
        const Duration took = std::chrono::steady_clock::now() - begun;
        auto ended = std::make_unique<Ended>();
        ended->appliance = job->appliance;
        ended->event = {job->what.key, static_cast<Code>(outcome.code), std::move(outcome.result),
                        std::move(outcome.made), took};
        tell(std::move(ended));
    }
}

void TokenPool::tell(std::unique_ptr<Ended> ended)
{
    if (ended_.push(ended.get())) {
        static_cast<void>(ended.release());
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
    Ended* taken = nullptr;
    while (ended_.pop(taken)) {
        const std::unique_ptr<Ended> ended(taken);
        done_(ended->appliance, std::move(ended->event));
    }
}

}  // namespace hasim::token
