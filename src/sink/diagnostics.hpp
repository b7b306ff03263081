/// What hasim has to say about itself, on standard error: never a result, never an HA log line.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "hasim/result.hpp"

namespace hasim::sink {

struct LogTrouble;

/// How grave a diagnostic is; those below the threshold are not printed.
enum class Level : std::uint8_t { debug, info, warning, error };

/// When the level is printed in colour.
enum class Color : std::uint8_t {
    automatic,  ///< on a terminal, unless NO_COLOR is set to anything (https://no-color.org)
    always,
    never,
};

/// Whether what goes to a terminal, or to something else, is to have colours.
[[nodiscard]] bool has_color(Color color, bool terminal);

/// Prints `hasim: warning: text`, one line and one write each; the level in colour as asked. Control characters in
/// a text, which may come from outside, are printed as \xNN. May be used from several threads. Does not throw.
class Diagnostics {
public:
    explicit Diagnostics(Level threshold = Level::info, Color color = Color::automatic);
    ~Diagnostics();
    Diagnostics(const Diagnostics&) = delete;
    Diagnostics& operator=(const Diagnostics&) = delete;

    void set_threshold(Level threshold) noexcept;

    void debug(std::string_view text) noexcept { say(Level::debug, text); }
    void info(std::string_view text) noexcept { say(Level::info, text); }
    void warning(std::string_view text) noexcept { say(Level::warning, text); }
    void error(std::string_view text) noexcept { say(Level::error, text); }
    void say(Level level, std::string_view text) noexcept;

    /// A finding about an input file: `file:line:column: text` at its severity (a note is info).
    void finding(const Finding& finding) noexcept;

    /// What the HA log file has to tell: begins and not_rotated are errors, ends is a warning with the records lost.
    void log_trouble(const LogTrouble& trouble) noexcept;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace hasim::sink
