#include "sink/rotation_note.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace hasim::sink {
namespace {

constexpr std::string_view kMarkerText =
    "hasim, an HSM simulator, writes the haErrorLog.txt in this directory. Its records tell of "
    "simulated outages.\n";
constexpr std::string_view kNone = "-";

// When the directory was changed: "1511111111.123456789".
std::string change_of(const std::string& directory)
{
    struct stat now {};
    return ::stat(directory.c_str(), &now) != 0
               ? ""
               : fmt::format("{}.{:09}", now.st_mtim.tv_sec, now.st_mtim.tv_nsec);
}

RotationNote::Newest read_directory(const std::string& directory)
{
    RotationNote::Newest newest;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string file = entry->path().filename().string();
        const auto name = log::parse_rotated_name(log::uncompressed_name(file));
        newest = name && newest ? std::max(name, newest) : name ? name : newest;
    }
    return newest;
}

}  // namespace

std::string_view marker_text()
{
    return kMarkerText;
}

std::optional<RotationNote::Newest> RotationNote::noted() const
{
    constexpr std::size_t kLongest = 160;
    std::array<char, kLongest> buffer{};
    const ssize_t got = ::pread(marker_, buffer.data(), buffer.size(), kMarkerText.size());
    const std::string_view text(buffer.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
    std::istringstream line{std::string(text.substr(0, text.find('\n')))};
    std::string name;
    std::string change;
    line >> name >> change;
    if (change.empty() || change != change_of(directory_)) {
        return std::nullopt;
    }
    const Newest newest = log::parse_rotated_name(name);
    if (!newest && name != kNone) {
        return std::nullopt;
    }
    return std::make_optional<Newest>(newest);
}

RotationNote::Newest RotationNote::newest() const
{
    const auto known = noted();
    return known ? *known : read_directory(directory_);
}

void RotationNote::note(const Newest& newest) const
{
    const std::string line =
        fmt::format("{:<50} {:<32}\n", newest ? log::to_text(*newest) : std::string(kNone),
                    change_of(directory_));
    [[maybe_unused]] const ssize_t written =
        ::pwrite(marker_, line.data(), line.size(), kMarkerText.size());
}

}  // namespace hasim::sink
