/// Small worlds of one group, played in virtual time.
#pragma once

#include <string>
#include <vector>

#include "play/play.hpp"
#include "support/catch.hpp"
#include "support/serial.hpp"

namespace hasim::test {

/// Group g, 100, with the members 11 on hsm1 and 12 on hsm2; 3 recovery attempts.
inline Settings two_members()
{
    Settings settings;
    GroupSettings group;
    group.label = "g";
    group.serial = serial("100");
    group.members = {serial("11"), serial("12")};
    settings.groups = {group};
    settings.ha.recovery_attempts = 3;
    return settings;
}

inline play::PlayOptions play_of(const Settings& settings, const std::string& text)
{
    ScenarioResult parsed = parse_scenario("test.hasim", "hasim 1\n" + text);
    for (const Finding& finding : parsed.findings) {
        FAIL(to_text(finding));
    }
    play::PlayOptions options;
    options.settings = settings;
    options.scenario = std::move(parsed.scenario);
    return options;
}

/// The lines of a run from "HA group" on.
inline std::vector<std::string> texts(play::VirtualPlay& play)
{
    std::vector<std::string> texts;
    for (const std::string& line : play.play().runner().lines()) {
        texts.push_back(line.substr(line.find("HA group: ") + 10));
    }
    return texts;
}

}  // namespace hasim::test
