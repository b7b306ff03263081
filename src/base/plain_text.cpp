#include "base/plain_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <fmt/core.h>

namespace hasim {
namespace {

constexpr std::size_t kLongestQuote = 60;

bool is_control(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

// Length of the UTF-8 sequence that `text` starts with; 0 when it starts with none, or with a C1 control character,
// which a terminal may obey. What Unicode calls ill-formed starts with none either: overlong forms (E0 80 9B is a C1
// control to a lax decoder), halves of surrogate pairs, what is beyond U+10FFFF; nor do U+FFFE and U+FFFF, which no XML
// may hold.
std::size_t printable_sequence(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        return is_control(text[0]) || lead < 0x20 ? 0 : 1;
    }
    const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                               : (lead & 0xf0U) == 0xe0       ? 3
                               : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                              : 0;
    if (length == 0 || text.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) {
            return 0;
        }
    }
    const unsigned second = byte(1);
    const bool ill_formed = (lead == 0xc2 && second < 0xa0) || (lead == 0xe0 && second < 0xa0) ||
                            (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
                            (lead == 0xf4 && second > 0x8f) ||
                            (lead == 0xef && second == 0xbf && byte(2) >= 0xbe);
    return ill_formed ? 0 : length;
}

// Takes the first character of `text` over, escaped where needed; the answer is its length in `text`.
std::size_t append_printable(std::string_view text, std::string& result)
{
    const std::size_t length = printable_sequence(text);
    if (length == 0) {
        result +=
            fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(text[0])));
        return 1;
    }
    result += text.substr(0, length);
    return length;
}

// The same for all characters in front that need no escape, and one at least.
std::size_t append_run(std::string_view text, std::string& result)
{
    const auto plain = [](char c) { return c >= 0x20 && c < 0x7f; };
    const auto end = std::find_if_not(text.begin(), text.end(), plain);
    const auto length = static_cast<std::size_t>(end - text.begin());
    result += text.substr(0, length);
    return length != 0 ? length : append_printable(text, result);
}

Finding at(std::string_view text, std::size_t offset, std::string_view file, std::string message)
{
    const std::string_view before = text.substr(0, offset);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0: the first line
    return {std::string(file), static_cast<std::uint32_t>(line),
            static_cast<std::uint32_t>(offset - line_start + 1), Severity::error,
            std::move(message)};
}

}  // namespace

std::optional<Finding> not_plain_text(std::string_view text, std::string_view file)
{
    if (text.substr(0, 2) == "\xff\xfe" || text.substr(0, 2) == "\xfe\xff") {
        return Finding{std::string(file), 0, 0, Severity::error,
                       "the file is in UTF-16; save it as UTF-8 or plain ASCII"};
    }
    const auto found = std::find_if(text.begin(), text.end(), is_control);
    if (found == text.end()) {
        return std::nullopt;
    }
    const auto offset = static_cast<std::size_t>(found - text.begin());
    return at(text, offset, file,
              fmt::format("byte 0x{:02x} is not text; is this the right file?",
                          static_cast<unsigned>(static_cast<unsigned char>(*found))));
}

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        const bool ascii = static_cast<unsigned char>(text[0]) < 0x80;
        const std::size_t length = ascii ? 1 : printable_sequence(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

std::string printable(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        text.remove_prefix(append_run(text, result));
    }
    return result;
}

std::string printable_lines(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        if (text[0] == '\n' || text[0] == '\t') {
            result += text[0];
            text.remove_prefix(1);
        } else {
            text.remove_prefix(append_run(text, result));
        }
    }
    return result;
}

std::string in_quotes(std::string_view text)
{
    std::string result = "'";
    while (!text.empty() && result.size() <= kLongestQuote) {
        text.remove_prefix(append_printable(text, result));
    }
    result += text.empty() ? "'" : "...'";
    return result;
}

}  // namespace hasim
