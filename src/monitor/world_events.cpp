#include "monitor/world_events.hpp"

#include <boost/json/value.hpp>

#include "log/catalogue.hpp"
#include "monitor/json_text.hpp"
#include "scenario/faults.hpp"

namespace hasim::monitor {

namespace json = boost::json;

namespace {

double moment(Instant now)
{
    return seconds(now.time_since_epoch());
}

/// The label of the group whose serial a line has; groups may have changed it since.
std::string label_of(const sim::World& world, Serial serial)
{
    for (const GroupSettings& group : world.settings().groups) {
        if (group.serial == serial) {
            return group.label;
        }
    }
    return {};
}

}  // namespace

json::object line_object(const sim::World& world, std::string_view line, sim::ClientIndex client,
                         const LogRecord& record)
{
    json::object object{{"at", moment(record.at)},
                        {"client", world.client_name(client)},
                        {"group", label_of(world, record.group)},
                        {"member", record.member.text()},
                        {"id", log::message_of(record.form).id}};
    if (log::has_attempt(record.form)) {
        object["attempt"] = record.attempt;
    }
    if (log::has_code(record.form)) {
        object["code"] = name_of(record.code);
    }
    object["text"] = line;
    object["sentence"] = log::message_of(record.form).note;
    return object;
}

WorldEvents::WorldEvents(const sim::World& world, const State& state, EventFeed& feed)
    : world_(world), state_(state), feed_(feed)
{
    for (ApplianceIndex index = 0; index < world_.appliances(); ++index) {
        appliances_.push_back(json_text(state_.appliance(index)));
    }
    workstation_ = json_text(state_.workstation());
}

void WorldEvents::add(std::string_view kind, const json::object& data)
{
    feed_.add(kind, json_text(data));
}

const std::string& WorldEvents::label(sim::GroupIndex group) const
{
    return world_.settings().groups[group].label;
}

void WorldEvents::on_line(std::string_view line, WallTime, sim::ClientIndex client,
                          const LogRecord& record)
{
    add("line", line_object(world_, line, client, record));
}

void WorldEvents::add_member(sim::ClientIndex client, sim::GroupIndex group, Serial member,
                             json::value to, Instant now)
{
    add("member", {{"at", moment(now)},
                   {"client", world_.client_name(client)},
                   {"group", label(group)},
                   {"member", member.text()},
                   {"to", std::move(to)}});
}

void WorldEvents::on_member(sim::ClientIndex client, sim::GroupIndex group,
                            const ha::MemberChanged& change, Instant now)
{
    add_member(client, group, change.member, json::value(name_of(change.to)), now);
}

void WorldEvents::on_group(sim::ClientIndex client, sim::GroupIndex group, GroupState state,
                           Instant now)
{
    add("group", {{"at", moment(now)},
                  {"client", world_.client_name(client)},
                  {"group", label(group)},
                  {"state", name_of(state)}});
}

void WorldEvents::on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now)
{
    const GroupSettings& settings = world_.settings().groups[group];
    for (const auto* const list : {&settings.members, &settings.standby}) {
        for (const Serial member : *list) {
            add_member(client, group, member, nullptr, now);
        }
    }
}

void WorldEvents::on_killed(sim::ClientIndex client, Instant now)
{
    for (sim::GroupIndex group = 0; group < world_.settings().groups.size(); ++group) {
        add("group", {{"at", moment(now)},
                      {"client", world_.client_name(client)},
                      {"group", label(group)},
                      {"state", nullptr}});
        on_finalized(client, group, now);
    }
}

void WorldEvents::on_fault(const Fault& fault, const Target& target, Instant now)
{
    touch(target);
    workstation_touched_ = true;
    add("fault", {{"at", moment(now)},
                  {"text", scenario::action_text(target, scenario::without_pin(fault))}});
}

void WorldEvents::on_diagnostic(const std::string& text, Instant now)
{
    add("diagnostic", {{"at", moment(now)}, {"text", text}});
}

/// Notes which appliances a target stands for.
void WorldEvents::touch(const Target& target)
{
    const auto add = [this](std::optional<ApplianceIndex> index) {
        if (index) {
            touched_.insert(*index);
        }
    };
    switch (target.kind) {
    case Target::Kind::hsm:
        for (std::uint32_t number = target.first; number <= target.last; ++number) {
            touched_.insert(number - 1);
        }
        break;
    case Target::Kind::appliance: add(world_.topology().named(target.name)); break;
    case Target::Kind::member: add(world_.topology().place_of(target.serial)); break;
    case Target::Kind::any:
    case Target::Kind::all:
        for (ApplianceIndex index = 0; index < world_.appliances(); ++index) {
            touched_.insert(index);
        }
        break;
    case Target::Kind::group:
    case Target::Kind::client: break;
    }
}

void WorldEvents::tell_appliance(ApplianceIndex index)
{
    appliances_.resize(world_.appliances());
    std::string text = json_text(state_.appliance(index));
    if (text != appliances_[index]) {
        feed_.add("appliance", text);
        appliances_[index] = std::move(text);
    }
}

void WorldEvents::tell_workstation()
{
    std::string text = json_text(state_.workstation());
    if (text != workstation_) {
        feed_.add("workstation", text);
        workstation_ = std::move(text);
    }
}

void WorldEvents::tell_done()
{
    for (const ApplianceIndex index : std::exchange(touched_, {})) {
        tell_appliance(index);
    }
    if (std::exchange(workstation_touched_, false)) {
        tell_workstation();
    }
}

void WorldEvents::tell_steady(Instant now)
{
    touched_.clear();
    for (ApplianceIndex index = 0; index < world_.appliances(); ++index) {
        tell_appliance(index);
    }
    tell_workstation();
    json::object calls = state_.calls();
    calls["log"] = state_.log();
    if (std::string text = json_text(calls); text != calls_) {
        calls_ = std::move(text);
        calls["at"] = moment(now);
        add("calls", calls);
    }
    for (sim::ClientIndex client = 0; client < world_.clients(); ++client) {
        for (sim::GroupIndex group = 0; group < world_.settings().groups.size(); ++group) {
            json::value next = state_.next_tick(client, group);
            std::string text = json_text(next);
            if (std::string& told = ticks_[{client, group}]; told != text) {
                told = std::move(text);
                add("ticks", {{"at", moment(now)},
                              {"client", world_.client_name(client)},
                              {"group", label(group)},
                              {"next", std::move(next)}});
            }
        }
    }
}

}  // namespace hasim::monitor
