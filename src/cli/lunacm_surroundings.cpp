#include "cli/lunacm_surroundings.hpp"

#include <chrono>
#include <utility>
#include <variant>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "cli/edit_conf.hpp"
#include "conf/configuration.hpp"
#include "control/client.hpp"
#include "control/socket_directory.hpp"
#include "host/read_file.hpp"
#include "host/replace_file.hpp"

namespace hasim::cli {

namespace {

namespace json = boost::json;

/// What the state says of appliances and partitions (docs/http.md).
lunacm::Surroundings::Running running_in(const json::object& state)
{
    lunacm::Surroundings::Running running;
    for (const json::value& one : state.at("appliances").as_array()) {
        const json::object& appliance = one.as_object();
        const bool reachable =
            appliance.at("state").as_string() == "running" && appliance.at("reachable").as_bool();
        for (const json::value& each : appliance.at("partitions").as_array()) {
            const json::object& partition = each.as_object();
            const auto serial = Serial::parse(std::string(partition.at("serial").as_string()));
            if (!serial) {
                continue;
            }
            running.partitions.push_back(*serial);
            if (reachable && partition.at("assigned").as_bool() &&
                !partition.at("zeroised").as_bool()) {
                running.alive.insert(*serial);
            }
        }
    }
    return running;
}

}  // namespace

std::optional<Settings> LunacmSurroundings::settings(std::string& problem)
{
    const auto read = host::read_file(conf_, conf::kMaxFileBytes);
    if (const Finding* const wrong = std::get_if<Finding>(&read)) {
        problem = to_text(*wrong);
        return std::nullopt;
    }
    conf::Configuration configuration = conf::read(std::get<std::string>(read), conf_);
    for (const Finding& finding : configuration.findings) {
        if (finding.severity == Severity::error) {
            problem = to_text(finding);
            return std::nullopt;
        }
    }
    return std::move(configuration.settings);
}

std::string LunacmSurroundings::edit(const std::function<conf::Edited(std::string_view)>& change)
{
    return edit_conf(conf_, change, false).problem;
}

std::optional<lunacm::Surroundings::Running> LunacmSurroundings::running()
{
    constexpr std::chrono::seconds kPatience{2};
    const std::string directory = control::socket_directory();
    for (const std::uint64_t pid : control::running(directory)) {
        const control::Answer answer =
            control::send_line(directory, pid, "status --json", kPatience);
        if (answer.kind != control::Answer::Kind::done) {
            continue;
        }
        try {
            const json::object state = json::parse(answer.text).as_object();
            const std::string file(state.at("hasim").at("configuration").as_string());
            if (host::same_file(file, conf_)) {
                return running_in(state);
            }
        } catch (const std::exception&) {
            // Another version of hasim, which says it another way.
        }
    }
    return std::nullopt;
}

std::optional<std::string> LunacmSurroundings::ask(std::string_view prompt, Echo echo)
{
    write(prompt);
    static_cast<void>(console_.flush());
    return editor_.answer(echo == Echo::hidden);
}

void LunacmSurroundings::write(std::string_view text)
{
    console_.write(text);
}

}  // namespace hasim::cli
