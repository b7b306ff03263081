#include "cli/run_session.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include "cli/obey.hpp"
#include "conf/configuration.hpp"
#include "conf/runtime_change.hpp"
#include "live/file_watch.hpp"
#include "live/handler_watch.hpp"
#include "scenario/values.hpp"

namespace hasim::cli {

RunSession::RunSession(LiveStage& stage, Desk& desk, RunStreams& streams)
    : stage_(stage), desk_(desk), streams_(streams)
{
    desk_.on_done([this](const Order& order, Instant at, std::string_view door) {
        info(fmt::format("{}  {} ({})", moment_text(at), order.text, door));
    });
    sim::World& world = stage_.play().world();
    world.watch(*this);
    for (sim::ClientIndex client = 0; client < world.clients(); ++client) {
        for (sim::GroupIndex group = 0; group < world.settings().groups.size(); ++group) {
            logging_in_.emplace(client, group);
        }
    }
    stage_.network().set_diagnostics([this](const std::string& text) { once_in_a_while(text); });
    stage_.on_slow([this](const std::string& text) { warn(text); });
}

RunSession::~RunSession() = default;

void RunSession::on_diagnostic(const std::string& text, Instant)
{
    once_in_a_while(text);
}

void RunSession::on_fault(const Fault& fault, const Target& target, Instant now)
{
    if (streams_.is_said(sink::Level::debug)) {
        streams_.say(sink::Level::debug, fault_text(fault, target, now));
    }
}

void RunSession::once_in_a_while(const std::string& text)
{
    if (auto said = repeats_.say(text)) {
        info(std::move(*said));
    }
}

/// Tells once that all stands: whoever breaks things from another terminal waits for this.
void RunSession::on_call(const sim::CallReport& report)
{
    if (report.kind == sim::CallKind::login && report.code == Code::ok &&
        logging_in_.erase({report.client, report.group}) > 0 && logging_in_.empty()) {
        info("ready: every client is logged in to every group");
    }
}

// ---- The configuration file -------------------------------------------------------------------------------------

void RunSession::watch_configuration(const std::string& path, const std::string& text)
{
    if (path.empty()) {
        return;
    }
    in_file_ = stage_.play().options().settings;
    watch_ = std::make_unique<live::FileWatch>(
        stage_.io(), path, conf::kMaxFileBytes,
        [this, path](const std::string& changed) { take_edit(path, changed); },
        [this](const std::string& problem) { warn(problem); });
    if (const std::string problem = watch_->start(text); !problem.empty()) {
        warn(problem + "; edits of the configuration will not be noticed");
        watch_.reset();
    }
}

/// A broken edit keeps the last good settings. Either way it is told here, never in the HA log.
void RunSession::take_edit(const std::string& path, const std::string& text)
{
    const conf::Configuration edited = conf::read(text, path);
    for (const Finding& finding : edited.findings) {
        if (finding.severity != Severity::note) {
            streams_.finding(finding);
        }
    }
    if (!edited.ok() || conf::missing_groups(edited)) {
        streams_.say(sink::Level::error,
                     path + ": this edit is not used; the last good settings stay in force");
        edit_broken_ = true;
        return;
    }
    const conf::RuntimeChange change = conf::runtime_change(in_file_, edited.settings);
    if (std::exchange(edit_broken_, false)) {
        const bool same = change.at_once.empty() && change.waiting.empty();
        info(path + (same ? ": the file is good again, and says what is in force"
                          : ": the file is good again, and is used"));
    }
    for (const std::string& what : change.at_once) {
        info(what);
    }
    for (const std::string& what : change.waiting) {
        info(what);
    }
    in_file_ = edited.settings;
    stage_.play().world().settings_changed(edited.settings, stage_.driver().now());
    desk_.configuration_changed();
    if (on_edited_) {
        on_edited_();
    }
    stage_.driver().settle();
}

void RunSession::introduce(const RunFacts& facts, const Doors& doors)
{
    if (!doors.no_ctl.empty()) {
        warn(doors.no_ctl + "; `hasim ctl` will not reach this run");
    }
    const sim::World& world = stage_.play().world();
    for (std::string& line : fact_lines(facts, world.settings(), world.topology())) {
        info(std::move(line));
    }
    if (doors.http != nullptr) {
        info(doors.http->url() + "/ shows it, and breaks it");
    }
    info(next_step(facts, world.topology(), doors.no_ctl.empty()));
}

void RunSession::show_status()
{
    if (::isatty(STDERR_FILENO) != 0) {
        view_ = std::make_unique<TerminalView>(stage_, desk_, streams_);
    }
}

void RunSession::close()
{
    for (std::string& text : repeats_.rest()) {
        info(std::move(text));
    }
    view_.reset();
    watch_.reset();
}

}  // namespace hasim::cli
