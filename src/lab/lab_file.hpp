/// What a lab tells its applications beside the Chrystoki.conf that it makes for them: a file in the same folder.
#pragma once

#include <cstddef>
#include <cstdint>
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
    /// When the lab's clock showed what: the steady clock of this machine, and the time on the wall, in nanoseconds.
    /// All applications stamp their lines by it. 0: by their own.
    std::int64_t steady_at_start = 0;
    std::int64_t wall_at_start = 0;
};

/// One line each: `control PATH`, `speed X`, `clock STEADY WALL`, `place SERIAL N` (N from 1).
[[nodiscard]] std::string text_of(const LabFile& file);

/// The most that such a file may have.
inline constexpr std::size_t kMaxLabFileBytes = 65536;

/// What it says. What cannot be understood is left out.
[[nodiscard]] LabFile lab_file_of(std::string_view text);

/// The file in `directory`; empty when there is none.
[[nodiscard]] LabFile read_lab_file(const std::string& directory);

}  // namespace hasim::lab
