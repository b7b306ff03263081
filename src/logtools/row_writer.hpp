/// Lines of a log as rows that programs read: JSON lines, CSV or TSV.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "logtools/line_stream.hpp"

namespace hasim::logtools {

enum class RowFormat : std::uint8_t {
    json,  ///< one object a line
    csv,   ///< RFC 4180, with a header row
    tsv,   ///< tabs, with a header row
};

/// Of a line that is no record this many bytes are shown.
inline constexpr std::size_t kShownText = 4096;

/// Appends `text` as a JSON string, quotes included. What is no printable text (base/plain_text.hpp) stands as \\xNN.
void append_json_string(std::string& out, std::string_view text);

/// Appends `stamp` as "2017-10-04T16:29:21": local time of the client, so without a zone.
void append_stamp(std::string& out, LocalSeconds stamp);
/// `stamp` as above.
[[nodiscard]] std::string stamp_text(LocalSeconds stamp);

/// Appends rows. Columns and keys are the same: kind, file, line, time, pid, group, message, form, member, attempt,
/// code, code_name, and for what is no record text (the line) and matched (bytes from its start that agree with a
/// record), glued (the line lost its newline and stands here in pieces).
class RowWriter {
public:
    explicit RowWriter(RowFormat format) : format_(format) {}

    /// The header row; nothing for JSON.
    void header(std::string& out) const;
    void row(std::string& out, const PlacedLine& line) const;

private:
    static void json_row(std::string& out, const PlacedLine& line);
    void separated_row(std::string& out, const PlacedLine& line) const;
    void end_of_row(std::string& out, const PlacedLine& line) const;
    void field(std::string& out, std::string_view text) const;

    RowFormat format_;
};

}  // namespace hasim::logtools
