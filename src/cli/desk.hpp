/// What a live run answers to who asks and steers it: one implementation, with two doors, `hasim ctl` and HTTP.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "cli/live_stage.hpp"
#include "cli/obey.hpp"
#include "monitor/event_feed.hpp"
#include "monitor/line_waits.hpp"
#include "monitor/metrics.hpp"
#include "monitor/recorder.hpp"
#include "monitor/state.hpp"
#include "monitor/world_events.hpp"

namespace hasim::cli {

class LogOutput;

class Desk final : public play::LineTarget {
public:
    /// Before anything happens in the world. `conf` is the text of the configuration. `log` writes the lines; null when
    /// applications in other processes do.
    Desk(LiveStage& stage, monitor::About about, std::string conf, Clients clients,
         const LogOutput* log);
    ~Desk() override;

    /// Is told of each line that was done: "hsm2 cable out", and where from: "ctl", "http".
    using Done = std::function<void(const Order& order, Instant at, std::string_view door)>;
    void on_done(Done done) { done_ = std::move(done); }
    /// An edit of the configuration file is in force.
    void configuration_changed();

    [[nodiscard]] Obeyed command(std::string_view lines, std::string_view door);
    [[nodiscard]] boost::json::object state() const;
    [[nodiscard]] std::string scenario() const;
    [[nodiscard]] std::string metrics(monitor::Metrics::Readers readers) const;

    /// What somebody waits for.
    struct Wanted {
        LogPattern pattern;
        std::optional<std::uint64_t>
            after;  ///< behind so many lines; nothing: since the last command
        std::chrono::nanoseconds timeout{std::chrono::seconds(10)};  ///< of real time
    };
    static constexpr std::chrono::hours kLongestWait{1};  ///< (chosen)
    using Waited = std::function<void(const boost::json::object* line)>;
    /// Why such a line can never come; empty when it can.
    [[nodiscard]] std::string cannot_come(const LogPattern& pattern) const;
    /// Answers with the line once it is in the file, or with nothing after the timeout. What is returned ends it
    /// without an answer; nothing: too many wait.
    [[nodiscard]] std::function<void()> wait(Wanted wanted, Waited waited);
    [[nodiscard]] std::uint64_t lines() const { return waits_.lines(); }

    /// From here on what happens is told to readers of events.
    [[nodiscard]] monitor::EventFeed& open_feed();
    [[nodiscard]] std::uint64_t last_event() const { return feed_.last(); }
    /// What follows from what was done; before readers get what is new.
    void tell_done();

    [[nodiscard]] const play::Summary& summary() const { return summary_; }

    void on_line(std::string_view line, WallTime utc, sim::ClientIndex client,
                 const LogRecord& record) override;

private:
    struct Waiting;

    void written(const std::shared_ptr<Waiting>& waiting, boost::json::object line,
                 std::uint64_t record);
    void tell_steady();
    [[nodiscard]] monitor::LogCounts log_counts() const;
    [[nodiscard]] Instant now() const;

    LiveStage& stage_;
    Clients clients_;
    const LogOutput* log_;
    play::Summary summary_;
    monitor::State state_;
    monitor::EventFeed feed_;
    monitor::LineWaits waits_;
    monitor::Recorder recorder_;
    monitor::Metrics metrics_;
    std::unique_ptr<monitor::WorldEvents> events_;
    boost::asio::steady_timer steady_timer_;
    Done done_;
    std::shared_ptr<bool> alive_ =
        std::make_shared<bool>(true);  ///< for handlers that come after the end
};

}  // namespace hasim::cli
