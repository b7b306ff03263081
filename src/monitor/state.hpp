/// How a live world is, as JSON: what GET /api/v1/state and `hasim ctl status --json` answer. docs/http.md names every
/// field.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "play/summary.hpp"

namespace hasim::monitor {

/// What became of the HA log. What is not known (applications write it themselves) is nothing.
struct LogCounts {
    std::optional<std::uint64_t> bytes;
    std::optional<std::uint64_t> rotations;
    std::optional<std::uint64_t> not_written;
};

/// Who the run is: the fields of "hasim" that do not change.
struct About {
    std::string version;
    std::string mode;  ///< run, appliances, lab, exec
    std::uint64_t process = 0;
    std::string configuration;
    std::string log;  ///< path; empty: none
    WallTime started{};
    double speed = 1;
    WallTime epoch{};  ///< civil time of 0 s
};

class State {
public:
    using Address = std::function<std::string(ApplianceIndex)>;
    using Log = std::function<LogCounts()>;

    /// `world` and `summary` are not owned.
    State(const sim::World& world, const play::Summary& summary, About about, Address address,
          Log log)
        : world_(world),
          summary_(summary),
          about_(std::move(about)),
          address_(std::move(address)),
          log_(std::move(log))
    {
    }

    /// `event` is the number of the last event that is told of.
    [[nodiscard]] boost::json::object whole(Instant now, std::uint64_t event) const;
    [[nodiscard]] boost::json::object appliance(ApplianceIndex index) const;
    [[nodiscard]] boost::json::object workstation() const;
    [[nodiscard]] boost::json::object calls() const;
    [[nodiscard]] boost::json::object log() const;
    /// The next recovery tick of a group, in seconds, or null.
    [[nodiscard]] boost::json::value next_tick(sim::ClientIndex client,
                                               sim::GroupIndex group) const;

    [[nodiscard]] const About& about() const { return about_; }
    [[nodiscard]] LogCounts log_counts() const { return log_(); }

private:
    [[nodiscard]] boost::json::object group(sim::ClientIndex client, sim::GroupIndex group,
                                            Instant now) const;
    [[nodiscard]] boost::json::array faults(const sim::FaultPlace& place) const;

    const sim::World& world_;
    const play::Summary& summary_;
    About about_;
    Address address_;
    Log log_;
};

/// Seconds on the time line, to a millisecond.
[[nodiscard]] double seconds(Duration duration);

}  // namespace hasim::monitor
