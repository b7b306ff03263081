// What live runs have in common: who they are, and the doors through which they are asked and steered.
#include <utility>

#include "cli/run_request.hpp"

namespace hasim::cli {

std::variant<Doors, std::string> open_doors(LiveStage& stage, Desk& desk, const RunFacts& facts,
                                            const HttpRequest& http)
{
    Doors doors;
    doors.ctl = std::make_unique<CtlDoor>(stage, desk, facts);
    doors.no_ctl = doors.ctl->open();
    if (http.address) {
        doors.http = std::make_unique<HttpDoor>(stage, desk);
        if (std::string problem = doors.http->open(http); !problem.empty()) {
            return problem;
        }
    }
    return doors;
}

monitor::About about_run(const RunFacts& facts, std::string mode, WallTime epoch)
{
    return {HASIM_VERSION, std::move(mode), facts.process, facts.configuration,
            facts.log,     facts.since,     facts.speed,   epoch};
}

}  // namespace hasim::cli
