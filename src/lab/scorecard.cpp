#include "lab/scorecard.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace hasim::lab {

namespace {

std::int64_t microseconds(Duration duration)
{
    return std::chrono::round<std::chrono::microseconds>(duration).count();
}

double milliseconds(Duration duration)
{
    const auto tenths = std::chrono::round<std::chrono::microseconds>(duration).count() / 100;
    return static_cast<double>(tenths) / 10;
}

}  // namespace

void Scorecard::take(const Report& report, Instant now)
{
    if (std::holds_alternative<Hello>(report)) {
        ++processes_;
    } else if (const auto* untold = std::get_if<Untold>(&report)) {
        untold_ += untold->count;
    } else if (const auto* changed = std::get_if<GroupChanged>(&report)) {
        initialized_ += changed->state == GroupState::initializing ? 1U : 0U;
        if (changed->state == GroupState::initializing && failed_ever_) {
            failing_ =
                false;  // it helps itself: what is good from now on is not the library's doing
        }
    }
    const auto* returned = std::get_if<Returned>(&report);
    if (returned == nullptr) {
        return;
    }
    Row& row = rows_[returned->function];
    const bool good = returned->code == Code::ok;
    ++(good ? row.done : row.failed);
    row.retried += returned->moves;
    row.longest = std::max(row.longest, returned->took);
    if (!cryptoki::goes_to_a_member(returned->function)) {
        return;
    }
    if (good && failing_) {
        good_after_failing_ = true;
        if (mended_ && !heal_to_good_) {
            heal_to_good_ = now - *mended_;
        }
    }
    // Only a device that is not there is an outage; a wrong argument is the application's own.
    const bool outage = returned->code == Code::device_error ||
                        returned->code == Code::token_not_present ||
                        static_cast<std::uint32_t>(returned->code) >= 0x80000000U;
    failing_ = good ? false : failing_ || outage;
    failed_ever_ = failed_ever_ || (!good && outage);
}

void Scorecard::ended(Instant)
{
    failing_ = false;
}

void Scorecard::mended(Instant now)
{
    mended_ = now;
    heal_to_good_.reset();
}

std::optional<bool> Scorecard::went_on() const
{
    return failed_ever_ ? std::optional(good_after_failing_) : std::nullopt;
}

Duration Scorecard::longest() const
{
    Duration longest{};
    for (const auto& [function, row] : rows_) {
        longest = std::max(longest, row.longest);
    }
    return longest;
}

std::string Scorecard::json(const std::vector<std::string>& command, int exit_code,
                            const Expected& expected) const
{
    namespace json = boost::json;
    json::object calls;
    for (const auto& [function, row] : rows_) {
        calls[cryptoki::name_of(function)] =
            json::object{{"done", row.done},
                         {"failed", row.failed},
                         {"retried", row.retried},
                         {"longest_us", microseconds(row.longest)}};
    }
    const auto known = went_on();
    json::object card{
        {"command", command.empty() ? std::string() : command.front()},  // arguments may hold a PIN
        {"exit_code", exit_code},
        {"processes", processes_},
        {"calls", std::move(calls)},
        {"not_told", untold_},
        {"longest_stall_us", microseconds(longest())},
        {"heal_to_first_good_us",
         heal_to_good_ ? json::value(microseconds(*heal_to_good_)) : json::value(nullptr)},
        {"went_on_by_itself", known ? json::value(*known) : json::value(nullptr)},
        {"ha_log", json::array(lines_.begin(), lines_.end())},
        {"expectations",
         json::object{{"count", expected.count},
                      {"broken", json::array(expected.broken.begin(), expected.broken.end())}}}};
    return json::serialize(card) + "\n";
}

std::string Scorecard::table() const
{
    std::string text = fmt::format("{:<24} {:>9} {:>7} {:>8} {:>12}\n", "function", "done",
                                   "failed", "retried", "longest");
    for (const auto& [function, row] : rows_) {
        text += fmt::format("{:<24} {:>9} {:>7} {:>8} {:>9.1f} ms\n", cryptoki::name_of(function),
                            row.done, row.failed, row.retried, milliseconds(row.longest));
    }
    text += fmt::format("longest stall {:.1f} ms", milliseconds(longest()));
    if (heal_to_good_) {
        text += fmt::format(", from mending to the first good call {:.1f} ms",
                            milliseconds(*heal_to_good_));
    }
    if (const auto known = went_on()) {
        text += *known ? ", it went on by itself" : ", it did not go on by itself";
    }
    return text + fmt::format(", {} in the HA log", lines_.size() == 1
                                                        ? "1 line"
                                                        : fmt::format("{} lines", lines_.size()));
}

}  // namespace hasim::lab
