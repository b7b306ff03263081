#include "swarm/story.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/random.hpp"
#include "log/format.hpp"
#include "scenario/faults.hpp"
#include "scenario/topology.hpp"

namespace hasim::swarm {

namespace {

constexpr int kVirtualPlays = 300;
constexpr std::chrono::milliseconds kInitialize{1};

/// The event, or one event for each appliance that it strikes, so that each may be struck at a moment of its own.
std::vector<Event> one_by_one(const Event& event, std::uint32_t appliances)
{
    const scenario::FaultInfo& info = scenario::fault_info(event.fault.kind);
    const bool strikes_all = event.target.kind == Target::Kind::all &&
                             (info.targets & scenario::bit(Target::Kind::hsm)) != 0;
    const bool strikes_some = event.target.kind == Target::Kind::hsm;
    // A pattern goes from one to the next in an order of its own.
    if ((!strikes_all && !strikes_some) || info.chapter == scenario::FaultChapter::pattern) {
        return {event};
    }
    const std::uint32_t first = strikes_all ? 1 : event.target.first;
    const std::uint32_t last = strikes_all ? appliances : event.target.last;
    std::vector<Event> events;
    for (std::uint32_t hsm = first; hsm <= last; ++hsm) {
        events.push_back(event);
        events.back().target.kind = Target::Kind::hsm;
        events.back().target.first = hsm;
        events.back().target.last = hsm;
    }
    return events;
}

/// Whatever may come sooner or later on a real machine does, by up to `late`: the lines of the scenario and what they
/// cause, and the ticks and timeouts next to the calls of the load.
void disturb(play::PlayOptions& options, Random& random, Duration late)
{
    const auto moved = [&](auto time) { return time + random.between(-late, late); };
    Scenario& scenario = options.scenario;
    scenario.seed = random.next();
    const auto appliances = static_cast<std::uint32_t>(
        scenario::Topology(options.settings, scenario.placements).appliances().size());
    std::vector<Event> events;
    for (const Event& whole : scenario.events) {
        for (Event& event : one_by_one(whole, appliances)) {
            if (auto* const at = std::get_if<At>(&event.trigger)) {
                // What comes early may meet a client that starts late, in the middle of its C_Initialize, which takes
                // less than that in virtual time.
                at->at = at->at < kStart + late && random.chance(500)
                             ? kStart + random.between(Duration::zero(), kInitialize)
                             : std::max(kStart, moved(at->at));
            } else if (auto* const on = std::get_if<On>(&event.trigger)) {
                on->after +=
                    random.chance(500) ? random.between(Duration::zero(), late) : Duration::zero();
            }
            if (auto* const every = std::get_if<Every>(&event.trigger)) {
                every->jitter = std::max(every->jitter, std::min(late, every->period / 4));
            }
            events.push_back(std::move(event));
        }
    }
    scenario.events = std::move(events);
    options.settings.ha.recovery_interval = moved(options.settings.ha.recovery_interval);
    options.settings.receive_timeout = moved(options.settings.receive_timeout);
}

/// One play in virtual time; with `late`, a disturbed one.
Story virtual_story(play::PlayOptions options, Random& random, Duration late)
{
    Instant end = end_of(options.scenario);
    if (late > Duration::zero()) {
        disturb(options, random, late);
        end -= random.between(Duration::zero(), late);
    }
    play::VirtualPlay play(options);
    StoryObserver observer;
    play.play().world().watch(observer);
    play.run_until(end);
    return std::move(observer.story);
}

std::string lines_text(const MemberKey& key, const std::vector<Line>& lines)
{
    std::string text;
    for (const auto& [pid, form, attempt, code] : lines) {
        LogRecord record;
        record.pid = pid;
        record.form = form;
        record.group = std::get<1>(key);
        record.member = std::get<2>(key);
        record.attempt = attempt;
        record.code = code;
        std::array<char, log::kMaxLineLength> line{};
        const std::string_view whole(
            line.data(), log::format_line(record, LocalSeconds{}, StampStyle::note, line));
        text += "  " + std::string(whole.substr(whole.find('['))) + "\n";
    }
    return text.empty() ? "  (no line)\n" : text;
}

}  // namespace

void StoryObserver::on_log(sim::ClientIndex client, const LogRecord& record)
{
    story[{client, record.group, record.member}].push_back(
        {record.pid, record.form, record.attempt, record.code});
}

std::string difference(const play::PlayOptions& options, const Story& live, Duration late)
{
    Random random(options.scenario.seed.value_or(1));
    const Story exact = virtual_story(options, random, Duration::zero());
    std::set<MemberKey> open;
    for (const Story* story : {&exact, &live}) {
        for (const auto& [key, lines] : *story) {
            open.insert(key);
        }
    }
    const auto lines_of = [](const Story& story, const MemberKey& key) {
        const auto found = story.find(key);
        return found == story.end() ? std::vector<Line>() : found->second;
    };
    const auto close_what = [&](const Story& story) {
        std::erase_if(open, [&](const MemberKey& key) {
            return lines_of(story, key) == lines_of(live, key);
        });
    };
    close_what(exact);
    for (int play = 0; play < kVirtualPlays && !open.empty(); ++play) {
        close_what(virtual_story(options, random, late));
    }
    std::string report;
    for (const MemberKey& key : open) {
        report += "in virtual time:\n" + lines_text(key, lines_of(exact, key)) + "over TCP:\n" +
                  lines_text(key, lines_of(live, key));
    }
    return report;
}

}  // namespace hasim::swarm
