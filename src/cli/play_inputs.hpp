/// What a run is made of, read and checked: the configuration, the scenario, and what the command line says instead.
/// Shared by the commands that play something.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "hasim/result.hpp"
#include "play/play.hpp"

namespace hasim::cli {

/// The part of a command line that decides what is played; it goes before the scenario's header, and that before the
/// configuration.
struct PlayRequest {
    std::string conf;      ///< path; empty: the scenario's, else $ChrystokiConfigurationPath
    std::string scenario;  ///< path; empty: none
    std::optional<std::string> load;  ///< "sign 10/s threads 2", or "none"
    std::optional<Duration> length;   ///< --for
    std::optional<std::uint64_t> seed;
    std::optional<StampStyle> stamp;
    std::optional<MessageSet> messages;
    std::optional<std::uint32_t> pid;
    std::optional<std::string> pin;
    std::optional<std::uint16_t> port;
    LogBlockUse log_block = LogBlockUse::expected;
    bool every_call = false;  ///< in virtual time: none is only counted
};

/// Everything there is to know before a run.
struct PlayInputs {
    play::PlayOptions options;
    bool has_start = false;  ///< the scenario says when 0 s is
    std::string conf_path;   ///< the file to watch; empty when the scenario holds the configuration
    std::string conf_text;   ///< what it held
    std::string scenario_text;
    std::vector<Finding> findings;  ///< warnings, and whatever made it fail
    [[nodiscard]] bool ok() const;
};

/// Reads and merges; never touches anything but the files named.
[[nodiscard]] PlayInputs read_play_inputs(const PlayRequest& request);

/// The same for a scenario that is already a text; `folder` is where its `conf PATH` starts from.
[[nodiscard]] PlayInputs read_play_inputs(const PlayRequest& request, const std::string& name,
                                          const std::string& text, const std::string& folder);

/// Errors and warnings on the diagnostic stream; notes, which are for `hasim conf check`, with -v.
void tell_findings(const PlayInputs& inputs, Console& console);

}  // namespace hasim::cli
