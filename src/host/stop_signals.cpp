#include "host/stop_signals.hpp"

#include <array>
#include <cstddef>

#include <csignal>

namespace hasim::host {

namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t signal_came = 0;
std::array<struct sigaction, kSignals.size()> handlers_before;

void note(int /*signal*/)
{
    signal_came = 1;
}

}  // namespace

StopSignals::StopSignals()
{
    signal_came = 0;
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals[i], nullptr, &handlers_before[i]);
        if (kSignals[i] == SIGHUP && handlers_before[i].sa_handler == SIG_IGN) {
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
        ::sigaction(kSignals[i], &handlers_before[i], nullptr);
    }
}

bool StopSignals::asked()
{
    return signal_came != 0;
}

}  // namespace hasim::host
