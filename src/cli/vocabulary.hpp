/// What can be written and what can be done, as JSON: for `messages --json`, `faults --json`, and over HTTP.
#pragma once

#include <string>
#include <vector>

#include "scenario/faults.hpp"

namespace hasim::cli {

/// The catalogue of HA log messages: an array, an object a line form.
[[nodiscard]] std::string messages_json();

/// An array, an object a fault.
[[nodiscard]] std::string faults_json(const std::vector<const scenario::FaultInfo*>& faults);
/// All of them.
[[nodiscard]] std::string faults_json();

/// The words that faults are made of, each once, in the order of the table: cable, out, in, ...
[[nodiscard]] std::vector<std::string> fault_words();

}  // namespace hasim::cli
