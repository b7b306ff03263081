/// A lab made from what a command line asks for: its folder, the tokens, the appliances, and what applications find
/// there.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/exec_request.hpp"
#include "cli/exec_session.hpp"
#include "cli/live_stage.hpp"
#include "lab/lab_directory.hpp"

namespace hasim::cli {

class LabStage {
public:
    /// The clock stands until the first C_Initialize when `waits`, else it runs from run() on. The other alternative is
    /// the exit code, with the reason said.
    [[nodiscard]] static std::variant<std::unique_ptr<LabStage>, ExitCode> open(
        const LabRequest& request, PlayInputs& inputs, bool waits, Console& console);

    [[nodiscard]] LiveStage& stage() { return *stage_; }
    [[nodiscard]] ExecSession& session() { return *session_; }
    [[nodiscard]] const lab::LabDirectory& directory() const { return directory_; }
    /// haLogPath of the applications; empty: they write no log.
    [[nodiscard]] const std::string& log_directory() const { return log_directory_; }
    /// What applications have to have in their environment.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> environment() const;

private:
    explicit LabStage(lab::LabDirectory directory) : directory_(std::move(directory)) {}

    lab::LabDirectory directory_;
    std::string module_;
    std::string log_directory_;
    std::unique_ptr<LiveStage> stage_;
    std::unique_ptr<ExecSession> session_;
};

}  // namespace hasim::cli
