#include "token/token_pool.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "live/handler_watch.hpp"

namespace hasim::token {

namespace {

/// Makes a call, and measures it.
template <class Execute>
sim::Executed made(const sim::Execute& job, Execute execute)
{
    const auto begun = std::chrono::steady_clock::now();
    Outcome outcome = execute();
    const Duration took = std::chrono::steady_clock::now() - begun;
    return {job.key, static_cast<Code>(outcome.code), std::move(outcome.result),
            std::move(outcome.made), took};
}

}  // namespace

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
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        work_.post();
    }
    for (std::thread& thread : threads_) {
        thread.join();
    }
    jobs_.consume_all([](Job* job) { delete job; });
    made_.consume_all([](Made* made) { delete made; });
}

std::optional<sim::Executed> TokenPool::execute(ApplianceIndex appliance, const sim::Execute& job)
{
    if (quick_.is_quick(job.call)) {
        sim::Executed executed =
            made(job, [&] { return module_->token(job.domain).generate_random(job.call); });
        quick_.note(job.call, executed.took);
        return executed;
    }
    post(std::make_unique<Job>(Job{appliance, job, {}}));
    return std::nullopt;
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
        work_.post();
    }
}

void TokenPool::work()
{
    while (true) {
        work_.wait();
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
        const sim::Execute& what = job->what;
        sim::Executed executed = made(what, [&] {
            return module_->token(what.domain).execute(what.call, what.key.connection);
        });
        tell(std::make_unique<Made>(
            Made{{job->appliance, std::move(executed)}, std::move(job->what.call)}));
    }
}

void TokenPool::tell(std::unique_ptr<Made> made)
{
    if (made_.push(made.get())) {
        static_cast<void>(made.release());
        if (told_.exchange(true)) {
            return;
        }
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
    told_ = false;  // before the look: what comes after it wakes the loop again
    std::vector<Ended> ended;
    Made* taken = nullptr;
    while (made_.pop(taken)) {
        const std::unique_ptr<Made> made(taken);
        quick_.note(made->call, made->ended.event.took);
        ended.push_back(std::move(made->ended));
    }
    done_(ended);
}

}  // namespace hasim::token
