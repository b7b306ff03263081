#include "lab/lab_file.hpp"

#include <charconv>

#include <fmt/format.h>

#include "host/read_file.hpp"

namespace hasim::lab {

namespace {

constexpr double kLeastSpeed = 0.001;
constexpr double kMostSpeed = 100'000;

std::string_view cut_word(std::string_view& line)
{
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

void read_line(std::string_view line, LabFile& file)
{
    const std::string_view key = cut_word(line);
    if (key == "control") {
        file.control = line;
    } else if (key == "speed") {
        double speed = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), speed);
        if (error == std::errc{} && speed >= kLeastSpeed && speed <= kMostSpeed) {
            file.speed = speed;
        }
    } else if (key == "clock") {
        const std::string_view steady = cut_word(line);
        std::int64_t at = 0;
        std::int64_t wall = 0;
        if (std::from_chars(steady.data(), steady.data() + steady.size(), at).ec == std::errc{} &&
            std::from_chars(line.data(), line.data() + line.size(), wall).ec == std::errc{}) {
            file.steady_at_start = at;
            file.wall_at_start = wall;
        }
    } else if (key == "place") {
        const auto serial = Serial::parse(cut_word(line));
        std::uint32_t number = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
        if (serial && error == std::errc{} && number > 0) {
            file.placements.push_back({{}, *serial, number});
        }
    }
}

}  // namespace

std::string text_of(const LabFile& file)
{
    std::string text = fmt::format("speed {}\n", file.speed);
    if (file.steady_at_start != 0) {
        text += fmt::format("clock {} {}\n", file.steady_at_start, file.wall_at_start);
    }
    if (!file.control.empty()) {
        text += fmt::format("control {}\n", file.control);
    }
    for (const Placement& placement : file.placements) {
        text += fmt::format("place {} {}\n", placement.member.text(), placement.hsm);
    }
    return text;
}

LabFile lab_file_of(std::string_view text)
{
    LabFile file;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        read_line(text.substr(0, end), file);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return file;
}

LabFile read_lab_file(const std::string& directory)
{
    const auto text = host::read_file(directory + "/" + std::string(kLabFileName), kMaxLabFileBytes,
                                      host::Content::text, host::From::regular_file);
    const std::string* const found = std::get_if<std::string>(&text);
    return found == nullptr ? LabFile{} : lab_file_of(*found);
}

}  // namespace hasim::lab
