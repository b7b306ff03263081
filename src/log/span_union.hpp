/// Times that may overlap, counted once.
#pragma once

#include <chrono>
#include <map>

namespace hasim::log {

/// A moment of a story, from a zero of its teller's choice. Never goes back.
using StoryTime = std::chrono::milliseconds;

/// Takes spans in any order. Holds at most kMost apart: of more, the earlier half is summed up, and a span that reaches
/// back into that half is counted twice there.
class SpanUnion {
public:
    static constexpr std::size_t kMost = 4096;

    void add(StoryTime from, StoryTime to);
    [[nodiscard]] StoryTime length() const;

private:
    std::map<StoryTime, StoryTime> spans_;  // disjoint, from and to
    StoryTime summed_up_{};
};

}  // namespace hasim::log
