#include "hasim/result.hpp"

#include <algorithm>
#include <cstddef>

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

// Number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, case aside.
std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        last[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
            const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                                 lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        std::swap(before_last, last);
        std::swap(last, row);
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
    std::string_view best;
    std::size_t best_distance = kLongestWord;
    for (const std::string_view candidate : known) {
        if (candidate.size() > kLongestWord) {
            continue;
        }
        // A third of the letters may be wrong; of a short word one letter, but never all of it.
        const std::size_t longer = std::max(word.size(), candidate.size());
        const std::size_t allowed = longer < 2 ? 0 : std::max<std::size_t>(1, longer / 3);
        const std::size_t distance = edit_distance(word, candidate);
        if (distance <= allowed && distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return std::string(best);
}

}  // namespace hasim
