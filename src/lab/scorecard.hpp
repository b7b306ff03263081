/// How an application took an outage: what it called, what came of it, how long it stood still.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lab/events.hpp"

namespace hasim::lab {

class Scorecard {
public:
    /// What a process told, at that moment.
    void take(const Report& report, Instant now);
    /// A process is gone. What it was calling never returned.
    void ended(Instant now);
    /// Something was mended.
    void mended(Instant now);
    /// A line of the HA log, as it is there.
    void add_line(std::string line) { lines_.push_back(std::move(line)); }

    struct Row {
        std::uint64_t done = 0;     ///< returned CKR_OK
        std::uint64_t failed = 0;   ///< returned anything else
        std::uint64_t retried = 0;  ///< moved on to another member, times
        Duration longest{};
    };
    struct Expected {
        std::uint64_t count = 0;
        std::vector<std::string> broken;
    };

    [[nodiscard]] std::string json(const std::vector<std::string>& command, int exit_code,
                                   const Expected& expected) const;
    [[nodiscard]] std::string table() const;

    [[nodiscard]] const std::map<cryptoki::Function, Row>& rows() const { return rows_; }
    /// From the last mending to the first call that was good again, where one had failed before it.
    [[nodiscard]] std::optional<Duration> heal_to_good() const { return heal_to_good_; }
    /// Calls failed, and later ones were good without another C_Initialize; nothing when none failed.
    [[nodiscard]] std::optional<bool> went_on() const;

private:
    [[nodiscard]] Duration longest() const;

    std::map<cryptoki::Function, Row> rows_;
    std::vector<std::string> lines_;
    std::uint64_t processes_ = 0;
    std::uint64_t untold_ = 0;
    std::uint64_t initialized_ = 0;
    std::optional<Instant> mended_;
    std::optional<Duration> heal_to_good_;
    bool failing_ = false;  ///< the last call of a kind that members serve failed
    bool failed_ever_ = false;
    bool good_after_failing_ = false;
};

}  // namespace hasim::lab
