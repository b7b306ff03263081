#include "conf/values.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "base/words.hpp"
#include "hasim/settings.hpp"

namespace hasim::conf {
namespace {

bool is_empty(const Entry& entry, std::string_view default_text, FindingList& findings)
{
    if (!entry.value.empty()) {
        return false;
    }
    findings.warning(entry.key_place, fmt::format("{} is empty, so its default holds: {}",
                                                  in_quotes(entry.key), default_text));
    return true;
}

// Without blanks and quotes at both ends; `place` moves along.
std::string_view stripped(std::string_view text, Place& place)
{
    constexpr std::string_view kAround = " \t\r\"'";
    const std::size_t first = std::min(text.find_first_not_of(kAround), text.size());
    const std::size_t last = text.find_last_not_of(kAround);
    place.column += static_cast<std::uint32_t>(first);
    return first == text.size() ? std::string_view{} : text.substr(first, last + 1 - first);
}

void complain_about_serial(std::string_view text, Place place, FindingList& findings)
{
    const bool digits =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits) {
        findings.error(place, fmt::format("a serial number has at most {} digits, not the {} of {}",
                                          Serial::kMaxDigits, text.size(), in_quotes(text)));
        return;
    }
    const bool blank = text.find_first_of(" \t") != std::string_view::npos;
    findings.error(
        place, fmt::format("{} is not a serial number, which is 1 to {} digits{}", in_quotes(text),
                           Serial::kMaxDigits, blank ? "; put commas between serial numbers" : ""));
}

}  // namespace

std::optional<std::int64_t> number_value(const Entry& entry, const NumberRule& rule,
                                         FindingList& findings)
{
    if (is_empty(entry, rule.default_text, findings)) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    const char* const end = entry.value.data() + entry.value.size();
    const auto [stop, error] = std::from_chars(entry.value.data(), end, number);
    if (error != std::errc{} || stop != end || number < rule.least || number > rule.most) {
        findings.error(entry.value_place, fmt::format("{} must be {}, not {}", entry.key,
                                                      rule.meaning, in_quotes(entry.value)));
        return std::nullopt;
    }
    return number;
}

std::optional<bool> switch_value(const Entry& entry, FindingList& findings)
{
    if (is_empty(entry, "0", findings)) {
        return std::nullopt;
    }
    if (entry.value != "0" && entry.value != "1") {
        findings.error(entry.value_place,
                       fmt::format("the value of {} must be 0 (off) or 1 (on), not {}",
                                   in_quotes(entry.key), in_quotes(entry.value)));
        return std::nullopt;
    }
    return entry.value == "1";
}

std::optional<std::size_t> word_value(const Entry& entry, std::span<const std::string_view> words,
                                      std::string_view default_text, FindingList& findings)
{
    if (is_empty(entry, default_text, findings)) {
        return std::nullopt;
    }
    std::string allowed;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (entry.value == words[i]) {
            return i;
        }
        if (same_but_for_case(entry.value, words[i])) {
            findings.warning(entry.value_place,
                             fmt::format("{} is taken as '{}'; the product may mind the case",
                                         in_quotes(entry.value), words[i]));
            return i;
        }
        allowed += fmt::format("{}'{}'", i == 0 ? "" : " or ", words[i]);
    }
    const std::string near = nearest(entry.value, {words.begin(), words.end()});
    findings.error(
        entry.value_place,
        fmt::format("{} must be {}, not {}{}", entry.key, allowed, in_quotes(entry.value),
                    near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
    return std::nullopt;
}

std::optional<Serial> serial_value(const Entry& entry, FindingList& findings)
{
    if (entry.value.empty()) {
        findings.error(entry.key_place,
                       fmt::format("{} is empty; give it a serial number", in_quotes(entry.key)));
        return std::nullopt;
    }
    auto serial = Serial::parse(entry.value);
    if (!serial) {
        complain_about_serial(entry.value, entry.value_place, findings);
    }
    return serial;
}

std::vector<ListedSerial> serial_list(const Entry& entry, FindingList& findings)
{
    std::vector<ListedSerial> list;
    std::size_t count = 0;
    for (std::size_t start = 0; start <= entry.value.size();) {
        const std::size_t comma = std::min(entry.value.find(',', start), entry.value.size());
        Place place = entry.value_place;
        place.column += static_cast<std::uint32_t>(start);
        const std::string_view item = stripped(entry.value.substr(start, comma - start), place);
        start = comma + 1;
        if (item.empty()) {
            if (!entry.value.empty()) {
                findings.warning(
                    place,
                    "nothing between two commas, or before or behind one; remove that comma");
            }
            continue;
        }
        if (++count == kMaxMembers + 1) {
            findings.error(
                place, fmt::format("{} lists more than {} members, which is the limit of a group",
                                   entry.key, kMaxMembers));
            return list;
        }
        const auto serial = Serial::parse(item);
        if (!serial) {
            complain_about_serial(item, place, findings);
        } else if (std::any_of(list.begin(), list.end(),
                               [&](const auto& l) { return l.serial == *serial; })) {
            findings.error(place,
                           fmt::format("member {} stands twice in the list", serial->text()));
        } else {
            list.push_back({*serial, place});
        }
    }
    return list;
}

}  // namespace hasim::conf
