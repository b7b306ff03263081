/// Draws what happens on the workstations of a corpus: first each workstation itself (serials,
/// processes), then its life, part by part. A part is what lies between two restarts of the
/// workstation: one scenario. Everything comes from seeds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "corpus/profile.hpp"
#include "hasim/scenario.hpp"
#include "hasim/settings.hpp"

namespace hasim::corpus {

/// The size of a workstation.
struct WorkstationShape {
    std::uint64_t groups = 1;         ///< 1 to 100
    std::uint64_t least_members = 2;  ///< of a group, 1 to 32
    std::uint64_t most_members = 3;
    std::uint64_t processes = 1;  ///< 1 to 64
};

struct Workstation {
    std::uint64_t seed = 0;
    std::string conf;  ///< text of its Chrystoki.conf
    Settings settings;
    std::uint32_t appliances = 0;
    std::uint64_t processes = 1;
};

/// "ws-0001".
[[nodiscard]] std::string workstation_name(std::uint64_t number);

/// Workstation `number` (from 1) of the corpus with that seed: the same, whichever others are made.
[[nodiscard]] Workstation draw_workstation(const Profile& profile, const WorkstationShape& shape,
                                           std::uint64_t corpus_seed, std::uint64_t number);

struct DrawnOutage {
    std::uint64_t id = 0;                   ///< from 1 on each workstation, by start
    std::string kind;                       ///< the fault's words: "cable out"
    std::vector<std::uint32_t> appliances;  ///< from 1
    Serial partition;                       ///< empty: not a partition's fault
    std::vector<Serial> members;            ///< whose lines it causes
    Instant start{};
    Instant end{};
};

/// From `at` on, lines about `member` are caused by that outage; 0: by none.
struct Cause {
    Instant at{};
    Serial member{};
    std::uint64_t outage = 0;
};

struct DrawnPart {
    Scenario scenario;  ///< with its length; a runner adds nothing but the load's beat
    std::vector<DrawnOutage> outages;  ///< by start
    std::vector<Cause> causes;         ///< by time
};

/// How long a workstation's restart between two parts takes (chosen).
inline constexpr Duration kBootTime = std::chrono::seconds(60);

struct PartRequest {
    std::uint64_t number = 1;  ///< of the part, from 1
    WallTime start{};
    Duration length{};
    std::uint64_t first_outage = 1;
    std::string timezone;
    MessageSet messages = MessageSet::current;
    StampStyle stamp = StampStyle::note;
    std::uint32_t clock_jumps = 0;
};

/// The part may be shorter than asked for: a scenario holds only so many events.
[[nodiscard]] DrawnPart draw_part(const Profile& profile, const Workstation& workstation,
                                  const PartRequest& request);

/// Cuts a part off behind `end`, which becomes its length.
void end_part(DrawnPart& part, Instant end);

}  // namespace hasim::corpus
