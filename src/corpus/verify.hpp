/// Checks a corpus: every file against the manifest, every label against its line, every outage against its labels, and
/// everything that the manifest says against what the files say.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hasim/result.hpp"

namespace hasim::corpus {

struct VerifyOptions {
    bool again =
        false;  ///< also make the corpus again, from what the manifest says, and compare every file
    std::uint64_t jobs = 1;  ///< workstations at once, with `again`
};

struct VerifyOutcome {
    std::vector<Finding> findings;  ///< what does not hold; at most 100
    bool unreadable = false;        ///< there is no manifest, or it is none: wrong input
    std::uint64_t files = 0;
    std::uint64_t lines = 0;
};

[[nodiscard]] VerifyOutcome verify_corpus(const std::string& directory,
                                          const VerifyOptions& options = {});

}  // namespace hasim::corpus
