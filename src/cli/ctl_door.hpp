/// `hasim ctl` into a live run: its socket, and the answers to its lines.
#pragma once

#include <string>
#include <string_view>

#include "cli/desk.hpp"
#include "cli/run_facts.hpp"
#include "control/server.hpp"

namespace hasim::cli {

/// What `hasim ctl wait` is told when the line did not come.
inline constexpr std::string_view kNotWritten = "no such line was written within ";

class CtlDoor {
public:
    /// `desk` is not owned.
    CtlDoor(LiveStage& stage, Desk& desk, RunFacts facts);

    /// Begins to listen; empty, or why it cannot.
    [[nodiscard]] std::string open() { return server_.start(); }

private:
    using Gone = control::Server::Gone;
    Gone answer(std::string_view line, const control::Server::Reply& reply);
    Gone wait(std::string_view words, const control::Server::Reply& reply);
    [[nodiscard]] std::string status() const;
    [[nodiscard]] std::string command(std::string_view line);

    LiveStage& stage_;
    Desk& desk_;
    RunFacts facts_;
    control::Server server_;
};

}  // namespace hasim::cli
