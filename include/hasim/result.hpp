/// How input errors travel: a place, a cause and, where there is one, a remedy.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hasim {

enum class Severity : std::uint8_t { note, warning, error };

/// Something to say about a place in an input text. Printed as `file:line:column: severity: text`.
struct Finding {
    std::string file;
    std::uint32_t line = 0;    ///< from 1; 0 when it concerns the file as a whole
    std::uint32_t column = 0;  ///< from 1, in bytes; 0 when it concerns the line as a whole
    Severity severity = Severity::error;
    std::string text;          ///< cause, and remedy where one is known; no full stop

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// `file:line:column: severity: text`, leaving out what is 0.
[[nodiscard]] std::string to_text(const Finding& finding);

/// The one of `known` nearest to `word` (edit distance, case aside), or an empty string when none is near.
[[nodiscard]] std::string nearest(std::string_view word,
                                  const std::vector<std::string_view>& known);

}  // namespace hasim
