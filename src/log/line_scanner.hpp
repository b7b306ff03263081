/// The parts of a log line, scanned one after the other. Each function takes its part off the front
/// and says whether it was there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "hasim/ha_log.hpp"

namespace hasim::log {

/// Where the scan stands. `ended` tells, after a failure, that the text was right as far as it went.
struct Scanner {
    const char* at;
    const char* end;
    bool ended = false;

    [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end - at); }

    bool fail()
    {
        ended = at == end;
        return false;
    }

    bool fail_literal(const char* text, std::size_t size)
    {
        const std::size_t most = std::min(size, left());
        std::size_t same = 0;
        while (same < most && at[same] == text[same]) {
            ++same;
        }
        at += same;
        return fail();
    }
};

constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

constexpr bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

inline bool literal(Scanner& scan, std::string_view text)
{
    if (scan.left() >= text.size() && std::memcmp(scan.at, text.data(), text.size()) == 0) {
        scan.at += text.size();
        return true;
    }
    return scan.fail_literal(text.data(), text.size());
}

/// A decimal number that fits 32 bits.
bool number(Scanner& scan, std::uint32_t& value);
/// 1 to 20 digits.
bool serial(Scanner& scan, Serial& value);
/// Hex digits of any width and case, with or without 0x, whose value fits 32 bits.
bool code_hex(Scanner& scan, Code& code);
/// The name of a code, which goes on to the end of the text but for a full stop.
bool code_name(Scanner& scan, std::string_view& name);
/// "Wed Oct 4 16:29:21 2017"; sets stamp, day_seen and weekday_matches.
bool stamp(Scanner& scan, ParsedLine& out);
/// Everything before the group's serial: stamp and pid.
bool head(Scanner& scan, ParsedLine& out);

}  // namespace hasim::log
