#include "logtools/block_reader.hpp"

#include <cstring>
#include <span>

namespace hasim::logtools {

BlockReader::BlockReader(ByteSource& source, std::size_t size) : source_(source), buffer_(size) {}

// Moves what is left to the front, and reads once behind it.
void BlockReader::fill()
{
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    const std::size_t got = source_.read(std::span(buffer_).subspan(end_));
    end_ += got;
    at_end_ = got == 0;
}

// Leaves out bytes up to the next newline, this included; false when the stream ends before one.
bool BlockReader::skip_rest_of_line()
{
    while (true) {
        const void* const found = std::memchr(buffer_.data() + begin_, '\n', end_ - begin_);
        const std::size_t stop =
            found == nullptr
                ? end_
                : static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) + 1;
        offset_ += stop - begin_;
        begin_ = stop;
        if (found != nullptr) {
            skipping_ = false;
            return true;
        }
        if (at_end_) {
            return false;
        }
        fill();
    }
}

bool BlockReader::next(Block& block)
{
    if (skipping_ && !skip_rest_of_line()) {
        return false;
    }
    std::size_t stop = begin_;
    bool cut = false;
    while (true) {
        const std::string_view held(buffer_.data() + begin_, end_ - begin_);
        const std::size_t newline = held.rfind('\n');
        if (newline != std::string_view::npos) {
            stop = begin_ + newline + 1;
            break;
        }
        if (at_end_) {
            stop = end_;
            break;
        }
        if (held.size() == buffer_.size()) {
            stop = end_;
            cut = true;
            break;
        }
        fill();
    }
    if (stop == begin_) {
        return false;
    }
    block = {{buffer_.data() + begin_, stop - begin_}, offset_, at_end_ && stop == end_, cut};
    offset_ += stop - begin_;
    begin_ = stop;
    skipping_ = cut;
    return true;
}

}  // namespace hasim::logtools
