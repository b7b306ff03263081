/// Bytes from memory, in pieces of any size.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "logtools/line_stream.hpp"

namespace hasim::test {

class MemorySource final : public logtools::ByteSource {
public:
    explicit MemorySource(std::string text, std::size_t piece = 1U << 20U, std::string trouble = {})
        : text_(std::move(text)), piece_(piece), end_(std::move(trouble))
    {
    }

    std::size_t read(std::span<char> out) override
    {
        const std::size_t size = std::min({out.size(), piece_, text_.size() - at_});
        std::memcpy(out.data(), text_.data() + at_, size);
        at_ += size;
        if (size == 0) {
            trouble_ = end_;
        }
        return size;
    }

private:
    std::string text_;
    std::size_t piece_;
    std::string end_;
    std::size_t at_ = 0;
};

/// A set of files of which each "path" is its content.
[[nodiscard]] inline logtools::LineStream stream_of(std::vector<std::string> texts)
{
    return logtools::LineStream(
        std::move(texts),
        [](const std::string& text)
            -> std::variant<std::unique_ptr<logtools::ByteSource>, Finding> {
            return std::make_unique<MemorySource>(text);
        });
}

/// A line of the note's group, 16:29:00 plus `second`.
[[nodiscard]] inline std::string line_at(int second, std::string_view message, int pid = 17469)
{
    std::string text = "Wed Oct 4 16:";
    const int minute = 29 + second / 60;
    const auto two = [](int value) {
        return std::string{char('0' + value / 10), char('0' + value % 10)};
    };
    text += two(minute) + ':' + two(second % 60) + " 2017 : [" + std::to_string(pid) +
            "] HA group: 11234840370164 ";
    text += message;
    return text + '\n';
}

}  // namespace hasim::test
