/// From the records of a world to the lines of its log file.
#pragma once

#include <string_view>
#include <vector>

#include "hasim/zone.hpp"
#include "log/format.hpp"
#include "sim/world/world.hpp"

namespace hasim::play {

/// Where lines go.
class LineTarget {
public:
    virtual ~LineTarget() = default;
    /// `line` has no newline; `utc` is what its stamp stands for.
    virtual void on_line(std::string_view line, WallTime utc, sim::ClientIndex client,
                         const LogRecord& record) = 0;
};

/// Stamps each record with the workstation's clock on the wall, and hands the line on.
class LineWriter final : public sim::WorldObserver {
public:
    LineWriter(const sim::World& world, WallTime start, Zone zone, StampStyle style)
        : world_(world), start_(start), zone_(std::move(zone)), formatter_(style)
    {
    }

    void add(LineTarget& target) { targets_.push_back(&target); }

    [[nodiscard]] sim::CallInterest call_interest() const override
    {
        return sim::CallInterest::none;
    }

    void on_log(sim::ClientIndex client, const LogRecord& record) override
    {
        const WallTime utc = start_ + record.at.time_since_epoch() + world_.clock_offset();
        const std::size_t size = formatter_.format(record, zone_.local(utc), buffer_);
        for (LineTarget* target : targets_) {
            target->on_line({buffer_.data(), size}, utc, client, record);
        }
    }

private:
    const sim::World& world_;
    WallTime start_;
    Zone zone_;
    log::Formatter formatter_;
    std::array<char, log::kMaxLineLength> buffer_{};
    std::vector<LineTarget*> targets_;
};

}  // namespace hasim::play
