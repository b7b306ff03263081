/// Makes a corpus on a disk.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "corpus/request.hpp"
#include "corpus/workstation_writer.hpp"

namespace hasim::corpus {

struct MakeOptions {
    std::string directory;
    std::string version;  ///< of hasim
    std::uint64_t jobs = 1;
    bool force = false;
    bool follow = false;  ///< at real pace, in place: somebody reads while it is written
    double rate = 0;      ///< lines a second of all workstations together; 0: as their stamps say
    /// With `follow` and no rate: when the next line is due, where that takes a while. Called by any thread, one at a
    /// time.
    std::function<void(const std::string&)> tell{};
    std::function<void(std::uint64_t /*done*/)>
        progress{};  ///< workstations; called by any thread, one at a time
};

struct MakeOutcome {
    enum class End : std::uint8_t { done, refused, failed, interrupted };
    End end = End::done;
    std::string text;  ///< why not
    std::uint64_t workstations = 0;
    std::uint64_t lines = 0;
    std::uint64_t bytes = 0;
    std::uint64_t outages = 0;
};

/// Numbers of the workstations of a shard: from first to last, both included; none when first is above last.
struct ShardRange {
    std::uint64_t first = 1;
    std::uint64_t last = 0;
};
[[nodiscard]] ShardRange shard_range(std::uint64_t workstations, std::uint64_t shard,
                                     std::uint64_t shards);

/// `stop` may be set by a signal handler at any time.
[[nodiscard]] MakeOutcome make_corpus(const CorpusRequest& request, const MakeOptions& options,
                                      const std::atomic<bool>& stop);

}  // namespace hasim::corpus
