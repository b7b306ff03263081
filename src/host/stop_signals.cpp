#include "host/stop_signals.hpp"

#include <array>
#include <cstddef>

#include <csignal>

namespace hasim::host {

namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t came = 0;
std::array<struct sigaction, kSignals.size()> before;

void note(int /*signal*/)
{
    came = 1;
}

}  // namespace

StopSignals::StopSignals()
{
    came = 0;
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals[i], nullptr, &before[i]);
        if (kSignals[i] == SIGHUP && before[i].sa_handler == SIG_IGN) {
            continue;
        }
        struct sigaction action {};
        action.sa_handler = note;
        ::sigaction(kSignals[i], &action, nullptr);
    }
}

StopSignals::~StopSignals()
{
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals[i], &before[i], nullptr);
    }
}

bool StopSignals::asked()
{
    return came != 0;
}

}  // namespace hasim::host
