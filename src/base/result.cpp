#include "hasim/result.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>

namespace hasim {
namespace {

// Longer words are no misspelling of anything hasim knows, and would only cost time: input may be hostile.
constexpr std::size_t kLongestWord = 64;

constexpr std::string_view text_of(Severity severity)
{
    switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
    }
    return "";
}

constexpr char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Letters and digits that a word holds, as bits: two words whose bits differ in many places are far apart.
std::uint64_t letters_of(std::string_view word)
{
    std::uint64_t letters = 0;
    for (const char c : word) {
        letters |= std::uint64_t{1} << (static_cast<unsigned char>(lower(c)) % 64U);
    }
    return letters;
}

// Number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, case aside; anything
// above `most` when there are more than that. Both have kLongestWord letters at most.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most)
{
    using Row = std::array<std::uint8_t, kLongestWord + 1>;
    Row before_last{};
    Row last{};
    Row row{};
    std::iota(last.begin(), last.end(), std::uint8_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<std::uint8_t>(i);
        std::uint8_t least = row[0];
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            const int inserted = std::min(last[j], row[j - 1]) + 1;
            int best = std::min(inserted, last[j - 1] + (same ? 0 : 1));
            const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                                 lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) {
                best = std::min(best, before_last[j - 2] + 1);
            }
            row[j] = static_cast<std::uint8_t>(best);
            least = std::min(least, row[j]);
        }
        if (least > most) {
            return least;
        }
        before_last = last;
        last = row;
    }
    return last[b.size()];
}

}  // namespace

std::string to_text(const Finding& finding)
{
    std::string text = finding.file;
    for (const std::uint32_t number : {finding.line, finding.column}) {
        if (number != 0) {
            text += ':';
            text += std::to_string(number);
        }
    }
    if (!text.empty()) {
        text += ": ";
    }
    text += text_of(finding.severity);
    text += ": ";
    text += finding.text;
    return text;
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& known)
{
    if (word.empty() || word.size() > kLongestWord) {
        return {};
    }
    const std::uint64_t letters = letters_of(word);
    std::string_view best;
    std::size_t best_distance = kLongestWord;
    for (const std::string_view candidate : known) {
        if (candidate.size() > kLongestWord) {
            continue;
        }
        // A third of the letters may be wrong; of a short word one letter, but never all of it.
        const std::size_t longer = std::max(word.size(), candidate.size());
        const std::size_t allowed = longer < 2 ? 0 : std::max<std::size_t>(1, longer / 3);
        // What cannot be near is not compared: a misspelt word meets hundreds of candidates.
        const std::size_t shorter = std::min(word.size(), candidate.size());
        if (longer - shorter > allowed || static_cast<std::size_t>(std::popcount(
                                              letters ^ letters_of(candidate))) > 2 * allowed) {
            continue;
        }
        const std::size_t distance = edit_distance(word, candidate, allowed);
        if (distance <= allowed && distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return std::string(best);
}

}  // namespace hasim
