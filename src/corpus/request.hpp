/// What is asked of a corpus.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "corpus/draw.hpp"
#include "corpus/noise.hpp"
#include "corpus/profile.hpp"
#include "hasim/log_record.hpp"
#include "hasim/time.hpp"
#include "hasim/zone.hpp"

namespace hasim::corpus {

/// Everything that decides what a corpus holds, byte for byte.
struct CorpusRequest {
    std::string profile_name = "quiet-year";
    std::string profile_text;
    corpus::Profile profile;  ///< what the text says
    std::uint64_t seed = 1;
    WallTime start{};
    std::optional<Duration> span;  ///< of each workstation; at most one of the three
    std::optional<std::uint64_t>
        lines;  ///< of each workstation, and to the end of the moment of the last
    std::optional<std::uint64_t> bytes;  ///< of logs, likewise
    std::uint64_t workstations = 1;
    corpus::WorkstationShape shape;
    std::string timezone = "UTC";
    Zone zone;
    std::string stamp = "note";  ///< note, ctime, mixed
    MessageSet messages = MessageSet::current;
    std::string noise = "none";
    NoiseRates noise_rates;
    std::uint64_t shard = 1;
    std::uint64_t shards = 1;
};

inline constexpr std::uint64_t kMaxWorkstations = 1000000;

}  // namespace hasim::corpus
