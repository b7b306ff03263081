#include "cli/play_inputs.hpp"

#include <algorithm>
#include <filesystem>
#include <variant>

#include <fmt/format.h>

#include "cli/edit_conf.hpp"
#include "conf/configuration.hpp"
#include "host/read_file.hpp"
#include "host/zone_loader.hpp"

namespace hasim::cli {

namespace {

constexpr std::string_view kDefaultLoad = "sign 10/s threads 2";

Finding error_in(std::string file, std::string text)
{
    return {std::move(file), 0, 0, Severity::error, std::move(text)};
}

void add(std::vector<Finding>& findings, const std::vector<Finding>& more)
{
    findings.insert(findings.end(), more.begin(), more.end());
}

/// Where the configuration is: command line, scenario, environment.
std::string conf_path_of(const PlayRequest& request, const Scenario& scenario,
                         const std::string& folder)
{
    if (!request.conf.empty()) {
        return request.conf;
    }
    if (const auto* path = std::get_if<ConfPath>(&scenario.conf)) {
        return (std::filesystem::path(folder) / path->path).lexically_normal().string();
    }
    return conf_path({});
}

void take_settings(const conf::Configuration& configuration, PlayInputs& inputs)
{
    add(inputs.findings, configuration.findings);
    if (const auto missing = conf::missing_groups(configuration)) {
        inputs.findings.push_back(*missing);
    }
    inputs.options.settings = configuration.settings;
}

void read_conf(const PlayRequest& request, const Scenario& scenario, const std::string& name,
               const std::string& folder, PlayInputs& inputs)
{
    const auto* text = std::get_if<ConfText>(&scenario.conf);
    if (text != nullptr && request.conf.empty()) {
        conf::Configuration configuration = conf::read(text->text, name);
        for (Finding& finding : configuration.findings) {
            finding.line += finding.line == 0 ? 0 : scenario.conf_place.line;  // inside the block
        }
        take_settings(configuration, inputs);
        return;
    }
    inputs.conf_path = conf_path_of(request, scenario, folder);
    if (inputs.conf_path.empty()) {
        inputs.findings.push_back(error_in(
            "hasim",
            "no configuration: name one with --conf FILE, in the scenario (conf FILE), or set "
            "ChrystokiConfigurationPath to the directory of a Chrystoki.conf"));
        return;
    }
    const auto read = host::read_file(inputs.conf_path, conf::kMaxFileBytes);
    if (const Finding* problem = std::get_if<Finding>(&read)) {
        inputs.findings.push_back(*problem);
        return;
    }
    inputs.conf_text = std::get<std::string>(read);
    take_settings(conf::read(inputs.conf_text, inputs.conf_path), inputs);
}

/// Where the zone's name stands behind the word `timezone` of the header; nowhere when it is not found.
Place place_of_zone(std::string_view text)
{
    constexpr std::string_view kWord = "timezone";
    constexpr std::string_view kBlanks = " \t";
    bool in_block = false;
    std::uint32_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = text.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        const std::size_t word = std::min(line.find_first_not_of(kBlanks), line.size());
        const std::string_view rest = line.substr(word);
        if (in_block) {
            in_block = !rest.starts_with(">>");
        } else if (rest.starts_with(kWord) && rest.find_first_of(kBlanks) == kWord.size()) {
            const std::size_t name = line.find_first_not_of(kBlanks, word + kWord.size());
            return {number, static_cast<std::uint32_t>(std::min(name, line.size()) + 1)};
        } else {
            in_block = rest.find("<<") != std::string_view::npos && !rest.starts_with('#');
        }
    }
    return {};
}

/// What the command line says goes before the scenario's header.
void take_request(const PlayRequest& request, PlayInputs& inputs)
{
    inputs.options.every_call = request.every_call;
    Scenario& scenario = inputs.options.scenario;
    scenario.length = request.length ? request.length : scenario.length;
    scenario.seed = request.seed ? request.seed : scenario.seed;
    scenario.stamp = request.stamp ? request.stamp : scenario.stamp;
    scenario.messages = request.messages ? request.messages : scenario.messages;
    scenario.port = request.port ? request.port : scenario.port;
    scenario.pin = request.pin.value_or(scenario.pin);
    if (scenario.pin.size() > kLongestText) {
        inputs.findings.push_back({"--pin", 0, 0, Severity::error,
                                   fmt::format("a PIN has at most {} bytes, this one has {}",
                                               kLongestText, scenario.pin.size())});
    }
    if (request.pid) {
        inputs.options.first_pid = Pid{*request.pid};
        if (!scenario.clients.empty()) {
            scenario.clients.front().pid = Pid{*request.pid};
        }
    }
    if (request.load) {
        LoadResult load = parse_load(*request.load);
        for (Finding& finding : load.findings) {
            finding.file = "--load";
            finding.line = 0;
            finding.text = fmt::format("column {}: {}", finding.column, finding.text);
            finding.column = 0;
        }
        add(inputs.findings, load.findings);
        scenario.loads.clear();
        scenario.load_none = !load.load.has_value();
        if (load.load) {
            scenario.loads.push_back(*load.load);
        }
    }
    inputs.options.fallback = parse_load(kDefaultLoad).load;
}

}  // namespace

bool PlayInputs::ok() const
{
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.severity == Severity::error; });
}

PlayInputs read_play_inputs(const PlayRequest& request, const std::string& name,
                            const std::string& text, const std::string& folder)
{
    PlayInputs inputs;
    inputs.scenario_text = text;
    ScenarioResult parsed = parse_scenario(name, text, request.log_block);
    inputs.findings = std::move(parsed.findings);
    inputs.options.scenario = std::move(parsed.scenario);
    const Scenario& scenario = inputs.options.scenario;
    read_conf(request, scenario, name, folder, inputs);
    if (inputs.ok()) {
        add(inputs.findings, check(scenario, inputs.options.settings, name));
    }
    auto zone = host::load_zone(scenario.timezone);
    if (const std::string* problem = std::get_if<std::string>(&zone)) {
        const Place place = place_of_zone(text);
        inputs.findings.push_back({name, place.line, place.column, Severity::error, *problem});
    } else {
        inputs.options.zone = std::get<Zone>(std::move(zone));
    }
    inputs.has_start = scenario.start.has_value();
    inputs.options.start = scenario.start.value_or(WallTime{});
    take_request(request, inputs);
    return inputs;
}

void tell_findings(const PlayInputs& inputs, Console& console)
{
    for (const Finding& finding : inputs.findings) {
        console.finding(finding);
    }
}

PlayInputs read_play_inputs(const PlayRequest& request)
{
    if (!request.scenario.empty()) {
        const auto read = host::read_file(request.scenario, kMaxScenarioBytes);
        if (const Finding* problem = std::get_if<Finding>(&read)) {
            PlayInputs inputs;
            inputs.findings.push_back(*problem);
            return inputs;
        }
        return read_play_inputs(request, request.scenario, std::get<std::string>(read),
                                std::filesystem::path(request.scenario).parent_path().string());
    }
    PlayInputs inputs;
    read_conf(request, {}, {}, {}, inputs);
    inputs.options.zone = host::local_zone();
    take_request(request, inputs);
    return inputs;
}

}  // namespace hasim::cli
