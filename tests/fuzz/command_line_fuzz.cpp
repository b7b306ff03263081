// Whatever stands on a command line, the frame answers with a value or one line of text, never with an exception.
#include "harness.hpp"

#include "cli/options.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace hasim::cli;

HASIM_FUZZ(command_line)
(const std::uint8_t* data, std::size_t size)
{
    std::vector<std::string> arguments(1);
    for (std::size_t i = 0; i < size; ++i) {
        const char c = static_cast<char>(data[i]);
        if (c == '\n') {
            arguments.emplace_back();
        } else {
            arguments.back() += c;
        }
    }
    std::string conf;
    std::vector<std::string> files;
    std::uint64_t seed = 5;
    double speed = 1;
    bool json = false;
    Options options;
    options.text("--conf", "FILE", conf, "a text");
    options.number("--seed", "N", seed, 1, 9, "a number");
    options.decimal("--speed", "X", speed, 0.5, 2, "a decimal number");
    options.flag("--json", json, "a flag");
    options.positionals("PATH", files, "paths");
    bool help = false;
    const std::string wrong = parse(options, arguments, help);
    const bool in_range = seed >= 1 && seed <= 9 && speed >= 0.5 && speed <= 2;
    const bool complete = help || !wrong.empty() || !files.empty();
    if (!in_range || !complete) {
        std::abort();
    }
    return 0;
}
