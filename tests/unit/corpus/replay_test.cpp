// Goal: what a corpus leaves out because it comes to nothing (sim/world_load.cpp) changes no line of it.
// Method: each profile that comes along, played for a corpus, and again with every call of every load.
#include "corpus/profiles.hpp"
#include "sim/corpus_play.hpp"
#include "sim/corpus_profile.hpp"
#include "sim/play.hpp"
#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::sim;

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

}  // namespace

TEST_CASE("the play of a corpus writes what every call of its scenario would write")
{
    for (const corpus::BuiltInProfile& built_in : corpus::built_in_profiles()) {
        INFO(built_in.name);
        const ProfileResult profile = parse_profile(built_in.name, built_in.text);
        REQUIRE(profile.ok());
        WorkstationShape shape;
        shape.groups = 2;
        shape.most_members = 4;
        shape.processes = 2;
        const Workstation workstation = draw_workstation(profile.profile, shape, 11, 1);
        PartRequest request;
        request.length = std::chrono::hours(24 * 10);
        const DrawnPart part = draw_part(profile.profile, workstation, request);
        Records corpus;
        CorpusPlay(workstation, part, corpus).run();

        PlayOptions options;
        options.settings = workstation.settings;
        options.scenario = part.scenario;
        VirtualPlay play(options);
        Records every_call;
        play.play().world().watch(every_call);
        play.run_until(end_of(options.scenario));
        CHECK(every_call.signs > 1000);
        CHECK(corpus.records == every_call.records);
    }
}
