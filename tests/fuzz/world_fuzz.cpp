// Gives any lines to a world, as `hasim ctl` does, at moments drawn from the bytes. Holds: each line is obeyed or
// refused with a reason, no invariant breaks, and every call returns once all is healed. An input plays up to some
// minutes of a world, which is what bounds its rate.
#include "harness.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "conf/configuration.hpp"
#include "hasim/scenario.hpp"
#include "play/play.hpp"
#include "swarm/checked_play.hpp"

namespace {

using namespace hasim;
using namespace std::chrono_literals;

constexpr std::size_t kMostLines = 12;

play::PlayOptions options()
{
    constexpr std::string_view kConf =
        "VirtualToken = {\n VirtualToken00Label = haGroup1;\n VirtualToken00SN = 11;\n"
        " VirtualToken00Members = 101, 102;\n VirtualTokenActiveRecovery = activeEnhanced;\n}\n"
        "HAConfiguration = {\n haLogStatus = enabled;\n haLogPath = halog;\n reconnAtt = -1;\n"
        " AutoReconnectInterval = 60;\n}\n";
    play::PlayOptions options;
    options.settings = conf::read(kConf, "fuzz.conf").settings;
    options.scenario = parse_scenario("fuzz", "hasim 1\nload sign 6/m threads 2\n").scenario;
    return options;
}

/// Patterns of long life belong to a run, not to an input of a fuzzer.
bool is_short(const Event& event)
{
    return event.fault.kind != FaultKind::flap_cable && event.fault.kind != FaultKind::flap_ntls;
}

}  // namespace

HASIM_FUZZ(world)
(const std::uint8_t* data, std::size_t size)
{
    static const play::PlayOptions kOptions = options();
    play::VirtualPlay virtual_play(kOptions);
    play::Play& play = virtual_play.play();
    swarm::Invariants invariants(play.world());
    swarm::LineLegality legality(play.world(), invariants);
    play.world().watch(invariants);
    play.world().watch(legality);

    std::string_view rest(reinterpret_cast<const char*>(data), size);
    Instant now = kStart + 1s;
    for (std::size_t lines = 0; !rest.empty() && lines < kMostLines; ++lines) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        now += std::chrono::milliseconds((line.size() * 7919) % 30000);
        virtual_play.run_until(now);
        const EventResult read = parse_event_line(line);
        HASIM_ASSERT(read.event.has_value() == read.findings.empty());
        if (read.event && is_short(*read.event)) {
            static_cast<void>(play.world().apply(read.event->fault, read.event->target, now));
        }
        HASIM_ASSERT(!invariants.broken());
    }
    virtual_play.run_until(now + 30s);
    if (const auto& broken = invariants.broken()) {
        assertion_failed(broken->text.c_str(), "world_fuzz", 0);
    }
    return 0;
}
