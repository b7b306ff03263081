#include "host/worker_thread.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace hasim::host {

// Shared with the thread, which may outlive the object.
struct WorkerThread::Shared {
    struct Job {
        std::size_t bytes = 0;
        std::function<void()> work;
    };

    std::mutex mutex;
    std::condition_variable came;  ///< a job, or the end
    std::condition_variable done;  ///< nothing waits and nothing is under way
    std::deque<Job> jobs;
    std::function<void()> at_rest;
    std::size_t pending = 0;  ///< bytes of jobs, and of the one under way
    std::size_t most_pending = 0;
    bool working = false;
    bool ending = false;
    bool given_up = false;
    std::thread thread;

    void work()
    {
        std::unique_lock lock(mutex);
        for (;;) {
            came.wait(lock, [this] { return ending || !jobs.empty(); });
            if (jobs.empty()) {
                return;
            }
            working = true;
            while (!jobs.empty()) {
                Job job = std::move(jobs.front());
                jobs.pop_front();
                unlocked(lock, [&job] {
                    job.work();
                    job.work = nullptr;
                });
                pending -= job.bytes;
                if (jobs.empty() && at_rest && !given_up) {
                    unlocked(lock, at_rest);
                }
            }
            working = false;
            done.notify_all();
        }
    }

    template <class Work>
    static void unlocked(std::unique_lock<std::mutex>& lock, Work&& work)
    {
        lock.unlock();
        try {
            work();
        } catch (...) {  // who writes has accounted for it
        }
        lock.lock();
    }
};

WorkerThread::WorkerThread(std::size_t most_pending, std::function<void()> at_rest)
    : shared_(std::make_shared<Shared>())
{
    shared_->at_rest = std::move(at_rest);
    shared_->most_pending = most_pending;
    shared_->thread = std::thread([shared = shared_] { shared->work(); });
}

WorkerThread::~WorkerThread()
{
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->ending = true;
    }
    shared_->came.notify_all();
    if (shared_->given_up) {
        shared_->thread.detach();
    } else {
        shared_->thread.join();
    }
}

bool WorkerThread::post(std::size_t bytes, std::function<void()> job)
{
    {
        const std::lock_guard lock(shared_->mutex);
        if (bytes > shared_->most_pending - shared_->pending || shared_->given_up) {
            return false;
        }
        shared_->pending += bytes;
        shared_->jobs.push_back({bytes, std::move(job)});
    }
    shared_->came.notify_one();
    return true;
}

bool WorkerThread::finish(std::optional<std::chrono::milliseconds> patience)
{
    std::unique_lock lock(shared_->mutex);
    const auto idle = [this] { return shared_->jobs.empty() && !shared_->working; };
    if (!patience) {
        shared_->done.wait(lock, idle);
        return true;
    }
    if (shared_->done.wait_for(lock, *patience, idle)) {
        return true;
    }
    shared_->given_up = true;
    shared_->jobs.clear();
    return false;
}

}  // namespace hasim::host
