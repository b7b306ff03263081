/// A world in virtual time with everything that watches one.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "conf/configuration.hpp"
#include "monitor/line_waits.hpp"
#include "monitor/metrics.hpp"
#include "monitor/recorder.hpp"
#include "monitor/state.hpp"
#include "monitor/world_events.hpp"
#include "play/play.hpp"
#include "support/catch.hpp"

namespace hasim::test {

inline constexpr std::string_view kTwoMembers =
    "VirtualToken = {\nVirtualToken00Label = g<b>\"x;\nVirtualToken00SN = 99;\n"
    "VirtualToken00Members = 11, 12;\nVirtualTokenActiveRecovery = activeEnhanced;\n}\n"
    "HAConfiguration = {\nreconnAtt = 3;\n}\n";

struct Watched {
    explicit Watched(const std::string& header = {}, std::string_view conf = kTwoMembers)
        : play(options(header, conf))
    {
        for (sim::WorldObserver* const one : {static_cast<sim::WorldObserver*>(&summary),
                                              static_cast<sim::WorldObserver*>(&recorder),
                                              static_cast<sim::WorldObserver*>(&metrics),
                                              static_cast<sim::WorldObserver*>(&events)}) {
            play.play().world().watch(*one);
        }
        play.play().writer().add(events);
        play.play().writer().add(waits);
    }

    static play::PlayOptions options(const std::string& header, std::string_view conf)
    {
        play::PlayOptions options;
        options.settings = conf::read(conf, "test").settings;
        ScenarioResult parsed = parse_scenario(
            "t", "hasim 1\nstart 2017-10-04T00:00:00Z\nload sign 10/s threads 1\n" + header);
        for (const Finding& finding : parsed.findings) {
            FAIL(to_text(finding));
        }
        options.scenario = std::move(parsed.scenario);
        options.start = *options.scenario.start;
        return options;
    }

    /// Gives a line at a moment, as a user does.
    void give(std::string_view line, std::chrono::milliseconds at)
    {
        play.run_until(kStart + at);
        const EventResult read = parse_event_line(line);
        REQUIRE(read.event);
        sim::World& told = play.play().world();
        REQUIRE(told.check(read.event->fault, read.event->target).empty());
        if (const auto* const later = std::get_if<At>(&read.event->trigger)) {
            told.apply_at(later->at, read.event->fault, read.event->target);
        } else {
            REQUIRE(told.apply(read.event->fault, read.event->target, kStart + at).empty());
        }
        recorder.given(*read.event, kStart + at);
    }

    void run_until(std::chrono::milliseconds moment) { play.run_until(kStart + moment); }

    play::VirtualPlay play;
    const sim::World* world = &play.play().world();
    play::Summary summary{play.play().world()};
    monitor::State state{
        play.play().world(),
        summary,
        {"1.2.3", "run", 7, "/a/Chrystoki.conf", "", {}, 2.5, play.play().options().start},
        [](ApplianceIndex index) { return "127.0.0.1:" + std::to_string(index); },
        [] {
            return monitor::LogCounts{100, 2, {}};
        }};
    monitor::EventFeed feed;
    monitor::WorldEvents events{play.play().world(), state, feed};
    monitor::LineWaits waits{play.play().world()};
    monitor::Recorder recorder{play.play().world(), play.play().options(),
                               std::string(kTwoMembers)};
    monitor::Metrics metrics{play.play().world(), summary, state};
};

}  // namespace hasim::test
