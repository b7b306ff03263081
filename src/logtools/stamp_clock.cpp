#include "logtools/stamp_clock.hpp"

#include <algorithm>
#include <iterator>

namespace hasim::logtools {

namespace {

using std::chrono::seconds;

constexpr std::size_t kMostStretches = 65536;

}  // namespace

seconds time_of(const std::optional<Zone>& zone, LocalSeconds stamp, std::optional<seconds> last)
{
    const seconds local = stamp.time_since_epoch();
    if (!zone) {
        return local;
    }
    const auto offset_at = [&zone](seconds utc) {
        return zone->offset_at(std::chrono::sys_seconds(utc));
    };
    const seconds day = std::chrono::days(1);
    const seconds before = local - offset_at(local - day);  // by the offset before a change nearby
    const seconds behind = local - offset_at(local + day);
    const bool may_be_before = local - offset_at(before) == before;
    const bool may_be_behind = local - offset_at(behind) == behind;
    if (!may_be_before || !may_be_behind) {
        return may_be_behind ? behind : before;
    }
    const auto [first, second] = std::minmax(before, behind);
    return !last || first + kJitter >= *last ? first : second;
}

log::StoryTime StampClock::elapsed(LocalSeconds stamp)
{
    if (stretches_.empty()) {
        stretches_.push_back({elapsed_, time_of(zone_, stamp, std::nullopt)});
        return elapsed_;
    }
    Stretch& stretch = stretches_.back();
    const seconds line =
        zone_ ? time_of(zone_, stamp,
                        stretch.from + std::chrono::floor<seconds>(elapsed_ - stretch.elapsed))
              : stamp.time_since_epoch();
    const log::StoryTime now = stretch.elapsed + (line - stretch.from);
    if (now >= elapsed_) {
        elapsed_ = now;
    } else if (elapsed_ - now > kJitter) {
        ++steps_back_;
        elapsed_ += log::StoryTime(1);  // so that the moments before and behind it are told apart
        if (stretches_.size() == kMostStretches) {
            stretch = {elapsed_, line};
        } else {
            stretches_.push_back({elapsed_, line});
        }
    }
    return elapsed_;
}

LocalSeconds StampClock::stamp_at(log::StoryTime elapsed) const
{
    if (stretches_.empty()) {
        return LocalSeconds{};
    }
    auto stretch = std::upper_bound(
        stretches_.begin(), stretches_.end(), elapsed,
        [](log::StoryTime moment, const Stretch& each) { return moment < each.elapsed; });
    stretch = stretch == stretches_.begin() ? stretch : std::prev(stretch);
    const seconds line = stretch->from + std::chrono::floor<seconds>(elapsed - stretch->elapsed);
    return zone_ ? LocalSeconds(line + zone_->offset_at(std::chrono::sys_seconds(line)))
                 : LocalSeconds(line);
}

}  // namespace hasim::logtools
