/// Writes text into room that its user has made sure of: for those who print millions of lines.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace hasim {

class BufferWriter {
public:
    /// Most characters that number() writes.
    static constexpr std::size_t kMaxNumber = 20;

    explicit BufferWriter(char* at) : at_(at) {}

    /// Where the next character goes.
    [[nodiscard]] char* at() const { return at_; }

    void character(char c) { *at_++ = c; }
    void text(std::string_view text)
    {
        std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
    }
    /// Needs room for kMaxNumber characters.
    void number(std::uint64_t value) { at_ = std::to_chars(at_, at_ + kMaxNumber, value).ptr; }
    /// The last two digits.
    void two_digits(std::uint64_t value)
    {
        at_[0] = static_cast<char>('0' + value / 10 % 10);
        at_[1] = static_cast<char>('0' + value % 10);
        at_ += 2;
    }
    /// "16:29:21".
    void clock(std::uint64_t second_of_day)
    {
        two_digits(second_of_day / 3600);
        character(':');
        two_digits(second_of_day / 60 % 60);
        character(':');
        two_digits(second_of_day % 60);
    }
    /// "0xc0001100": always eight digits.
    void hex(std::uint32_t value)
    {
        text("0x");
        for (int shift = 28; shift >= 0; shift -= 4) {
            character("0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 15U]);
        }
    }

private:
    char* at_;
};

inline void append_number(std::string& out, std::uint64_t number)
{
    std::array<char, BufferWriter::kMaxNumber> digits{};
    BufferWriter writer(digits.data());
    writer.number(number);
    out.append(digits.data(), writer.at());
}

}  // namespace hasim
