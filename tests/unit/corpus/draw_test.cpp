// Goal: profiles are read strictly; what is drawn from them is plausible, replayable and the same every time; the play
// for corpora writes what the runner of scenarios writes.
#include "corpus/play.hpp"

#include <algorithm>
#include <map>

#include "corpus/profile.hpp"
#include "play/play.hpp"
#include "sim/appliance/appliance.hpp"
#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace hasim::corpus;
using namespace hasim::play;

namespace {

constexpr std::string_view kBusy = R"(profile 1
about   many outages   # and a comment
span    10d
boot    5d
load    60/h
attempts 20
loglen  4096

outage every 4h  long 1m..20m  cable out for D
outage every 9h                reset
outage every 1d  long 2m..6m   reach turn reboot D
outage every 1d  long 10m..1h  reach half power off for D
  during restart
  after 1m..5m recover
outage every 1d  long 10m..1h  lock pin for D
  during restart
  after 1m..5m recover
operation every 12h restart
operation every 1d long 10m..1h exchange
)";

Profile busy()
{
    const ProfileResult result = parse_profile("busy", kBusy);
    REQUIRE(result.ok());
    return result.profile;
}

std::string trouble(std::string_view line)
{
    const ProfileResult result = parse_profile("p", "profile 1\n" + std::string(line) + "\n");
    return result.ok() ? "" : to_text(result.findings.front());
}

struct Drawn {
    corpus::Workstation workstation;
    DrawnPart part;
};

Drawn draw(std::uint64_t seed, std::uint64_t number = 1)
{
    WorkstationShape shape;
    shape.groups = 2;
    shape.most_members = 4;
    shape.processes = 2;
    const Profile profile = busy();
    Drawn drawn{draw_workstation(profile, shape, seed, number), {}};
    PartRequest request;
    request.length = profile.boot;
    request.messages = MessageSet::all;
    drawn.part = draw_part(profile, drawn.workstation, request);
    return drawn;
}

struct Kept final : CorpusTarget {
    void on_record(const LogRecord& record, Duration, std::uint64_t outage) override
    {
        records.push_back(record);
        outages.push_back(outage);
    }
    bool go_on() override { return records.size() < most; }
    std::size_t most = 1000000000;
    std::vector<LogRecord> records;
    std::vector<std::uint64_t> outages;
};

struct Watcher final : WorldObserver {
    void on_log(ClientIndex, const LogRecord& record) override { records.push_back(record); }
    std::vector<LogRecord> records;
};

}  // namespace

TEST_CASE("a profile is read as it is written")
{
    const Profile profile = busy();
    CHECK(profile.about == "many outages");
    CHECK(profile.span == std::chrono::hours(240));
    CHECK(profile.load.count == 60);
    CHECK(profile.attempts == 20);
    CHECK(profile.log_length == 4096);
    REQUIRE(profile.outages.size() == 5);
    CHECK(profile.outages[0].fault.kind == FaultKind::cable_out);
    CHECK(profile.outages[0].length.high == std::chrono::minutes(20));
    CHECK(profile.outages[2].reach == Reach::turn);
    CHECK(profile.outages[3].follow_ups.size() == 2);
    CHECK(profile.outages[4].on_partition);
    CHECK(profile.operations.size() == 2);
}

TEST_CASE("what a profile cannot say is told with its line and a remedy")
{
    CHECK_THAT(to_text(parse_profile("p", "").findings.at(0)),
               ContainsSubstring("begins with the line 'profile 1'"));
    CHECK_THAT(trouble("outrage every 1d"),
               ContainsSubstring("p:2: error: ") && ContainsSubstring("did you mean 'outage'?"));
    CHECK_THAT(trouble("outage every 1d long 5m..1m cable out for D"),
               ContainsSubstring("the shorter first"));
    CHECK_THAT(trouble("outage every 1s long 1m..5m cable out for D"),
               ContainsSubstring("from 1m to 3650d"));
    CHECK_THAT(trouble("outage every 1d cable out for D"), ContainsSubstring("go together"));
    CHECK_THAT(trouble("outage every 1d long 1m..5m cable cut for D"),
               ContainsSubstring("no fault of the scenario language"));
    CHECK_THAT(trouble("outage every 1d long 1m..5m reach all lock pin for D"),
               ContainsSubstring("no reach"));
    CHECK_THAT(trouble("outage every 1d cable out for 20m"),
               ContainsSubstring("'for D' at the end"));
    CHECK_THAT(trouble("outage every 1d delay 200ms"), ContainsSubstring("'for D' at the end"));
    CHECK_THAT(trouble("outage every 1d finalize"),
               ContainsSubstring("network, an appliance or a partition"));
    CHECK_THAT(trouble("after 1m..2m recover"), ContainsSubstring("stand below an outage"));
    CHECK_THAT(trouble("loglen 100000000"), ContainsSubstring("from 1024"));
    CHECK_THAT(trouble("load 1000/s"), ContainsSubstring("at most 100/s"));
    CHECK_THAT(trouble("span 1d nonsense"), ContainsSubstring("'nonsense'"));
    CHECK_THAT(trouble("about nothing"), ContainsSubstring("nothing happens"));
    CHECK_FALSE(parse_profile("p", std::string(kMaxProfileBytes + 1, '\n')).ok());
}

