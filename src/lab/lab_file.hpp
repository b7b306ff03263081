/// What a lab tells its applications beside the Chrystoki.conf that it makes for them: a file in the same folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hasim/scenario.hpp"

namespace hasim::lab {

inline constexpr std::string_view kLabFileName = "hasim-lab";

struct LabFile {
    std::string control;                ///< Unix socket that applications report to; empty: none
    std::vector<Placement> placements;  ///< which appliance holds which partition
    double speed = 1;                   ///< simulated seconds in a real one
};

/// One line each: `control PATH`, `speed X`, `place SERIAL N` (N from 1).
[[nodiscard]] std::string text_of(const LabFile& file);

/// The file in `directory`; empty when there is none. What cannot be understood is left out.
[[nodiscard]] LabFile read_lab_file(const std::string& directory);

}  // namespace hasim::lab
