#include "scenario_library.hpp"

#include <algorithm>
#include <filesystem>

#include "ha/transitions.hpp"
#include "log/catalogue.hpp"
#include "play/play.hpp"
#include "scenario/faults.hpp"

#include "support/environment.hpp"

namespace hasim::test {

namespace {

constexpr std::string_view kCovers = "covers: ";
constexpr std::string_view kOutage = "outage: ";

std::string edge_text(std::string_view from, ha::Cause cause, MemberState to)
{
    return "edge " + std::string(from) + " -" + std::string(name_of(cause)) + "-> " +
           std::string(name_of(to));
}

std::string message_text(LogForm form)
{
    return "message HALOG_" + std::string(word_of(form));
}

/// Writes down which edges are taken and which forms of lines are written.
class Witness final : public sim::WorldObserver {
public:
    explicit Witness(std::set<std::string>& facts) : facts_(facts) {}

    void on_log(sim::ClientIndex, const LogRecord& record) override
    {
        facts_.insert(message_text(record.form));
    }

    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant) override
    {
        const auto [entry, unknown] =
            states_.try_emplace({client, group, change.member}, change.to);
        // A member of an initialisation anew is new, whatever it was before.
        const bool is_new = unknown || change.cause == ha::Cause::initialized;
        facts_.insert(edge_text(is_new ? "new" : name_of(entry->second), change.cause, change.to));
        entry->second = change.to;
    }

private:
    std::set<std::string>& facts_;
    std::map<std::tuple<sim::ClientIndex, sim::GroupIndex, Serial>, MemberState> states_;
};

}  // namespace

std::vector<std::string> library_files()
{
    std::vector<std::string> files;
    for (const char* folder : {"examples", "tests/scenarios"}) {
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(source_dir() / folder)) {
            if (entry.path().extension() == ".hasim") {
                files.push_back(std::filesystem::relative(entry.path(), source_dir()).string());
            }
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

LibraryScenario play_of_library(const std::string& path)
{
    LibraryScenario one;
    one.path = path;
    cli::PlayRequest request;
    request.scenario = (source_dir() / path).string();
    one.inputs = cli::read_play_inputs(request);
    const Scenario& scenario = one.inputs.options.scenario;
    for (const std::string& comment : scenario.opening) {
        if (comment.starts_with(kCovers)) {
            one.claims.push_back(comment.substr(kCovers.size()));
        } else if (comment.starts_with(kOutage)) {
            one.outage = comment.substr(kOutage.size());
        }
    }
    for (const Event& event : scenario.events) {
        one.facts.insert("fault " + std::string(scenario::fault_info(event.fault.kind).words));
    }
    if (one.inputs.ok()) {
        play::VirtualPlay play(one.inputs.options);
        Witness witness(one.facts);
        play.play().world().watch(witness);
        play.run_until(end_of(scenario));
    }
    return one;
}

const std::vector<LibraryScenario>& library()
{
    static const std::vector<LibraryScenario> scenarios = [] {
        std::vector<LibraryScenario> all;
        for (const std::string& file : library_files()) {
            all.push_back(play_of_library(file));
        }
        return all;
    }();
    return scenarios;
}

Coverable all_there_is()
{
    Coverable all;
    const std::string note = read_file(source_dir() / "tests/scenarios/note.txt");
    for (std::size_t at = 0; at < note.size();) {
        const std::size_t end = std::min(note.find('\n', at), note.size());
        const std::string line = note.substr(at, end - at);
        at = end + 1;
        const std::size_t arrow = line.find(" -> ");
        if (line.empty() || line.front() == '#') {
            continue;
        }
        if (arrow != std::string::npos) {
            all.elsewhere.emplace_back(line.substr(0, arrow), line.substr(arrow + 4));
        } else {
            all.sentences.push_back("note \"" + line + "\"");
        }
    }
    for (const log::Message& message : log::kCatalogue) {
        all.messages.push_back(message_text(message.form));
    }
    for (const scenario::FaultInfo& fault : scenario::fault_table()) {
        all.faults.push_back("fault " + std::string(fault.words));
    }
    for (const ha::Transition& edge : ha::kTransitions) {
        all.edges.push_back(
            edge_text(edge.from ? name_of(*edge.from) : "new", edge.cause, edge.to));
    }
    return all;
}

}  // namespace hasim::test
