// `hasim topology`: who is where.
#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/plain_text.hpp"
#include "cli/commands.hpp"
#include "cli/play_inputs.hpp"
#include "scenario/slots.hpp"
#include "scenario/topology.hpp"

namespace hasim::cli {

namespace {

class TopologyCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.text("--conf", "FILE", request_.conf,
                     "the client's Chrystoki.conf or crystoki.ini; without it the scenario's, then "
                     "Chrystoki.conf in $ChrystokiConfigurationPath");
        options.text("--scenario", "FILE", request_.scenario,
                     "a scenario, for its configuration and placements");
        options.flag("--json", json_, "print JSON");
    }

    ExitCode run(Console& console) override
    {
        const PlayInputs inputs = read_play_inputs(request_);
        tell_findings(inputs, console);
        if (!inputs.ok()) {
            return ExitCode::usage;
        }
        const Settings& settings = inputs.options.settings;
        const scenario::Topology topology(settings, inputs.options.scenario.placements);
        console.write(json_ ? as_json(settings, topology) : as_text(settings, topology));
        return ExitCode::done;
    }

private:
    static std::string as_text(const Settings& settings, const scenario::Topology& topology)
    {
        std::string text =
            fmt::format("{:<6} {:<24} {:<6} {}\n", "hsm", "name", "port", "partitions");
        std::size_t number = 0;
        for (const auto& appliance : topology.appliances()) {
            std::string partitions;
            for (const Serial partition : appliance.partitions) {
                partitions += (partitions.empty() ? "" : ", ") + std::string(partition.text());
            }
            text +=
                fmt::format("{:<6} {:<24} {:<6} {}\n", fmt::format("hsm{}", ++number),
                            appliance.name, appliance.port, partitions.empty() ? "-" : partitions);
        }
        text += fmt::format("\n{:<20} {:<22} {:<22} {:<8} {}\n", "group", "serial", "member",
                            "role", "appliance");
        for (const GroupSettings& group : settings.groups) {
            const auto member = [&](Serial serial, std::string_view role) {
                text += fmt::format("{:<20} {:<22} {:<22} {:<8} {}\n", group.label,
                                    group.serial.text(), serial.text(), role,
                                    topology.appliances()[*topology.place_of(serial)].name);
            };
            for (const Serial serial : group.members) {
                member(serial, "active");
            }
            for (const Serial serial : group.standby) {
                member(serial, "standby");
            }
        }
        text += fmt::format("\n{:<6} {:<22} {:<20} {}\n", "slot", "description", "label", "serial");
        std::size_t slot_number = 0;
        for (const scenario::Slot& slot : scenario::slots_of(settings, topology)) {
            text +=
                fmt::format("{:<6} {:<22} {:<20} {}\n", slot_number++, slot.description(),
                            (slot.is_group ? slot.label : std::string("-")), slot.serial.text());
        }
        text +=
            "\nThe ports are those of the file; simulated appliances listen on free ports of "
            "127.0.0.1, which "
            "`hasim appliances` prints.\n";
        return text;
    }

    static boost::json::array groups_json(const Settings& settings,
                                          const scenario::Topology& topology)
    {
        boost::json::array groups;
        for (const GroupSettings& group : settings.groups) {
            boost::json::array members;
            const auto add = [&](Serial serial, std::string_view role) {
                const ApplianceIndex place = *topology.place_of(serial);
                members.push_back(boost::json::object{
                    {"serial", serial.text()},
                    {"role", role},
                    {"hsm", fmt::format("hsm{}", place + 1)},
                    {"appliance", printable(topology.appliances()[place].name)}});
            };
            for (const Serial serial : group.members) {
                add(serial, "active");
            }
            for (const Serial serial : group.standby) {
                add(serial, "standby");
            }
            groups.push_back(boost::json::object{{"label", printable(group.label)},
                                                 {"serial", group.serial.text()},
                                                 {"members", std::move(members)}});
        }
        return groups;
    }

    static std::string as_json(const Settings& settings, const scenario::Topology& topology)
    {
        boost::json::array appliances;
        for (const auto& appliance : topology.appliances()) {
            boost::json::array partitions;
            for (const Serial partition : appliance.partitions) {
                partitions.emplace_back(partition.text());
            }
            appliances.push_back(
                boost::json::object{{"name", printable(appliance.name)},
                                    {"hsm", fmt::format("hsm{}", appliances.size() + 1)},
                                    {"port", appliance.port},
                                    {"partitions", std::move(partitions)}});
        }
        boost::json::array slots;
        for (const scenario::Slot& slot : scenario::slots_of(settings, topology)) {
            slots.push_back(boost::json::object{
                {"slot", slots.size()},
                {"description", slot.description()},
                {"label", (slot.is_group ? printable(slot.label) : std::string("-"))},
                {"serial", slot.serial.text()}});
        }
        return boost::json::serialize(
                   boost::json::object{{"appliances", appliances},
                                       {"groups", groups_json(settings, topology)},
                                       {"slots", slots}}) +
               "\n";
    }

    PlayRequest request_;
    bool json_ = false;
};

}  // namespace

const Command kTopologyCommand = command<TopologyCommand>(
    "topology", "prints appliances, partitions, members and slots",
    "Says on which simulated appliance each member's partition is placed, and which slots the "
    "application sees.");

}  // namespace hasim::cli
