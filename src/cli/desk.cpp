#include "cli/desk.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/steady_timer.hpp>

#include "base/plain_text.hpp"
#include "cli/log_output.hpp"
#include "live/handler_watch.hpp"
#include "log/catalogue.hpp"

namespace hasim::cli {

namespace {

/// How often what changes with every call is told (chosen).
constexpr std::chrono::milliseconds kSteady{500};
/// How often is looked whether a record is in the file, once it is on its way there.
constexpr std::chrono::milliseconds kLookAgain{1};

}  // namespace

struct Desk::Waiting {
    Waiting(boost::asio::io_context& io, Waited what) : timer(io), waited(std::move(what)) {}

    void end(const boost::json::object* line)
    {
        timer.cancel();
        wait.reset();
        if (const Waited call = std::exchange(waited, nullptr)) {
            call(line);
        }
    }

    boost::asio::steady_timer timer;
    std::chrono::steady_clock::time_point deadline;
    Waited waited;
    std::shared_ptr<monitor::LineWaits::Wait> wait;
};

Desk::Desk(LiveStage& stage, monitor::About about, std::string conf, Clients clients,
           const LogOutput* log)
    : stage_(stage),
      clients_(clients),
      log_(log),
      summary_(stage.play().world()),
      state_(
          stage.play().world(), summary_, std::move(about),
          [this](ApplianceIndex appliance) { return stage_.network().address(appliance); },
          [this] { return log_counts(); }),
      waits_(stage.play().world()),
      recorder_(stage.play().world(), stage.play().options(), std::move(conf)),
      metrics_(stage.play().world(), summary_, state_),
      steady_timer_(stage.io())
{
    sim::World& world = stage_.play().world();
    world.watch(summary_);
    world.watch(recorder_);
    world.watch(metrics_);
}

Desk::~Desk() = default;

Instant Desk::now() const
{
    return stage_.driver().now();
}

monitor::LogCounts Desk::log_counts() const
{
    if (log_ == nullptr) {
        return {};
    }
    const sink::LogCounts counts = log_->counts();
    return {counts.bytes, counts.rotations, counts.lost};
}

void Desk::configuration_changed()
{
    recorder_.edited();
    if (events_ != nullptr) {
        events_->configuration_changed();
    }
}

// ---- Commands, and what they came to ----------------------------------------------------------------------------

Obeyed Desk::command(std::string_view lines, std::string_view door)
{
    const std::uint64_t lines_before = waits_.lines();
    Obeyed obeyed = obey(stage_, lines, clients_);
    if (!obeyed.done.empty()) {
        waits_.mark(lines_before);  // whoever waits from now on means what comes of this
    }
    for (const Order& order : obeyed.done) {
        recorder_.given(order.event, obeyed.at);
        if (done_) {
            done_(order, obeyed.at, door);
        }
    }
    return obeyed;
}

boost::json::object Desk::state() const
{
    const live::HandlerCheck check;
    return state_.whole(now(), feed_.last());
}

std::string Desk::scenario() const
{
    const live::HandlerCheck check;
    return recorder_.scenario(now(), state_.about().speed, clients_ == Clients::own);
}

std::string Desk::metrics(monitor::Metrics::Readers readers) const
{
    const live::HandlerCheck check;
    return metrics_.text(now(), readers);
}

// ---- Waiting for a line -----------------------------------------------------------------------------------------

std::string Desk::cannot_come(const LogPattern& pattern) const
{
    const sim::World& world = stage_.play().world();
    const MessageSet messages =
        stage_.play().options().scenario.messages.value_or(MessageSet::current);
    if (clients_ == Clients::elsewhere && log_ != nullptr) {
        return "no line is seen here: its clients are other processes, which write the log";
    }
    if (!log::written_in(pattern.form, messages)) {
        return fmt::format("{} is written only with --messages all", word_of(pattern.form));
    }
    const auto known = [&](const auto& all, const auto& name) {
        return std::find(all.begin(), all.end(), name) != all.end();
    };
    const std::vector<GroupSettings>& groups = world.settings().groups;
    if (!pattern.member.empty() &&
        std::none_of(groups.begin(), groups.end(), [&](const GroupSettings& group) {
            return known(group.members, pattern.member) || known(group.standby, pattern.member);
        })) {
        return fmt::format("no group has a member {}", pattern.member.text());
    }
    bool has_client = pattern.client.empty();
    for (sim::ClientIndex client = 0; client < world.clients(); ++client) {
        has_client = has_client || world.client_name(client) == pattern.client;
    }
    if (!has_client) {
        return fmt::format("there is no client {}", in_quotes(pattern.client));
    }
    if (!pattern.group.empty() &&
        std::none_of(groups.begin(), groups.end(),
                     [&](const GroupSettings& group) { return group.label == pattern.group; })) {
        return fmt::format("there is no group {}", in_quotes(pattern.group));
    }
    return {};
}

std::function<void()> Desk::wait(Wanted wanted, Waited waited)
{
    const auto waiting = std::make_shared<Waiting>(stage_.io(), std::move(waited));
    waiting->deadline = std::chrono::steady_clock::now() + wanted.timeout;
    waiting->timer.expires_at(waiting->deadline);
    waiting->timer.async_wait([waiting](const boost::system::error_code& error) {
        if (!error) {
            waiting->end(nullptr);
        }
    });
    auto wait = waits_.wait(
        std::move(wanted.pattern), wanted.after.value_or(waits_.marked()),
        [this, weak = std::weak_ptr<Waiting>(waiting)](const boost::json::object& line) {
            if (const auto held = weak.lock()) {
                held->timer.cancel();
                written(held, line, log_ == nullptr ? 0 : log_->taken());
            }
        });
    if (wait == nullptr) {
        waiting->waited = nullptr;
        waiting->timer.cancel();
        return nullptr;
    }
    waiting->wait = std::move(wait);
    return [weak = std::weak_ptr<Waiting>(waiting)] {
        if (const auto held = weak.lock()) {
            held->waited = nullptr;
            held->end(nullptr);
        }
    };
}

/// The thread that writes the file is through with so many records: now the line can be read there.
void Desk::written(const std::shared_ptr<Waiting>& waiting, boost::json::object line,
                   std::uint64_t record)
{
    if (log_ == nullptr || log_->through() >= record) {
        waiting->end(&line);
        return;
    }
    if (std::chrono::steady_clock::now() >= waiting->deadline) {
        waiting->end(nullptr);  // a disk that hangs
        return;
    }
    waiting->timer.expires_after(kLookAgain);
    waiting->timer.async_wait(
        [this, waiting, record, line = std::move(line),
         alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error) {
            if (!error && !alive.expired()) {
                written(waiting, line, record);
            }
        });
}

// ---- Events -----------------------------------------------------------------------------------------------------

monitor::EventFeed& Desk::open_feed()
{
    events_ = std::make_unique<monitor::WorldEvents>(stage_.play().world(), state_, feed_);
    stage_.play().world().watch(*events_);
    tell_steady();
    return feed_;
}

void Desk::tell_done()
{
    events_->tell_done();
}

void Desk::tell_steady()
{
    steady_timer_.expires_after(kSteady);
    steady_timer_.async_wait(
        [this, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error) {
            if (!error && !alive.expired()) {
                const live::HandlerCheck check;
                events_->tell_steady(now());
                tell_steady();
            }
        });
}

void Desk::on_line(std::string_view line, WallTime utc, sim::ClientIndex client,
                   const LogRecord& record)
{
    waits_.on_line(line, utc, client, record);
    if (events_ != nullptr) {
        events_->on_line(line, utc, client, record);
    }
}

}  // namespace hasim::cli
