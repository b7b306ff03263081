// Plays scenarios in virtual time on the pure core alone, in UTC. Exits with 0 when all hold, with 1 when one does not,
// with 2 when one cannot be played.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "conf/configuration.hpp"
#include "hasim/scenario.hpp"
#include "play/play.hpp"

using namespace hasim;

namespace {

std::string content(const std::filesystem::path& path)
{
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

int play_one(const std::filesystem::path& path)
{
    const ScenarioResult read = parse_scenario(path.string(), content(path));
    const auto* file = std::get_if<ConfPath>(&read.scenario.conf);
    const auto* text = std::get_if<ConfText>(&read.scenario.conf);
    if (!read.ok() || (file == nullptr && text == nullptr)) {
        std::fprintf(stderr, "%s cannot be played\n", path.c_str());
        return 2;
    }
    play::PlayOptions options;
    options.settings =
        conf::read(text != nullptr ? text->text : content(path.parent_path() / file->path), "conf")
            .settings;
    options.scenario = read.scenario;
    options.start = read.scenario.start.value_or(WallTime{});
    options.fallback = parse_load("sign 10/s threads 2").load;
    play::VirtualPlay play(options);
    play.run_until(end_of(read.scenario));
    const std::vector<play::Broken> broken = play.play().runner().judge({});
    for (const play::Broken& one : broken) {
        std::printf("%s:%u: %s\n", path.c_str(), one.place.line, one.text.c_str());
    }
    return broken.empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments)
{
    int worst = count < 2 ? 2 : 0;
    for (int index = 1; index < count; ++index) {
        worst = std::max(worst, play_one(arguments[index]));
    }
    return worst;
}
