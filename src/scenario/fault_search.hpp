/// Finds faults by the words that people have for them: for who does not know the vocabulary yet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario/faults.hpp"

namespace hasim::scenario {

/// The faults that `word` may mean, in the order of the table: whose own words hold it, or which people call so
/// ("unplug" is `cable out`), else whose description holds it, else whose words are spelt nearly so. In any case of
/// letters; none when nothing is near.
[[nodiscard]] std::vector<const FaultInfo*> faults_like(std::string_view word);

/// What to say to who wrote an unknown fault: "near it are 'cable out' and 'cable in'; ..."; always tells of
/// `hasim faults`.
[[nodiscard]] std::string near_faults_text(std::string_view word);

}  // namespace hasim::scenario
