#include "log/span_union.hpp"

#include <algorithm>
#include <iterator>

namespace hasim::log {

void SpanUnion::add(StoryTime from, StoryTime to)
{
    if (from >= to) {
        return;
    }
    auto next = spans_.upper_bound(from);
    if (next != spans_.begin() && std::prev(next)->second >= from) {
        --next;
    }
    while (next != spans_.end() && next->first <= to) {
        from = std::min(from, next->first);
        to = std::max(to, next->second);
        next = spans_.erase(next);
    }
    spans_.emplace_hint(next, from, to);
    if (spans_.size() > kMost) {
        for (auto early = spans_.begin(); spans_.size() > kMost / 2; early = spans_.erase(early)) {
            summed_up_ += early->second - early->first;
        }
    }
}

StoryTime SpanUnion::length() const
{
    StoryTime length = summed_up_;
    for (const auto& [from, to] : spans_) {
        length += to - from;
    }
    return length;
}

}  // namespace hasim::log
