/// How much a command says beside its results, and in which colours: the options that every command takes.
#pragma once

#include <cstdint>

#include "sink/diagnostics.hpp"

namespace hasim::cli {

enum class Verbosity : std::uint8_t {
    quiet,    ///< -q: results and errors alone
    normal,   ///< also warnings, and what is good to know
    verbose,  ///< -v: also notes, and each thing that happens or holds
};

struct Manner {
    Verbosity verbosity = Verbosity::normal;
    sink::Color color = sink::Color::automatic;

    [[nodiscard]] bool quiet() const { return verbosity == Verbosity::quiet; }
    [[nodiscard]] bool verbose() const { return verbosity == Verbosity::verbose; }
};

}  // namespace hasim::cli
