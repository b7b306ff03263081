/// Numbers and texts one after the other, and reading them from anybody.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/bytes.hpp"

namespace hasim::cryptoki {

inline void put_byte(std::string& out, std::uint8_t byte)
{
    out.push_back(static_cast<char>(byte));
}

inline void put_number(std::string& out, std::uint64_t number)
{
    char bytes[8];
    wire::put64(bytes, number);
    out.append(bytes, sizeof bytes);
}

/// The size, then the bytes.
inline void put_text(std::string& out, std::string_view text)
{
    put_number(out, text.size());
    out.append(text);
}

/// Reads fields in their order. Once one does not fit, all that follow are empty or 0, and all_read() is false.
class FieldReader {
public:
    explicit FieldReader(std::string_view bytes) : left_(bytes) {}

    [[nodiscard]] std::uint8_t byte(std::uint8_t most)
    {
        const std::string_view bytes = take(1);
        const auto byte = bytes.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(bytes[0]);
        broken_ |= byte > most;
        return broken_ ? std::uint8_t{0} : byte;
    }
    [[nodiscard]] std::uint64_t number()
    {
        const std::string_view bytes = take(8);
        return bytes.empty() ? 0 : wire::get64(bytes.data());
    }
    [[nodiscard]] std::string text() { return std::string(take(number())); }
    /// How many things follow: at most `most`, and no more than fit with `size` bytes each.
    [[nodiscard]] std::size_t count(std::size_t most, std::size_t size)
    {
        const std::uint64_t count = number();
        broken_ |= count > most || count > left_.size() / size;
        return broken_ ? 0 : static_cast<std::size_t>(count);
    }
    /// Every byte was used, and all fitted.
    [[nodiscard]] bool all_read() const { return !broken_ && left_.empty(); }
    [[nodiscard]] bool broken() const { return broken_; }

private:
    std::string_view take(std::uint64_t size)
    {
        if (broken_ || size > left_.size()) {
            broken_ = true;
            return {};
        }
        const std::string_view bytes = left_.substr(0, static_cast<std::size_t>(size));
        left_.remove_prefix(static_cast<std::size_t>(size));
        return bytes;
    }

    std::string_view left_;
    bool broken_ = false;
};

}  // namespace hasim::cryptoki
