/// Where a command speaks: results on one stream, diagnostics on the other.
#pragma once

#include <iosfwd>
#include <string_view>

#include "cli/manner.hpp"
#include "hasim/result.hpp"

namespace hasim::cli {

/// The two streams of a command. Not owned; tests hand in string streams.
class Console {
public:
    Console(std::ostream& results, std::ostream& diagnostics);

    /// Results, byte for byte: what the command was called for.
    void write(std::string_view text);

    /// `hasim: error: <text>` on the diagnostic stream. Say cause and remedy; no full stop.
    void error(std::string_view text);
    /// `hasim: warning: <text>` on the diagnostic stream; nothing with -q.
    void warning(std::string_view text);
    /// A line that is good to know, on the diagnostic stream; nothing with -q.
    void info(std::string_view line);
    /// A finding about an input file: an error always, a warning not with -q, a note only with -v.
    void finding(const Finding& finding);
    /// One line of its own making on the diagnostic stream, such as a finding that names its file.
    void diagnostic(std::string_view line);

    /// Whether all results were taken so far: false tells who prints piece by piece to stop.
    [[nodiscard]] bool good() const;

    /// Hands over what is buffered; false when any result could not be written (a full disk, a closed pipe).
    [[nodiscard]] bool flush();

    void set_manner(const Manner& manner) { manner_ = manner; }
    [[nodiscard]] const Manner& manner() const { return manner_; }

private:
    std::ostream& results_;
    std::ostream& diagnostics_;
    Manner manner_;
};

}  // namespace hasim::cli
