/// Who waits for a line of the HA log: what a test needs instead of sleeping.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include <boost/json/object.hpp>

#include "hasim/scenario.hpp"
#include "play/line_writer.hpp"

namespace hasim::monitor {

class LineWaits final : public play::LineTarget {
public:
    /// Lines that are remembered for those who ask later (chosen).
    static constexpr std::size_t kMostLines = 10'000;
    /// Who may wait at once (chosen).
    static constexpr std::size_t kMostWaits = 1000;

    using Found = std::function<void(const boost::json::object& line)>;
    /// Whoever holds it waits; letting go of it is the end.
    class Wait;

    explicit LineWaits(const sim::World& world) : world_(world) {}

    /// How many lines there were up to now.
    [[nodiscard]] std::uint64_t lines() const { return lines_; }
    /// From now on, who names no line to begin behind begins behind that one.
    void mark(std::uint64_t line) { mark_ = line; }
    [[nodiscard]] std::uint64_t marked() const { return mark_; }

    /// Calls `found` with the first line behind the `after`-th that `pattern` is: at once when it was written already.
    /// Nothing, and no call, when too many wait.
    [[nodiscard]] std::shared_ptr<Wait> wait(LogPattern pattern, std::uint64_t after, Found found);

    void on_line(std::string_view line, WallTime utc, sim::ClientIndex client,
                 const LogRecord& record) override;

private:
    struct Line {
        std::uint64_t number = 0;
        sim::ClientIndex client = 0;
        LogRecord record;
        std::string text;
    };

    [[nodiscard]] boost::json::object object(const Line& line) const;

    const sim::World& world_;
    std::uint64_t lines_ = 0;
    std::uint64_t mark_ = 0;
    std::deque<Line> recent_;
    std::list<std::weak_ptr<Wait>> waits_;
};

}  // namespace hasim::monitor
