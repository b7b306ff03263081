/// One workstation of a corpus, from its seed to its directory.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "corpus/block_file.hpp"
#include "corpus/labels.hpp"
#include "corpus/play.hpp"
#include "corpus/request.hpp"
#include "corpus/waiting_labels.hpp"
#include "log/format.hpp"
#include "log/rotation.hpp"

namespace hasim::corpus {

/// What came of a workstation.
struct WorkstationResult {
    std::uint64_t number = 0;
    std::uint64_t seed = 0;
    std::uint64_t lines = 0;  ///< rows of labels.jsonl
    std::uint64_t log_bytes = 0;
    std::uint64_t outages = 0;
    std::array<std::uint64_t, kLogForms> counts{};
    std::uint64_t foreign = 0;
    std::vector<FileEntry> files;
    bool interrupted = false;
};

/// Called when a record was written and flushed, with its true time: waits for the next in real time.
using Pacer = std::function<void(WallTime)>;

class WorkstationWriter final : public corpus::CorpusTarget {
public:
    /// Writes into `directory`, which exists; an empty one swallows everything. `loghub` false leaves its tables out.
    WorkstationWriter(const CorpusRequest& request, std::uint64_t number, std::string directory,
                      const std::atomic<bool>& stop, Pacer pacer = {}, bool loghub = true);

    /// Plays all of it. Throws OutputError when it cannot be written.
    [[nodiscard]] WorkstationResult run();

    void on_record(const LogRecord& record, Duration clock_offset, std::uint64_t outage) override;
    [[nodiscard]] bool go_on() override;

private:
    void play_part(std::uint64_t number, Duration length);
    void write_scenario(std::uint64_t number, const corpus::DrawnPart& part, Instant end);
    void write_outages(const corpus::DrawnPart& part, Instant end);
    void write_foreign(std::string_view text, WallTime time, Noise noise);
    void write_line(std::string_view text, std::string_view ending, const Label& label);
    void write_noisy(std::string_view text, Label& label);
    void rotate_if_full(WallTime stamp);
    void close_log(const std::string& name);
    void list(const std::string& name, const BlockFile& file);
    [[nodiscard]] std::string path(const std::string& name) const;
    [[nodiscard]] bool enough() const;
    [[nodiscard]] bool drawn(Noise noise);

    const CorpusRequest& request_;
    std::string directory_;
    std::string name_;
    const std::atomic<bool>& stop_;
    Pacer pacer_;
    bool loghub_;
    corpus::Workstation workstation_;
    Random noise_;
    WorkstationResult result_;

    log::Formatter note_{StampStyle::note};
    log::Formatter ctime_{StampStyle::ctime};
    std::array<char, log::kMaxLineLength> line_{};
    LabelText label_text_;
    std::unique_ptr<BlockFile> log_;
    BlockFile labels_;
    BlockFile outages_;
    std::unique_ptr<BlockFile> structured_;
    EventCounts events_{};   ///< rows of structured_
    WaitingLabels waiting_;  ///< of the log that is being written
    std::uint64_t line_number_ = 1;
    std::uint64_t limit_ = 0;                 ///< of that log
    std::optional<log::RotatedName> newest_;  ///< of the rotated files

    WallTime part_start_{};
    std::uint64_t first_outage_ = 1;                  ///< of the part
    std::vector<std::vector<std::uint64_t>> caused_;  ///< lines by outage of the part
};

}  // namespace hasim::corpus
