// libFuzzer harness for edits of a configuration: what was set is read back, and no byte changed that had not to.
// The input: a line each for section, key and value, then the text.
#include "harness.hpp"

#include "conf/edit.hpp"
#include "conf/load_document.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

using namespace hasim;

namespace {

std::string_view take_line(std::string_view& text)
{
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::optional<std::string> value_of(std::string_view text, std::string_view section,
                                    std::string_view key)
{
    conf::FindingList findings("");
    const conf::Document document = conf::load_document(text, findings);
    std::optional<std::string> value;
    for (const conf::Entry& entry : document.entries) {
        if (document.sections[entry.section].name == section && entry.key == key) {
            value = entry.value;
        }
    }
    return value;
}

/// How many bytes of `before` are not in `after`, which is the same at both ends.
std::size_t lost_bytes(const std::string& before, const std::string& after)
{
    const auto [a, b] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    const auto [c, d] = std::mismatch(before.rbegin(), std::make_reverse_iterator(a),
                                      after.rbegin(), std::make_reverse_iterator(b));
    return static_cast<std::size_t>(c.base() - a);
}

/// Nothing was lost but the old value and its quotes. A last entry without a semicolon gets one when it is the last no
/// more.
bool is_harmless(const std::string& before, const std::string& after,
                 const std::optional<std::string>& old)
{
    if (lost_bytes(before, after) <= (old ? old->size() + 2 : 0)) {
        return true;
    }
    std::string closed = before;
    const auto at = std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first;
    closed.insert(static_cast<std::size_t>(at - before.begin()), ";");
    return !old && lost_bytes(closed, after) == 0;
}

}  // namespace

HASIM_FUZZ(edit)
(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kMost = 4096;
    std::string_view rest(reinterpret_cast<const char*>(data), std::min(size, kMost));
    const std::string_view section = take_line(rest);
    const std::string_view key = take_line(rest);
    const std::string_view value = take_line(rest);
    const std::string before(rest);
    const auto old = value_of(before, section, key);

    const conf::Edited set = conf::set_entry(before, section, key, value);
    if (set.ok()) {
        HASIM_ASSERT(value_of(set.text, section, key) == value);
        HASIM_ASSERT(is_harmless(before, set.text, old));
        HASIM_ASSERT(conf::set_entry(set.text, section, key, value).text == set.text);
    }
    const conf::Edited unset = conf::unset_entry(before, section, key);
    if (unset.ok()) {
        HASIM_ASSERT(!value_of(unset.text, section, key));
        HASIM_ASSERT(old || unset.text == before);
        HASIM_ASSERT(unset.text.size() <= before.size());
    }
    return 0;
}
