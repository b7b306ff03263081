/// A lab while an application runs in it: what the application tells goes to the runner that judges, to the scorecard
/// and to the log's lines; what faults change in the configuration goes to the application.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cli/live_stage.hpp"
#include "lab/derived_conf.hpp"
#include "lab/lab_directory.hpp"
#include "lab/report_server.hpp"
#include "lab/scorecard.hpp"

namespace hasim::cli {

class ExecSession final : public sim::WorldObserver {
public:
    ExecSession(LiveStage& stage, lab::LabDirectory& directory, std::string log_directory,
                double speed, bool waits, lab::TlsFiles tls);

    /// The user's configuration changed, and is in force here.
    void configuration_changed();

    /// Writes what applications read, and listens for them; empty, or what went wrong.
    [[nodiscard]] std::string prepare();

    /// No application that tells anything is left.
    [[nodiscard]] bool is_quiet() const { return told_by_.empty(); }
    /// Called whenever that may have become so.
    void on_quiet(std::function<void()> listener) { on_quiet_ = std::move(listener); }

    [[nodiscard]] const lab::Scorecard& scorecard() const { return scorecard_; }
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

    void on_fault(const Fault& fault, const Target& target, Instant now) override;

private:
    void take(lab::ReportServer::Process process, const std::optional<lab::Report>& report);
    void gone(lab::ReportServer::Process process);
    void pass_on(sim::ClientIndex client, Pid pid, const lab::Report& report, Instant now);
    [[nodiscard]] sim::ClientIndex client_of(lab::ReportServer::Process process) const;
    [[nodiscard]] std::string write_configuration();

    LiveStage& stage_;
    lab::LabDirectory& directory_;
    std::string log_directory_;
    lab::TlsFiles tls_;
    double speed_;
    Zone zone_;
    std::int64_t steady_at_start_;
    std::int64_t wall_at_start_;
    lab::Scorecard scorecard_;
    lab::ReportServer server_;
    std::map<lab::ReportServer::Process, Pid> told_by_;  ///< processes that are there
    std::function<void()> on_quiet_;
    std::string written_;  ///< the configuration as it is there
    std::string trouble_;  ///< the configuration could not be written, because
    bool clock_runs_;
};

}  // namespace hasim::cli
