/// Tells a feed what happens in a world. docs/http.md names every kind of event and its fields.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "monitor/event_feed.hpp"
#include "monitor/state.hpp"
#include "play/line_writer.hpp"

namespace hasim::monitor {

class WorldEvents final : public sim::WorldObserver, public play::LineTarget {
public:
    /// None is owned. What stands now is what readers are taken to know.
    WorldEvents(const sim::World& world, const State& state, EventFeed& feed);

    /// Groups or members are others than before.
    void configuration_changed() { add("configuration", {}); }
    /// What something was done to, if it changed; soon after it happened.
    void tell_done();
    /// What changes by itself, or with every call: twice a second.
    void tell_steady(Instant now);

    void on_line(std::string_view line, WallTime utc, sim::ClientIndex client,
                 const LogRecord& record) override;
    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant now) override;
    void on_group(sim::ClientIndex client, sim::GroupIndex group, GroupState state,
                  Instant now) override;
    void on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now) override;
    void on_killed(sim::ClientIndex client, Instant now) override;
    void on_fault(const Fault& fault, const Target& target, Instant now) override;
    void on_diagnostic(const std::string& text, Instant now) override;

private:
    using GroupKey = std::pair<sim::ClientIndex, sim::GroupIndex>;

    void add(std::string_view kind, const boost::json::object& data);
    void add_member(sim::ClientIndex client, sim::GroupIndex group, Serial member,
                    boost::json::value to, Instant now);
    [[nodiscard]] const std::string& label(sim::GroupIndex group) const;
    void touch(const Target& target);
    void tell_appliance(ApplianceIndex index);
    void tell_workstation();

    const sim::World& world_;
    const State& state_;
    EventFeed& feed_;
    std::set<ApplianceIndex> touched_;  ///< something was done to these
    bool workstation_touched_ = false;
    std::vector<std::string> appliances_;  ///< as they were told last
    std::string workstation_;
    std::string calls_;
    std::map<GroupKey, std::string> ticks_;
};

/// One line of the log: what an event tells of it, and the answer to who waited for it.
[[nodiscard]] boost::json::object line_object(const sim::World& world, std::string_view line,
                                              sim::ClientIndex client, const LogRecord& record);

}  // namespace hasim::monitor