TEST_CASE("the same seed draws the same, another one or another workstation something else")
{
    const std::string one = print(draw(7).part.scenario);
    CHECK(one == print(draw(7).part.scenario));
    CHECK(one != print(draw(8).part.scenario));
    CHECK(one != print(draw(7, 2).part.scenario));
}

TEST_CASE("what is drawn is a good scenario in canonical form")
{
    const auto seed = GENERATE(range(1, 6));
    const Drawn drawn = draw(static_cast<std::uint64_t>(seed));
    const std::string text = print(drawn.part.scenario);
    const ScenarioResult read = parse_scenario("drawn", text);
    CHECK(read.findings.empty());
    CHECK(print(read.scenario) == text);
    CHECK(check(read.scenario, drawn.workstation.settings, "drawn").empty());
    CHECK(drawn.part.outages.size() > 10);
}

TEST_CASE("outages of one appliance do not overlap, and all are over by the end")
{
    const Drawn drawn = draw(3);
    std::map<std::uint32_t, Instant> over;
    std::uint64_t id = 0;
    for (const DrawnOutage& outage : drawn.part.outages) {
        CHECK(outage.id == ++id);
        CHECK(outage.end <= kStart + *drawn.part.scenario.length);
        for (const std::uint32_t appliance : outage.appliances) {
            CHECK(outage.start > over[appliance]);
            over[appliance] = outage.end;
        }
    }
}

TEST_CASE("an outage that ends by itself lasts as long as its fault says, or as it does")
{
    const auto length = [](std::string_view line) {
        const ProfileResult result = parse_profile("p", "profile 1\n" + std::string(line) + "\n");
        REQUIRE(result.ok());
        return result.profile.outages.at(0).length.high;
    };
    CHECK(length("outage every 1d reboot 5m") == std::chrono::minutes(5));
    CHECK(length("outage every 1d ntls restart") == kNtlsRestartTime);
    CHECK(length("outage every 1d long 1m..2m reboot D") == std::chrono::minutes(2));
    CHECK(length("outage every 1d reset") == Duration::zero());
}

TEST_CASE("the play of a corpus writes what a run of its scenario writes")
{
    const Drawn drawn = draw(5);
    Kept kept;
    CorpusPlay play(drawn.workstation, drawn.part, kept);
    const Instant end = play.run();
    CHECK(end == kStart + *drawn.part.scenario.length);

    PlayOptions options;
    options.settings = drawn.workstation.settings;
    options.scenario = parse_scenario("drawn", print(drawn.part.scenario)).scenario;
    VirtualPlay run(options);
    Watcher watcher;
    run.play().world().watch(watcher);
    run.run_until(end_of(options.scenario));
    CHECK(kept.records.size() > 100);
    CHECK(kept.records == watcher.records);
}

TEST_CASE("every drop has an outage behind it that had begun and touched the member")
{
    const Drawn drawn = draw(5);
    Kept kept;
    CorpusPlay(drawn.workstation, drawn.part, kept).run();
    for (std::size_t i = 0; i < kept.records.size(); ++i) {
        const LogRecord& record = kept.records[i];
        if (kept.outages[i] == 0) {
            CHECK((record.form == LogForm::new_member || record.form == LogForm::recovered));
            continue;
        }
        const DrawnOutage& outage = drawn.part.outages.at(kept.outages[i] - 1);
        CHECK(outage.start <= record.at);
        CHECK(std::ranges::find(outage.members, record.member) != outage.members.end());
    }
}

TEST_CASE("a part that is ended early replays to the same lines")
{
    Drawn drawn = draw(5);
    Kept kept;
    kept.most = 40;
    const Instant end = CorpusPlay(drawn.workstation, drawn.part, kept).run();
    CHECK(kept.records.size() >= 40);
    end_part(drawn.part, end);
    Kept again;
    CorpusPlay(drawn.workstation, drawn.part, again).run();
    CHECK(again.records == kept.records);
}
