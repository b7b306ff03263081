/// What threads sleep on. Unlike std::counting_semaphore and std::atomic::wait of libstdc++, which first give the
/// processor away a few times: on a busy machine each of those costs a time slice, where a thread that is woken from
/// sleep comes first.
#pragma once

#include <cerrno>

#include <semaphore.h>

namespace hasim {

class Semaphore {
public:
    Semaphore() { ::sem_init(&semaphore_, 0, 0); }
    ~Semaphore() { ::sem_destroy(&semaphore_); }
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    /// Lets one wait() return, now or later.
    void post() { ::sem_post(&semaphore_); }

    void wait()
    {
        while (::sem_wait(&semaphore_) != 0 && errno == EINTR) {
        }
    }

private:
    sem_t semaphore_{};
};

}  // namespace hasim
