/// A lab while an application runs in it: what the application tells goes to the runner that judges, to the scorecard
/// and to the log's lines; what faults change in the configuration goes to the application.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cli/live_stage.hpp"
#include "host/worker_thread.hpp"
#include "lab/derived_conf.hpp"
#include "lab/lab_directory.hpp"
#include "lab/report_server.hpp"
#include "lab/scorecard.hpp"

namespace hasim::cli {

class ExecSession final : public sim::WorldObserver {
public:
    ExecSession(LiveStage& stage, lab::LabDirectory& directory, std::string log_directory,
                double speed, bool waits, lab::TlsFiles tls, std::string origin);

    /// The user's configuration changed, and is in force here.
    void configuration_changed();

    /// Writes what applications read, and listens for them; empty, or what went wrong.
    [[nodiscard]] std::string prepare();

    /// No application that tells anything is left.
    [[nodiscard]] bool is_quiet() const { return told_by_.empty(); }
    /// Called whenever that may have become so.
    void on_quiet(std::function<void()> listener) { on_quiet_ = std::move(listener); }

    /// Gets the lines that applications write, as they are in their log. Not owned.
    void on_line(play::LineTarget& target) { lines_ = &target; }

    [[nodiscard]] const lab::Scorecard& scorecard() const { return scorecard_; }
    /// Why the configuration could not be written, if so; waits for what is being written.
    [[nodiscard]] std::string trouble();

    void on_fault(const Fault& fault, const Target& target, Instant now) override;

private:
    void take(lab::ReportServer::Process process, const std::optional<lab::Report>& report);
    void gone(lab::ReportServer::Process process);
    void pass_on(sim::ClientIndex client, Pid pid, const lab::Report& report, Instant now);
    [[nodiscard]] sim::ClientIndex client_of(lab::ReportServer::Process process) const;
    /// The files that applications read, each with its name, in the order of their writing.
    using Files = std::vector<std::pair<std::string, std::string>>;
    [[nodiscard]] Files configuration() const;
    [[nodiscard]] static std::string write(const std::string& folder, const Files& files);

    LiveStage& stage_;
    lab::LabDirectory& directory_;
    std::string log_directory_;
    lab::TlsFiles tls_;
    std::string origin_;  ///< the user's configuration
    double speed_;
    Zone zone_;
    std::int64_t steady_at_start_;
    std::int64_t wall_at_start_;
    lab::Scorecard scorecard_;
    lab::ReportServer server_;
    std::map<lab::ReportServer::Process, Pid> told_by_;  ///< processes that are there
    std::function<void()> on_quiet_;
    play::LineTarget* lines_ = nullptr;
    Files written_;        ///< as they are there, or are being written
    std::string trouble_;  ///< new appliances could not be opened, because
    bool clock_runs_;
    /// Why the files could not be written; of the thread, which may outlive this, and of who waited for it.
    std::shared_ptr<std::string> not_written_ = std::make_shared<std::string>();
    host::WorkerThread writer_;
};

}  // namespace hasim::cli
