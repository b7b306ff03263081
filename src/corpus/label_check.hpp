/// The labels of one workstation against its logs and its outages: what they say must stand in the files.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <boost/json/object.hpp>

#include "corpus/corpus_file.hpp"
#include "corpus/workstation_writer.hpp"

namespace hasim::corpus {

/// A list of ids, in little memory: two lists with one tally are the same, but for one chance in 2^64.
struct IdsTally {
    std::uint64_t count = 0;
    std::uint64_t mixed = 0;

    void add(std::uint64_t id)
    {
        ++count;
        mixed = (mixed ^ id) * 0x9e3779b97f4a7c15U;
        mixed ^= mixed >> 32;
    }
    friend bool operator==(const IdsTally&, const IdsTally&) = default;
};

class LabelCheck {
public:
    /// Is told what does not hold: file, line (0: the whole file), text.
    using Tell = std::function<void(const std::string&, std::uint64_t, std::string)>;

    /// `folder` is the workstation's.
    LabelCheck(std::string folder, Tell tell);

    /// Reads all of it and counts what there is: lines, outages, counts and foreign.
    [[nodiscard]] WorkstationResult run();

private:
    void check_labels();
    void check_row(const boost::json::object& row, std::uint64_t number);
    void check_record(const boost::json::object& row, std::uint64_t number, std::string_view text);
    [[nodiscard]] bool go_to(const std::string& file, std::uint64_t offset);
    void check_outages();

    std::string folder_;
    Tell tell_;
    std::string labels_;  ///< path of labels.jsonl
    WorkstationResult result_;
    std::string log_name_;
    std::unique_ptr<LineFile> log_;
    std::map<std::uint64_t, IdsTally> caused_;  ///< lines whose labels name an outage
};

}  // namespace hasim::corpus
