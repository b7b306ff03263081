/// A time zone as a value: when its clock was set to what. Loaded elsewhere (src/host), because that reads files.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "hasim/time.hpp"

namespace hasim {

class Zone {
public:
    struct Change {
        std::chrono::sys_seconds from;  ///< the offset holds from here on
        std::chrono::seconds offset;    ///< east of Greenwich is positive
    };

    /// UTC.
    Zone() = default;
    /// `changes` in ascending order; before the first of them its offset holds too.
    Zone(std::string name, std::vector<Change> changes)
        : name_(std::move(name)), changes_(std::move(changes))
    {
    }

    [[nodiscard]] const std::string& name() const { return name_; }

    [[nodiscard]] std::chrono::seconds offset_at(std::chrono::sys_seconds when) const
    {
        if (changes_.empty()) {
            return std::chrono::seconds(0);
        }
        const auto after = std::upper_bound(
            changes_.begin(), changes_.end(), when,
            [](std::chrono::sys_seconds moment, const Change& change) {
                return moment < change.from;
            });
        return after == changes_.begin() ? changes_.front().offset : std::prev(after)->offset;
    }

    /// What a clock on the wall shows at `when`; fractions of a second are dropped.
    [[nodiscard]] LocalSeconds local(WallTime when) const
    {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(when);
        return LocalSeconds(seconds.time_since_epoch() + offset_at(seconds));
    }

private:
    std::string name_ = "UTC";
    std::vector<Change> changes_;
};

}  // namespace hasim
