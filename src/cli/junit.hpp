/// Results of `hasim test` as JUnit XML, which build servers read.
#pragma once

#include <string>
#include <vector>

#include "cli/scenario_trial.hpp"

namespace hasim::cli {

[[nodiscard]] std::string junit_xml(const std::vector<Trial>& trials);

}  // namespace hasim::cli
