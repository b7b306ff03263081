#include "play/diff.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace hasim::play {

namespace {

constexpr std::size_t kMostCells = 16'000'000;  ///< of the table of common subsequences

enum class Mark : char { same = ' ', removed = '-', added = '+' };

struct DiffLine {
    Mark mark;
    const std::string* text;
};

/// The shortest edit by a table of longest common subsequences; equal beginnings and ends are cut off first.
std::vector<DiffLine> edit_script(const std::vector<std::string>& from,
                                  const std::vector<std::string>& to)
{
    std::size_t head = 0;
    while (head < from.size() && head < to.size() && from[head] == to[head]) {
        ++head;
    }
    std::size_t tail = 0;
    while (tail < from.size() - head && tail < to.size() - head &&
           from[from.size() - 1 - tail] == to[to.size() - 1 - tail]) {
        ++tail;
    }
    const std::size_t rows = from.size() - head - tail;
    const std::size_t columns = to.size() - head - tail;
    const bool too_large = columns != 0 && rows > kMostCells / columns;
    std::vector<std::uint32_t> common(too_large ? 0 : (rows + 1) * (columns + 1), 0);
    const auto cell = [&](std::size_t row, std::size_t column) -> std::uint32_t& {
        return common[row * (columns + 1) + column];
    };
    for (std::size_t row = rows; row-- > 0 && !too_large;) {
        for (std::size_t column = columns; column-- > 0;) {
            cell(row, column) = from[head + row] == to[head + column]
                                    ? cell(row + 1, column + 1) + 1
                                    : std::max(cell(row + 1, column), cell(row, column + 1));
        }
    }
    std::vector<DiffLine> script;
    for (std::size_t i = 0; i < head; ++i) {
        script.push_back({Mark::same, &from[i]});
    }
    std::size_t row = 0;
    std::size_t column = 0;
    while (row < rows || column < columns) {
        const bool equal =
            !too_large && row < rows && column < columns && from[head + row] == to[head + column];
        if (equal) {
            script.push_back({Mark::same, &from[head + row]});
            ++row;
            ++column;
        } else if (row < rows && (too_large || column == columns ||
                                  cell(row + 1, column) >= cell(row, column + 1))) {
            script.push_back({Mark::removed, &from[head + row++]});
        } else {
            script.push_back({Mark::added, &to[head + column++]});
        }
    }
    for (std::size_t i = from.size() - tail; i < from.size(); ++i) {
        script.push_back({Mark::same, &from[i]});
    }
    return script;
}

std::string hunk(const std::vector<DiffLine>& script, std::size_t begin, std::size_t end,
                 std::size_t old_line, std::size_t new_line)
{
    std::string body;
    std::size_t old_count = 0;
    std::size_t new_count = 0;
    for (std::size_t i = begin; i < end; ++i) {
        old_count += script[i].mark != Mark::added ? 1U : 0U;
        new_count += script[i].mark != Mark::removed ? 1U : 0U;
        body += fmt::format("{}{}\n", static_cast<char>(script[i].mark), *script[i].text);
    }
    return fmt::format("@@ -{},{} +{},{} @@\n{}", old_line, old_count, new_line, new_count, body);
}

}  // namespace

std::string unified_diff(const std::vector<std::string>& expected,
                         const std::vector<std::string>& actual, const std::string& expected_name,
                         const std::string& actual_name, std::size_t context)
{
    const std::vector<DiffLine> script = edit_script(expected, actual);
    std::string text;
    std::size_t old_line = 1;
    std::size_t new_line = 1;
    std::size_t at = 0;
    while (true) {
        std::size_t change = at;
        while (change < script.size() && script[change].mark == Mark::same) {
            ++change;
        }
        if (change == script.size()) {
            return text;
        }
        std::size_t begin = change - std::min(context, change - at);
        old_line += begin - at;
        new_line += begin - at;
        std::size_t end = change;
        std::size_t quiet = 0;
        for (std::size_t i = change; i < script.size() && quiet <= 2 * context; ++i) {
            quiet = script[i].mark == Mark::same ? quiet + 1 : 0;
            end = quiet == 0 ? i + 1 : end;
        }
        end = std::min(end + context, script.size());
        if (text.empty()) {
            text = fmt::format("--- {}\n+++ {}\n", expected_name, actual_name);
        }
        text += hunk(script, begin, end, old_line, new_line);
        for (; begin < end; ++begin) {
            old_line += script[begin].mark != Mark::added ? 1U : 0U;
            new_line += script[begin].mark != Mark::removed ? 1U : 0U;
        }
        at = end;
    }
}

}  // namespace hasim::play
