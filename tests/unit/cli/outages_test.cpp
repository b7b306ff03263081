// Goal: the table of outages in the manual is what happens. Method: play each scenario that names an outage in both
// recovery modes, write down what C_Sign returned, and compare with docs/outages.md.
#include <optional>

#include <fmt/format.h>

#include "hasim/code.hpp"
#include "play/play.hpp"
#include "scenario/values.hpp"
#include "scenario_library.hpp"

#include "support/catch.hpp"
#include "support/golden.hpp"

using namespace hasim;
using namespace hasim::test;

namespace {

constexpr Duration kLong = std::chrono::seconds(1);  ///< a call in health takes about a millisecond

/// What the application saw of an outage.
class Caller final : public sim::WorldObserver {
public:
    void on_call(const sim::CallReport& report) override
    {
        if (report.kind != sim::CallKind::sign) {
            return;
        }
        last_ = report;
        const bool failed = report.code != Code::ok;
        if (!first_ && (failed || report.moves > 0 || report.returned - report.called >= kLong)) {
            first_ = report;
        }
        if (failed) {
            ++failures_;
            first_failure_ = first_failure_.value_or(report.returned);
            last_failure_ = report.returned;
            codes_.insert(std::string(name_of(report.code)));
        }
    }

    [[nodiscard]] std::string cells() const
    {
        if (!first_ || !last_) {
            return "CKR_OK | at once | none | CKR_OK";
        }
        std::string failures = "none";
        if (failures_ > 0) {
            failures.clear();
            for (const std::string& code : codes_) {
                failures += (failures.empty() ? "" : ", ") + code;
            }
            const auto seconds =
                std::chrono::round<std::chrono::seconds>(last_failure_ - *first_failure_);
            failures += failures_ == 1 ? ", once" : fmt::format(", for {} s", seconds.count());
        }
        return fmt::format("{} | {} | {} | {}", name_of(first_->code), took(*first_), failures,
                           name_of(last_->code));
    }

private:
    static std::string took(const sim::CallReport& report)
    {
        const Duration duration = report.returned - report.called;
        return duration < kLong
                   ? "at once"
                   : fmt::format("{} s",
                                 std::chrono::round<std::chrono::seconds>(duration).count());
    }

    std::optional<sim::CallReport> first_;
    std::optional<sim::CallReport> last_;
    std::optional<Instant> first_failure_;
    Instant last_failure_{};
    std::uint64_t failures_ = 0;
    std::set<std::string> codes_;
};

std::string row(const LibraryScenario& scenario, RecoveryMode mode)
{
    play::PlayOptions options = scenario.inputs.options;
    options.settings.ha.recovery_mode = mode;
    play::VirtualPlay play(options);
    Caller caller;
    play.play().world().watch(caller);
    play.run_until(end_of(options.scenario));
    return fmt::format("| [{}](../{}) | {} | {} |\n", scenario.outage, scenario.path,
                       mode == RecoveryMode::active_basic ? "activeBasic" : "activeEnhanced",
                       caller.cells());
}

}  // namespace

TEST_CASE("docs/outages.md is what C_Sign returns")
{
    std::string page =
        "# What C_Sign returns\n\n"
        "<!-- Made by playing the scenarios; the tests write it anew with HASIM_UPDATE_GOLDEN=1. "
        "-->\n\n"
        "Outage by outage, in both recovery modes. Each is played in virtual time as its scenario "
        "tells it (most last 80 s,\n"
        "from 10 s to 90 s, with a tick every 60 s, ReceiveTimeout 20 s, and no C_Finalize on the "
        "way). \"At once\" is under\n"
        "a second. Which code an appliance gives in which case is (chosen); see "
        "[behaviour.md](behaviour.md).\n\n"
        "| outage | recovery mode | the first C_Sign that meets it returns | after | calls that "
        "fail | the last C_Sign of "
        "the run returns |\n| --- | --- | --- | --- | --- | --- |\n";
    std::size_t outages = 0;
    for (const LibraryScenario& scenario : library()) {
        if (!scenario.outage.empty()) {
            ++outages;
            page += row(scenario, RecoveryMode::active_basic);
            page += row(scenario, RecoveryMode::active_enhanced);
        }
    }
    CHECK(outages >= 15);
    matches_golden("../../docs/outages.md", page);
}
