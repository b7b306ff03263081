/// Does the clock of a client go backwards? Stamps of one process are followed.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "hasim/ids.hpp"
#include "hasim/time.hpp"
#include "hasim/zone.hpp"
#include "logtools/sequence_check.hpp"

namespace hasim::logtools {

/// Follows the clock of each process: stamps that go backwards are told.
class ClockCheck {
public:
    explicit ClockCheck(std::optional<Zone> zone = std::nullopt) : zone_(std::move(zone)) {}

    /// A note when `stamp` is before the last one of `pid`.
    std::optional<SequenceFinding> feed(Pid pid, LocalSeconds stamp);

private:
    std::optional<Zone> zone_;
    using Last = std::map<Pid, std::chrono::seconds>;
    Last last_;
    std::array<Last::value_type*, 16> recent_{};  // found again without looking
};

}  // namespace hasim::logtools
