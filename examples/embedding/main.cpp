// Breaks a cable in virtual time, and looks at what the application and the log saw of it.
#include <hasim/world.hpp>

#include <iostream>
#include <string_view>

namespace {

constexpr std::string_view kConf = R"(VirtualToken = {
VirtualToken00Label = haGroup1;
VirtualToken00SN = 11234840370164;
VirtualToken00Members = 1234840370164, 1234924189183;
VirtualTokenActiveRecovery = activeEnhanced;
}
HAConfiguration = {
reconnAtt = 120;
}
)";

}  // namespace

int main()
{
    using namespace std::chrono_literals;

    hasim::SimResult made = hasim::Sim::from_conf(kConf);
    if (!made.sim) {
        for (const hasim::Finding& finding : made.findings) {
            std::cerr << hasim::to_text(finding) << '\n';
        }
        return 2;
    }
    hasim::Sim& sim = *made.sim;
    sim.load("sign 50/s threads 4").expect("ops lost 0");
    sim.at(10s).cable_out("hsm2");
    sim.run_until(35s);
    const bool dropped = sim.state("1234924189183") == hasim::MemberState::dropped;

    sim.at(40s).cable_in("hsm2");
    sim.run_until(100s);
    const bool back = sim.state("1234924189183") == hasim::MemberState::active;

    for (const std::string& line : sim.lines()) {
        std::cout << line << '\n';
    }
    std::cout << sim.counters().done << " signatures, " << sim.counters().lost << " lost\n";
    for (const std::string& problem : sim.problems()) {
        std::cerr << problem << '\n';
    }
    const bool good = dropped && back && sim.problems().empty() && sim.broken().empty();
    return good ? 0 : 1;
}
