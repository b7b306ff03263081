/// Collects what there is to say about a file, within bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hasim/result.hpp"

namespace hasim::conf {

/// A place in the text: line and column from 1, column in bytes; 0 for none.
struct Place {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// Findings of one file. Keeps the first kMaxOfEachSeverity errors, and as many warnings and notes; counts the rest,
/// so that a hostile file costs neither memory nor pages of output.
class FindingList {
public:
    static constexpr std::size_t kMaxOfEachSeverity = 100;

    explicit FindingList(std::string_view file) : file_(file) {}

    void error(Place place, std::string text) { add(Severity::error, place, std::move(text)); }
    void warning(Place place, std::string text) { add(Severity::warning, place, std::move(text)); }
    void note(Place place, std::string text) { add(Severity::note, place, std::move(text)); }

    /// Whether one more warning would be kept. When not, its text need not be worked out: see `skip_warning`.
    [[nodiscard]] bool has_room_for_warning() const { return warnings_ < kMaxOfEachSeverity; }
    void skip_warning() { ++warnings_; }

    /// Everything kept, in the order of the file, then what concerns the whole file, then how many more there were.
    [[nodiscard]] std::vector<Finding> take();

private:
    void add(Severity severity, Place place, std::string text);

    std::string file_;
    std::vector<Finding> kept_;
    std::size_t errors_ = 0;
    std::size_t warnings_ = 0;
    std::size_t notes_ = 0;
};

}  // namespace hasim::conf
