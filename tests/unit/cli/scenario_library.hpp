/// The scenarios of tests/scenarios and examples, what each claims to cover, and what it really does.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/play_inputs.hpp"
#include "play/runner.hpp"

namespace hasim::test {

/// What the first lines of a scenario say, and what a virtual run shows.
struct LibraryScenario {
    std::string path;  ///< below the root of the source tree
    cli::PlayInputs inputs;
    std::vector<std::string> claims;  ///< behind "# covers: "
    std::string outage;               ///< behind "# outage: "; empty: none
    std::set<std::string> facts;      ///< claims that hold for its faults, lines and edges
};

/// Every *.hasim file below tests/scenarios and examples, sorted by path.
[[nodiscard]] std::vector<std::string> library_files();

/// Reads and plays one.
[[nodiscard]] LibraryScenario play_of_library(const std::string& path);

/// All of them, read and played once for the whole program.
[[nodiscard]] const std::vector<LibraryScenario>& library();

/// What there is to cover: claims in the order of the tables they come from.
struct Coverable {
    std::vector<std::string> sentences;                          ///< note "..."
    std::vector<std::pair<std::string, std::string>> elsewhere;  ///< sentence, where it is held
    std::vector<std::string> messages;                           ///< message HALOG_X
    std::vector<std::string> faults;                             ///< fault WORDS
    std::vector<std::string> edges;                              ///< edge A -cause-> B
};
[[nodiscard]] Coverable all_there_is();

}  // namespace hasim::test
