/// One scenario played for `hasim test`: what came of it, with nothing printed and nothing written yet.
#pragma once

#include <string>
#include <vector>

#include "cli/play_inputs.hpp"

namespace hasim::cli {

struct TrialOptions {
    bool live = false;
    double speed = 60;
    bool update = false;
    bool strict = false;  ///< warnings count
    bool every_call = false;
};

struct Trial {
    enum class Outcome : std::uint8_t {
        passed,
        failed,          ///< an expectation does not hold
        invalid,         ///< the file, or its configuration, has errors
        skipped,         ///< `live no`, with --live
        updated,         ///< its log block was rewritten
        no_environment,  ///< --live: no ports or descriptors
    };
    std::string file;
    Outcome outcome = Outcome::passed;
    std::string warnings;  ///< what may make the verdict worth nothing; lines
    std::string report;    ///< findings, broken expectations, and the diff of the logs; lines
    std::string new_text;  ///< of the file, with `updated`
    double seconds = 0;    ///< real time it took
    Duration simulated{};
    std::size_t expectations = 0;
};

/// Plays `file`. Safe to call from several threads, for different files.
[[nodiscard]] Trial try_scenario(const std::string& file, const TrialOptions& options);

}  // namespace hasim::cli
