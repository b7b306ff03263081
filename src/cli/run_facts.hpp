/// What a live run is: told at its start, and to who asks with `hasim ctl status` and `hasim ctl list`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hasim/time.hpp"
#include "scenario/topology.hpp"

namespace hasim::cli {

struct RunFacts {
    std::uint64_t process = 0;  ///< of the operating system, for `hasim ctl --pid`
    std::uint32_t pid = 0;      ///< in the lines of the log
    std::string configuration;  ///< an absolute path; of the scenario that holds it, where one does
    std::string log;            ///< the file; empty: none
    WallTime since{};           ///< by the machine's clock
    double speed = 1;
    bool appliances_only = false;
};

/// "4242  since 2026-10-04T12:00:00Z  /etc/hasim/Chrystoki.conf"
[[nodiscard]] std::string list_row(const RunFacts& facts);

/// Who this is, where its log is, and which members it has: a line each.
[[nodiscard]] std::vector<std::string> fact_lines(const RunFacts& facts, const Settings& settings,
                                                  const scenario::Topology& topology);

/// What to type next, for who has just started a run.
[[nodiscard]] std::string next_step(const RunFacts& facts, const scenario::Topology& topology,
                                    bool reached_by_ctl);

}  // namespace hasim::cli
