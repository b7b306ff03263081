/// The names things go by: serial numbers as the field writes them, and the numbers that tie events together.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace hasim {

/// Serial number of a partition or of an HA group: a string of 1 to 20 decimal digits, never a number, because
/// leading zeros are real (a vendor tool wrote them). Trivially copyable; an empty one stands for "none".
class Serial {
public:
    static constexpr std::size_t kMaxDigits = 20;

    constexpr Serial() = default;

    /// The serial in `text`, or nothing when that is empty, longer than kMaxDigits or has anything but digits.
    static constexpr std::optional<Serial> parse(std::string_view text)
    {
        Serial serial;
        if (!serial.assign(text)) {
            return std::nullopt;
        }
        return serial;
    }

    /// The same in place, for those who read millions: false, and empty then, when `text` is no serial.
    constexpr bool assign(std::string_view text)
    {
        const std::size_t before = size_;
        size_ = 0;
        if (text.empty() || text.size() > kMaxDigits) {
            digits_ = {};
            return false;
        }
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] < '0' || text[i] > '9') {
                digits_ = {};
                return false;
            }
            digits_[i] = text[i];
        }
        for (std::size_t i = text.size(); i < before; ++i) {
            digits_[i] = '\0';
        }
        size_ = static_cast<std::uint8_t>(text.size());
        return true;
    }

    /// The `size` digits at `at`, 1 to kMaxDigits, which are known to be digits; 24 bytes can be read there.
    static Serial of_digits(const char* at, std::size_t size)
    {
        Serial serial;
        if constexpr (std::endian::native != std::endian::little) {
            serial.assign({at, size});
            return serial;
        }
        Words words{};
        std::memcpy(words.data(), at, sizeof words);
        const Words& mask = kMasks[size];
        const Words digits{words[0] & mask[0], words[1] & mask[1],
                           (words[2] & mask[2]) | std::uint64_t{size} << 56U};  // there is size_
        return std::bit_cast<Serial>(digits);
    }

    [[nodiscard]] constexpr std::string_view text() const { return {digits_.data(), size_}; }
    [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

    friend constexpr bool operator==(const Serial& a, const Serial& b)
    {
        return a.words() == b.words();
    }
    /// Digit by digit, as text.
    friend constexpr auto operator<=>(const Serial& a, const Serial& b)
    {
        return a.ordered() <=> b.ordered();
    }

    /// For tables.
    [[nodiscard]] constexpr std::size_t hash() const
    {
        constexpr Words kSpread{0x9e3779b97f4a7c15U, 0xc2b2ae3d27d4eb4fU, 0x165667b19e3779f9U};
        const Words words = this->words();
        const std::uint64_t hash =
            words[0] * kSpread[0] + words[1] * kSpread[1] + words[2] * kSpread[2];
        return static_cast<std::size_t>(hash ^ hash >> 32U);
    }

private:
    using Words = std::array<std::uint64_t, 3>;

    /// Of the first digits, by their number.
    static constexpr std::array<Words, kMaxDigits + 1> kMasks = [] {
        std::array<Words, kMaxDigits + 1> masks{};
        for (std::size_t size = 0; size <= kMaxDigits; ++size) {
            for (std::size_t i = 0; i < size; ++i) {
                masks[size][i / 8] |= std::uint64_t{0xff} << (8 * (i % 8));
            }
        }
        return masks;
    }();

    [[nodiscard]] constexpr Words words() const { return std::bit_cast<Words>(*this); }
    /// The same with the first digit in front, whatever the machine's order of bytes is.
    [[nodiscard]] constexpr Words ordered() const
    {
        Words words = this->words();
        if constexpr (std::endian::native == std::endian::little) {
            for (std::uint64_t& word : words) {
                word = __builtin_bswap64(word);
            }
        }
        return words;
    }

    std::array<char, 23> digits_{};  ///< zeros behind the last one, so that equal serials are equal bytes
    std::uint8_t size_ = 0;
};

/// A number that is only compared, never calculated with; the tag keeps kinds apart.
template <class Tag, class Number = std::uint64_t>
struct Id {
    Number value = 0;
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

/// One attempt to connect, and the connection it becomes. Fresh for every attempt within a group; 0 is none.
using LinkId = Id<struct LinkTag>;
/// One request on one link; the reply carries it back. Unique within a group while in flight; 0 is none.
using RequestId = Id<struct RequestTag>;
/// One call of the application, from its entry to its return. Chosen by the caller, unique while in flight.
using CallId = Id<struct CallTag>;
/// A connection as an appliance sees it. Fresh for every accepted connection; 0 is none.
using ConnectionId = Id<struct ConnectionTag>;
/// Process id, as it stands in brackets in every log line.
using Pid = Id<struct PidTag, std::uint32_t>;

/// Index of an appliance in its world, from 0 (hsm1 is 0).
using ApplianceIndex = std::uint32_t;

}  // namespace hasim
