/// What goes on around a live run: the status line, and the configuration file that is watched.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "cli/desk.hpp"
#include "cli/live_stage.hpp"
#include "cli/repeats.hpp"
#include "cli/run_request.hpp"
#include "cli/run_streams.hpp"
#include "cli/terminal_view.hpp"

namespace hasim::live {
class FileWatch;
}

namespace hasim::cli {

class RunSession final : public sim::WorldObserver {
public:
    RunSession(LiveStage& stage, Desk& desk, RunStreams& streams);
    ~RunSession() override;

    /// New members, recovery requests and broken edits of the file at `path` are noticed; an empty path is none. `text`
    /// is what it held when it was read.
    void watch_configuration(const std::string& path, const std::string& text);
    /// Is told when an edit of the file is in force.
    void on_edited(std::function<void()> listener) { on_edited_ = std::move(listener); }
    /// Tells what this run is, and what to type next.
    void introduce(const RunFacts& facts, const Doors& doors);
    void warn(std::string text) { streams_.say(sink::Level::warning, std::move(text)); }
    /// On a terminal only: how everything is, in place.
    void show_status();
    void close();

    void on_diagnostic(const std::string& text, Instant now) override;
    void on_fault(const Fault& fault, const Target& target, Instant now) override;
    void on_call(const sim::CallReport& report) override;

private:
    void take_edit(const std::string& path, const std::string& text);
    void info(std::string text) { streams_.say(sink::Level::info, std::move(text)); }
    /// For what others can make happen as often as they like.
    void once_in_a_while(const std::string& text);

    LiveStage& stage_;
    Desk& desk_;
    RunStreams& streams_;
    Repeats repeats_;
    std::unique_ptr<live::FileWatch> watch_;
    std::function<void()> on_edited_;
    Settings in_file_;          ///< the last good ones
    bool edit_broken_ = false;  ///< the last edit was not used
    std::unique_ptr<TerminalView> view_;
    std::set<std::pair<sim::ClientIndex, sim::GroupIndex>>
        logging_in_;  ///< groups whose first C_Login has not returned yet
};

}  // namespace hasim::cli
