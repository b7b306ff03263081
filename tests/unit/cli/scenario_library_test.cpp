// Goal: the library of scenarios holds, covers what there is to cover, and tells the truth about it. Method: play every
// file in virtual time; compare what each claims with what it does; look for what nobody claims; docs/coverage.md is
// made from the same values.
#include <algorithm>

#include "cli/scenario_trial.hpp"
#include "log/catalogue.hpp"
#include "scenario_library.hpp"

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"

using namespace hasim;
using namespace hasim::test;

namespace {

std::vector<std::string> who_claims(const std::string& claim)
{
    std::vector<std::string> paths;
    for (const LibraryScenario& scenario : library()) {
        if (std::find(scenario.claims.begin(), scenario.claims.end(), claim) !=
            scenario.claims.end()) {
            paths.push_back(scenario.path);
        }
    }
    return paths;
}

/// "name, name": the scenarios that claim it, as links from docs/.
std::string links_to(const std::string& claim)
{
    std::string text;
    for (const std::string& path : who_claims(claim)) {
        const std::string folder = "tests/scenarios/";
        const std::size_t start = path.starts_with(folder) ? folder.size() : 0;
        const std::string name = path.substr(start, path.size() - start - 6);
        text += (text.empty() ? "[" : ", [") + name + "](../" + path + ")";
    }
    return text;
}

/// The claim without its first word, and without quotes.
std::string shown(const std::string& claim)
{
    std::string text = claim.substr(claim.find(' ') + 1);
    return text.front() == '"' ? text.substr(1, text.size() - 2) : text;
}

std::string table(const std::string& title, const std::vector<std::string>& claims)
{
    std::string text = "| " + title + " | scenarios |\n| --- | --- |\n";
    for (const std::string& claim : claims) {
        text += "| " + shown(claim) + " | " + links_to(claim) + " |\n";
    }
    return text;
}

std::string page()
{
    const Coverable all = all_there_is();
    std::string text =
        "# What the scenarios cover\n\n"
        "<!-- Made from the scenarios themselves; the tests write it anew with "
        "HASIM_UPDATE_GOLDEN=1. -->\n\n"
        "Every scenario of tests/scenarios opens with what it covers. The tests play each of them, "
        "hold what it "
        "says of faults,\nlines and edges against what it does, and fail when something below has "
        "no scenario.\n\n"
        "## The note, sentence by sentence\n\n";
    text += table("the note says", all.sentences);
    text += "\nHeld elsewhere:\n\n";
    for (const auto& [sentence, where] : all.elsewhere) {
        text += "- \"" + sentence + "\": " + where + "\n";
    }
    text +=
        "\n## Messages\n\nHALOG_RECOVERYEXHAUSTED stands for the second line of "
        "HALOG_RECOVERYFAILED.\n\n";
    text += table("message", all.messages);
    text +=
        "\n## Faults\n\nTheir meaning: [faults.md](faults.md).\n\n" + table("fault", all.faults);
    text += "\n## Edges of the life of a member\n\nTheir meaning: [states.md](states.md).\n\n";
    return text + table("edge", all.edges);
}

}  // namespace

TEST_CASE("every scenario of the library holds in virtual time")
{
    REQUIRE(library_files().size() >= 100);
    for (const std::string& file : library_files()) {
        const cli::Trial trial = cli::try_scenario((source_dir() / file).string(), {});
        INFO(trial.report);
        CHECK(trial.outcome == cli::Trial::Outcome::passed);
        CHECK(trial.expectations >= 2);
    }
}

TEST_CASE("every scenario of the library is canonical, and says what it is about")
{
    for (const LibraryScenario& one : library()) {
        INFO(one.path);
        const Scenario& scenario = one.inputs.options.scenario;
        for (const Finding& finding : one.inputs.findings) {
            CHECK(finding.severity == Severity::note);
        }
        CHECK(print(scenario) == one.inputs.scenario_text);
        CHECK(scenario.log.has_value());
        CHECK_FALSE(scenario.opening.empty());
        if (!one.path.starts_with("examples/")) {
            CHECK_FALSE(one.claims.empty());
        }
    }
}

TEST_CASE("no scenario claims what there is not, or what it does not do")
{
    const Coverable all = all_there_is();
    for (const LibraryScenario& one : library()) {
        for (const std::string& claim : one.claims) {
            INFO(one.path << ": " << claim);
            if (claim.starts_with("note ")) {
                CHECK(std::count(all.sentences.begin(), all.sentences.end(), claim) == 1);
            } else {
                CHECK(one.facts.contains(claim));
            }
        }
    }
}

TEST_CASE("every sentence, message, fault and edge has a scenario")
{
    const Coverable all = all_there_is();
    for (const auto* claims : {&all.sentences, &all.messages, &all.faults, &all.edges}) {
        for (const std::string& claim : *claims) {
            INFO(claim);
            CHECK_FALSE(who_claims(claim).empty());
        }
    }
}

TEST_CASE("both sets of messages have scenarios for every line they write")
{
    for (const MessageSet set : {MessageSet::current, MessageSet::all}) {
        std::set<std::string> written;
        for (const LibraryScenario& one : library()) {
            if (one.inputs.options.scenario.messages.value_or(MessageSet::current) == set) {
                written.insert(one.facts.begin(), one.facts.end());
            }
        }
        for (const log::Message& message : log::kCatalogue) {
            if (set == MessageSet::all || message.status == log::MessageStatus::current) {
                INFO(message.id << (set == MessageSet::all ? " with all" : " with 6.2.2"));
                CHECK(written.contains("message HALOG_" + std::string(word_of(message.form))));
            }
        }
    }
}

TEST_CASE("docs/coverage.md is what the scenarios say")
{
    matches_golden("../../docs/coverage.md", page());
}
