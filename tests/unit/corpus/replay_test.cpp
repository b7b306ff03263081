// Goal: what a corpus leaves out because it comes to nothing (sim/world/world_load.cpp) changes no line of it.
// Method: each profile that comes along, played for a corpus, and again with every call of every load.
#include "corpus/play.hpp"
#include "corpus/profile.hpp"
#include "corpus/profiles.hpp"
#include "play/play.hpp"
#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace hasim::corpus;
using namespace hasim::play;

namespace {

class Records final : public CorpusTarget, public WorldObserver {
public:
    void on_record(const LogRecord& record, Duration, std::uint64_t) override
    {
        records.push_back(record);
    }
    bool go_on() override { return true; }
    void on_log(ClientIndex, const LogRecord& record) override { records.push_back(record); }
    void on_call(const CallReport& report) override
    {
        signs += report.kind == CallKind::sign ? 1U : 0U;
    }

    std::vector<LogRecord> records;
    std::uint64_t signs = 0;
};

constexpr std::string_view kEverySecond = R"(profile 1
span 2d
load 60/m
outage every 3h long 1m..9m cable out for D
outage every 4h long 10m..40m flap ntls period 70.0001s duty 30% for D
outage every 4h long 10m..40m flap cable period 70s duty 33% for D
outage every 5h long 5m..20m slow 900 for D
outage every 6h reboot 90s
operation every 5h restart
operation every 6h recover
operation every 7h long 10m..1h exchange
)";

/// Plays a part of this profile for a corpus, and again with every call.
void compare(std::string_view text, Duration length, std::uint64_t seed)
{
    const ProfileResult profile = parse_profile("profile", text);
    CAPTURE(profile.ok() ? std::string() : to_text(profile.findings.front()));
    REQUIRE(profile.ok());
    WorkstationShape shape;
    shape.groups = 2;
    shape.most_members = 4;
    shape.processes = 2;
    const corpus::Workstation workstation = draw_workstation(profile.profile, shape, seed, 1);
    PartRequest request;
    request.length = length;
    const DrawnPart part = draw_part(profile.profile, workstation, request);
    Records corpus;
    CorpusPlay corpus_play(workstation, part, corpus);
    corpus_play.run();

    PlayOptions options;
    options.settings = workstation.settings;
    options.scenario = part.scenario;
    VirtualPlay play(options);
    Records every_call;
    play.play().world().watch(every_call);
    play.run_until(end_of(options.scenario));
    CHECK(every_call.signs > 1000);
    // A call that is played takes four at least, so most of them were left out; attempts have theirs.
    CHECK(corpus_play.events() < 2 * every_call.signs + 10 * every_call.records.size());
    CHECK(corpus.records == every_call.records);
}

}  // namespace

TEST_CASE("the play of a corpus writes what every call of its scenario would write")
{
    for (const corpus::BuiltInProfile& built_in : corpus::built_in_profiles()) {
        for (const std::uint64_t seed : {11U, 12U}) {
            INFO(built_in.name << " " << seed);
            compare(built_in.text, std::chrono::hours(24 * 10), seed);
        }
    }
}

TEST_CASE("the same with a call every second, and with faults between the seconds")
{
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        INFO(seed);
        compare(kEverySecond, std::chrono::hours(24), seed);
    }
}
