#include "monitor/state.hpp"

#include <chrono>

#include <boost/json/array.hpp>

#include "scenario/faults.hpp"
#include "scenario/values.hpp"

namespace hasim::monitor {

namespace json = boost::json;

namespace {

template <class Number>
json::value or_null(const std::optional<Number>& number)
{
    return number ? json::value(*number) : json::value(nullptr);
}

json::value text_or_null(const std::string& text)
{
    return text.empty() ? json::value(nullptr) : json::value(text);
}

}  // namespace

double seconds(Duration duration)
{
    const auto whole = std::chrono::round<std::chrono::milliseconds>(duration);
    return static_cast<double>(whole.count()) / 1000;
}

json::array State::faults(const sim::FaultPlace& place) const
{
    json::array texts;
    for (const Fault& fault : world_.in_force().at(place)) {
        texts.emplace_back(scenario::fault_text(scenario::without_pin(fault)));
    }
    return texts;
}

json::object State::workstation() const
{
    return {{"faults", faults({sim::kWorkstationPlace, {}})}};
}

json::object State::appliance(ApplianceIndex index) const
{
    const sim::ApplianceHost& host = world_.appliance(index);
    const sim::ApplianceView view = host.machine().view();
    json::array partitions;
    for (const sim::PartitionView& partition : view.partitions) {
        partitions.push_back(json::object{{"serial", partition.serial.text()},
                                          {"activated", partition.activated},
                                          {"assigned", partition.assigned},
                                          {"zeroised", partition.zeroised},
                                          {"pin_locked", partition.pin_locked},
                                          {"faults", faults({index, partition.serial})}});
    }
    return {{"number", index + 1},           {"name", view.name},
            {"address", address_(index)},    {"state", name_of(view.state)},
            {"reachable", host.reachable()}, {"connections", view.connections.size()},
            {"faults", faults({index, {}})}, {"partitions", std::move(partitions)}};
}

json::value State::next_tick(sim::ClientIndex client, sim::GroupIndex group) const
{
    const auto next = world_.group(client, group).next_tick;
    return next ? json::value(seconds(next->time_since_epoch())) : json::value(nullptr);
}

json::object State::group(sim::ClientIndex client, sim::GroupIndex index, Instant now) const
{
    const GroupSettings& settings = world_.settings().groups[index];
    json::array members;
    for (const auto* const list : {&settings.members, &settings.standby}) {
        for (const Serial serial : *list) {
            const play::Summary::Member member = summary_.member(client, index, serial, now);
            const auto place = world_.topology().place_of(serial);
            members.push_back(
                json::object{{"serial", serial.text()},
                             {"appliance", place ? json::value(*place + 1) : json::value(nullptr)},
                             {"role", list == &settings.members ? "active" : "standby"},
                             {"state", member.state ? json::value(name_of(*member.state))
                                                    : json::value(nullptr)},
                             {"drops", member.drops},
                             {"attempts", member.attempts},
                             {"recovered", member.recovered},
                             {"down", seconds(member.out)}});
        }
    }
    const HaSettings& ha = world_.settings().ha;
    const auto state = summary_.group_state(client, index);
    return {{"client", world_.client_name(client)},
            {"label", settings.label},
            {"serial", settings.serial.text()},
            {"state", state ? json::value(name_of(*state)) : json::value(nullptr)},
            {"every", seconds(ha.recovery_interval)},
            {"next", next_tick(client, index)},
            {"attempts_allowed", ha.recovery_attempts},
            {"members", std::move(members)}};
}

json::object State::calls() const
{
    const play::CallCounts& calls = summary_.calls();
    return {{"done", calls.done()},
            {"retried", calls.retried()},
            {"lost", calls.lost()},
            {"in_flight", calls.in_flight()},
            {"longest", seconds(calls.longest())}};
}

json::object State::log() const
{
    const LogCounts counts = log_();
    return {{"lines", summary_.lines()},
            {"bytes", or_null(counts.bytes)},
            {"rotations", or_null(counts.rotations)},
            {"not_written", or_null(counts.not_written)}};
}

json::object State::whole(Instant now, std::uint64_t event) const
{
    json::array clients;
    json::array groups;
    for (sim::ClientIndex client = 0; client < world_.clients(); ++client) {
        clients.push_back(
            json::object{{"name", world_.client_name(client)}, {"pid", world_.pid(client).value}});
        for (sim::GroupIndex index = 0; index < world_.settings().groups.size(); ++index) {
            groups.push_back(group(client, index, now));
        }
    }
    json::array appliances;
    for (ApplianceIndex index = 0; index < world_.appliances(); ++index) {
        appliances.push_back(appliance(index));
    }
    const WallTime time = about_.epoch + now.time_since_epoch() + world_.clock_offset();
    return {{"hasim", json::object{{"version", about_.version},
                                   {"mode", about_.mode},
                                   {"process", about_.process},
                                   {"configuration", about_.configuration},
                                   {"log", text_or_null(about_.log)},
                                   {"started", scenario::wall_time_text(about_.started)},
                                   {"speed", about_.speed}}},
            {"now", seconds(now.time_since_epoch())},
            {"time", scenario::wall_time_text(std::chrono::floor<std::chrono::seconds>(time))},
            {"event", event},
            {"clients", std::move(clients)},
            {"workstation", workstation()},
            {"appliances", std::move(appliances)},
            {"groups", std::move(groups)},
            {"calls", calls()},
            {"log", log()}};
}

}  // namespace hasim::monitor
