/// The truth beside the log: a row of labels.jsonl, a row of outages.jsonl, and Loghub's tables.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer_writer.hpp"
#include "corpus/draw.hpp"
#include "corpus/noise.hpp"
#include "hasim/log_record.hpp"
#include "hasim/time.hpp"

namespace hasim::corpus {

/// What is known of one line.
struct Label {
    std::uint64_t id = 0;      ///< from 1 on each workstation
    std::uint64_t line = 0;    ///< of its file, from 1; two pieces of one line have the same
    std::uint64_t offset = 0;  ///< of its first byte in its file
    WallTime time{};           ///< true time; the stamp is another one when the clock is wrong
    LogRecord record;
    std::uint64_t outage = 0;  ///< 0: none caused it
    NoiseSet noise = 0;
    bool is_record = true;  ///< false: a foreign line, of which nothing else is known
};

/// Appends rows of labels.jsonl; remembers the last day, because neighbouring rows mostly share it.
class LabelText {
public:
    void append(std::string& out, std::string_view file, const Label& label);

private:
    static constexpr std::size_t kMaxFileName = 200;
    static constexpr std::size_t kMaxRow = 1024;  ///< the longest is under 700

    void set_day(std::chrono::sys_days day);
    static void put_record(BufferWriter& writer, const Label& label);

    std::chrono::sys_days day_{};
    std::string day_text_;
};

/// A row of outages.jsonl. `lines` are the ids of those it caused; `end` is null when the corpus ends before.
void append_outage(std::string& out, const corpus::DrawnOutage& outage, WallTime start,
                   WallTime corpus_end, const std::vector<std::uint64_t>& lines);

inline constexpr std::string_view kStructuredHeader =
    "LineId,Weekday,Month,Day,Time,Year,Pid,Content,EventId,EventTemplate\n";

using EventCounts = std::array<std::uint64_t, kLogForms + 1>;  ///< of E0, E1, ...

/// A row of *_structured.csv for a line as it was written; without a form, for a foreign or torn line, E0.
void append_structured(std::string& out, std::uint64_t id, std::string_view line,
                       const LogForm* form);

/// *_templates.csv. E0 is in it when it occurs.
[[nodiscard]] std::string templates_table(const EventCounts& counts);

}  // namespace hasim::corpus
