/// Everything that `hasim log check` looks at, line by line: the grammar of a line, the clock, the sequence.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "hasim/code.hpp"
#include "hasim/result.hpp"
#include "logtools/clock_check.hpp"
#include "logtools/line_stream.hpp"
#include "logtools/sequence_check.hpp"

namespace hasim::logtools {

/// Checks the lines of a log in their order.
class LogCheck {
public:
    /// Receives each finding, in the order of the lines. Errors are impossible sequences; everything else is a note.
    using Receive = std::function<void(const Finding&)>;

    /// With the client's zone, the end of summer time is no step back of its clock.
    explicit LogCheck(Receive receive, std::optional<Zone> zone = std::nullopt)
        : receive_(std::move(receive)), clock_(std::move(zone))
    {
    }

    void check(const PlacedLine& line);

    [[nodiscard]] std::uint64_t errors() const { return errors_; }
    [[nodiscard]] std::uint64_t notes() const { return notes_; }

private:
    void check_record(const PlacedLine& line);
    void check_code(const PlacedLine& line);
    void tell(const PlacedLine& line, std::size_t column, Severity severity, std::string text);

    Receive receive_;
    SequenceCheck sequence_;
    ClockCheck clock_;
    Code code_{};                 // of the last line that has one,
    std::string_view code_name_;  // and its name in hasim's table
    std::uint64_t errors_ = 0;
    std::uint64_t notes_ = 0;
};

}  // namespace hasim::logtools
