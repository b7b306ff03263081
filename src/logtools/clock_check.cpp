#include "logtools/clock_check.hpp"

#include <fmt/format.h>

#include "logtools/stamp_clock.hpp"

namespace hasim::logtools {

std::optional<SequenceFinding> ClockCheck::feed(Pid pid, LocalSeconds stamp)
{
    constexpr std::size_t kMostProcesses = 65536;
    bool fresh = false;
    Last::value_type*& recent = recent_[pid.value % recent_.size()];
    if (recent == nullptr || recent->first != pid) {
        if (last_.size() >= kMostProcesses && !last_.contains(pid)) {
            last_.clear();
            recent_.fill(nullptr);
        }
        const auto [entry, is_new] = last_.try_emplace(pid);
        recent = &*entry;
        fresh = is_new;
    }
    std::chrono::seconds& last = recent->second;
    const std::chrono::seconds now =
        zone_ ? time_of(zone_, stamp, fresh ? std::nullopt : std::optional(last))
              : stamp.time_since_epoch();
    const std::chrono::seconds back = fresh ? std::chrono::seconds(0) : last - now;
    last = now;
    if (back <= std::chrono::seconds(0)) {
        return std::nullopt;
    }
    const bool maybe_summer_time = !zone_ && back <= std::chrono::hours(1);
    return SequenceFinding{
        Severity::note,
        fmt::format(
            "time goes back by {} s in process {}: the clock was set{}", back.count(), pid.value,
            maybe_summer_time ? ", or summer time ended: name the client's zone with --timezone"
                              : "")};
}

}  // namespace hasim::logtools
