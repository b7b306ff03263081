/// Checks a corpus: every file against the manifest, every label against its line, every outage against its labels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hasim/result.hpp"

namespace hasim::corpus {

struct VerifyOutcome {
    std::vector<Finding> findings;  ///< what does not hold; at most 100
    bool unreadable = false;        ///< there is no manifest, or it is none: wrong input
    std::uint64_t files = 0;
    std::uint64_t lines = 0;
};

[[nodiscard]] VerifyOutcome verify_corpus(const std::string& directory);

}  // namespace hasim::corpus
