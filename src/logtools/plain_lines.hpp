/// Lines of the very form that is written mostly, read several times faster than LineReader reads any line: a line is
/// compared with what its neighbours share. What is read here is what LineReader reads; every other line is left to it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "hasim/ha_log.hpp"
#include "hasim/log_record.hpp"

namespace hasim::logtools {

class PlainLines {
public:
    /// Lines closer to the end of a text are left alone: a plain line is shorter, and words may be read beyond its end.
    static constexpr std::size_t kRoom = 512;

    /// Counts the plain lines from `at` on, by form, as many as follow on each other; where the first other one starts.
    const char* count(const char* at, const char* end, std::array<std::uint64_t, kLogForms>& forms);

    /// Reads the line at `at` into `line`, all but its number and offset; where the next one starts. Nothing, and
    /// `line` may be anything, when it is not plain.
    const char* read(const char* at, const char* end, log::Line& line);

    /// What LineReader read: plain lines of the same day are known from now on.
    void learn(const log::Line& line);

private:
    // What the stamps of neighbouring lines share: "Wed Oct 4 " and " 2017 : ".
    struct Date {
        std::uint64_t first = 0;  // "Wed Oct "
        std::uint64_t day = 0;    // "4 ", in the low bytes
        std::uint64_t day_mask = ~std::uint64_t{0};
        std::size_t size = 0;    // 0: nothing was learnt yet
        std::uint64_t year = 0;  // " 2017 : "
        LocalSeconds midnight{};
        log::DaySeen day_seen = log::DaySeen::either;
        bool weekday_matches = true;
    };

    // What stands between the clock and the message, year, pid and group, as it was seen last.
    static constexpr std::size_t kHeadBits = 3;
    static constexpr std::size_t kHeadWords = 7;
    struct Head {
        std::array<std::uint64_t, kHeadWords> words{};
        std::array<std::uint64_t, kHeadWords> masks{};
        std::size_t size = 0;  // 0: none yet
        Pid pid{};
        Serial group{};
    };
    const Head* head_at(const char* at);
    static bool learn_head(const char* at, Head& known);
    template <class Taker>
    const char* line_at(const char* at, const Date& date, const Head*& head, std::size_t& form,
                        Taker&& taker);

    Date date_;
    std::array<Head, std::size_t{1} << kHeadBits> heads_{};
};

}  // namespace hasim::logtools
