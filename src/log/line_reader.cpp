// Walks a buffer of lines, and cuts those that lost their newline.
#include <cstring>
#include <optional>
#include <utility>

#include "hasim/ha_log.hpp"
#include "log/line_scanner.hpp"
#include "log/template_pieces.hpp"

namespace hasim::log {
namespace {

// Start of a whole stamp and prefix within `line`, not at its start: a record behind a text that lost its newline.
std::optional<std::size_t> record_within(std::string_view line)
{
    constexpr std::size_t kMostBefore = 64;  // stamp with some blanks, and pid
    for (std::size_t found = line.find(kBeforeGroup); found != std::string_view::npos;
         found = line.find(kBeforeGroup, found + 1)) {
        const std::size_t lowest = found > kMostBefore ? found - kMostBefore : 1;
        for (std::size_t at = found; at-- > lowest;) {
            ParsedLine ignored;
            Scanner scan{line.data() + at, line.data() + found + kBeforeGroup.size()};
            if (stamp(scan, ignored) && literal(scan, kBeforePid) &&
                number(scan, ignored.pid.value) && literal(scan, kBeforeGroup)) {
                return at;
            }
        }
    }
    return std::nullopt;
}

}  // namespace

// Cuts `text`, which ends before the newline at `end`, at a record that stands within it.
void LineReader::split(std::string_view& text, std::size_t end, Line& line)
{
    const auto within = record_within(text);
    if (!within) {
        return;
    }
    split_ = true;
    line_end_ = end;
    // Without its trailing blanks, so that they are not looked at again for each of many pieces.
    content_end_ = at_ + text.size();
    while (is_blank(buffer_[content_end_ - 1])) {
        --content_end_;
    }
    text = text.substr(0, *within);
    line.kind = parse_line(text, line.parsed);
    if (line.kind == LineKind::record) {
        line.kind = LineKind::torn;
        line.parsed.matched = text.size();
    }
}

bool LineReader::next(Line& line)
{
    if (at_ >= buffer_.size()) {
        return false;
    }
    std::size_t end = line_end_;
    std::size_t content_end = content_end_;
    if (!split_) {
        const void* newline = std::memchr(buffer_.data() + at_, '\n', buffer_.size() - at_);
        if (newline == nullptr && !at_end_) {
            return false;
        }
        end = newline == nullptr
                  ? buffer_.size()
                  : static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.data());
        content_end = end - (end > at_ && buffer_[end - 1] == '\r' ? 1 : 0);
        ++number_;
    }
    const bool behind_another = std::exchange(split_, false);
    std::string_view text = buffer_.substr(at_, content_end - at_);
    line.kind = parse_line(text, line.parsed);
    line.number = number_;
    line.offset = at_;
    if (line.kind == LineKind::unknown || line.kind == LineKind::torn) {
        split(text, end, line);
    }
    line.text = text;
    line.glued = behind_another || split_;
    line.terminated = !split_ && end < buffer_.size();
    at_ = split_ ? at_ + text.size() : end + (line.terminated ? 1 : 0);
    return true;
}

}  // namespace hasim::log
