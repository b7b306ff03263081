#include "logtools/line_stream.hpp"

#include <algorithm>
#include <utility>

namespace hasim::logtools {

std::string_view shown_name(const std::string& path)
{
    return path == kStandardInput ? kStandardInputName : std::string_view(path);
}

LineStream::LineStream(std::vector<std::string> files, OpenSource open,
                       std::function<std::optional<std::string>()> more)
    : files_(std::move(files)), open_(std::move(open)), more_(std::move(more))
{
}

bool LineStream::open_next()
{
    if (begun_ == files_.size()) {
        auto further = more_ ? more_() : std::nullopt;
        if (!further) {
            return false;
        }
        files_.push_back(std::move(*further));
    }
    const std::string& path = files_[begun_];
    auto opened = open_(path);
    if (auto* const finding = std::get_if<Finding>(&opened)) {
        failure_ = std::move(*finding);
        return false;
    }
    ++begun_;
    source_ = std::move(std::get<std::unique_ptr<ByteSource>>(opened));
    blocks_.emplace(*source_);
    line_number_ = 0;
    return true;
}

// The next block that has lines, of this file or of one behind it.
bool LineStream::next_block()
{
    while (!failure_) {
        if (blocks_ && blocks_->next(block_)) {
            at_ = 0;
            return true;
        }
        if (source_ && !source_->trouble().empty()) {
            const std::string file(shown_name(files_[begun_ - 1]));
            failure_ = Finding{file, 0, 0, Severity::error, source_->trouble()};
            return false;
        }
        if (!open_next()) {
            return false;
        }
    }
    return false;
}

// The next line of the block at hand, if it has one more.
bool LineStream::next_in_block(PlacedLine& line)
{
    const char* const begin = block_.text.data();
    const char* const end = begin + block_.text.size();
    for (;;) {
        if (lines_ && lines_->next(line.line)) {
            plain_.learn(line.line);
            line.line.offset += lines_at_;
            return true;
        }
        lines_.reset();
        if (at_ == block_.text.size()) {
            return false;
        }
        if (const char* const next = plain_.read(begin + at_, end, line.line)) {
            line.line.offset = std::exchange(at_, static_cast<std::size_t>(next - begin));
            line.line.number = line_number_ + 1;
            return true;
        }
        lines_at_ = at_;
        at_ = std::min(block_.text.find('\n', at_), block_.text.size() - 1) + 1;
        lines_.emplace(block_.text.substr(lines_at_, at_ - lines_at_), true, line_number_ + 1);
    }
}

bool LineStream::next(PlacedLine& line)
{
    line.cut = false;
    while (!next_in_block(line)) {
        if (!next_block()) {
            return false;
        }
        if (block_.cut) {
            line.line = {
                log::LineKind::unknown, block_.text, line_number_ + 1, 0, false, false, {}};
            line.cut = true;
            at_ = block_.text.size();
            break;
        }
    }
    line_number_ = line.line.number;
    line.file = shown_name(files_[begun_ - 1]);
    line.index = static_cast<std::uint32_t>(begun_ - 1);
    line.offset = block_.offset + line.line.offset;
    return true;
}

}  // namespace hasim::logtools
