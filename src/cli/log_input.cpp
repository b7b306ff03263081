#include "cli/log_input.hpp"

#include <filesystem>

#include "cli/conf_file.hpp"
#include "host/zone_loader.hpp"
#include "log/rotation.hpp"
#include "logtools/log_set.hpp"

namespace hasim::cli {

namespace {

/// The first directory in `directory` that holds a log, as each workstation's in a corpus does; empty when none does.
std::string log_below(const std::string& directory)
{
    namespace fs = std::filesystem;
    std::string first;
    std::error_code error;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        const std::string path = entry->path().string();
        if ((first.empty() || path < first) &&
            fs::exists(entry->path() / log::kLogFileName, ignored)) {
            first = path;
        }
    }
    return first;
}

}  // namespace

void declare_log_files(Options& options, std::vector<std::string>& files)
{
    options.positionals("FILE", files, "HA logs, directories that hold one, or -");
}

std::optional<std::vector<std::string>> log_files(const std::vector<std::string>& arguments,
                                                  Console& console)
{
    auto files = logtools::files_meant(arguments);
    if (const auto* const finding = std::get_if<Finding>(&files)) {
        const std::string below = log_below(finding->file);
        console.error(finding->file + ": " + finding->text +
                      (below.empty() ? "" : ", or a directory with a log, such as " + below));
        return std::nullopt;
    }
    auto& meant = std::get<logtools::LogFiles>(files);
    for (const std::string& note : meant.notes) {
        console.info(note);
    }
    return std::move(meant.files);
}

void declare_timezone(Options& options, std::string& name)
{
    options.text("--timezone", "NAME", name,
                 "the client's zone, such as America/New_York, so that the end of summer time is "
                 "known; without it a clock that goes back was set");
}

bool read_timezone(const std::string& name, std::optional<Zone>& zone, Console& console)
{
    if (name.empty()) {
        return true;
    }
    auto loaded = host::load_zone(name);
    if (const auto* const wrong = std::get_if<std::string>(&loaded)) {
        console.error("--timezone: " + *wrong);
        return false;
    }
    zone = std::get<Zone>(std::move(loaded));
    return true;
}

void declare_log_conf(Options& options, std::string& path)
{
    options.text("--conf", "FILE", path,
                 "the client's Chrystoki.conf or crystoki.ini: brings the groups' labels, and the "
                 "members that never failed");
}

std::optional<std::vector<GroupSettings>> read_groups(const std::string& path, Console& console)
{
    if (path.empty()) {
        return std::vector<GroupSettings>{};
    }
    auto configuration = load_configuration(path, console);
    if (!configuration) {
        return std::nullopt;
    }
    for (const Finding& finding : configuration->findings) {
        if (finding.severity == Severity::error) {
            console.diagnostic(to_text(finding));
        }
    }
    return configuration->ok() ? std::optional(std::move(configuration->settings.groups))
                               : std::nullopt;
}

ExitCode log_input_failed(const Finding& failure, Console& console)
{
    console.error(failure.file + ": " + failure.text);
    return ExitCode::usage;
}

bool ResultBuffer::go_on()
{
    constexpr std::size_t kMuch = 256 * 1024;
    if (text_.size() < kMuch) {
        return true;
    }
    finish();
    return console_.good();
}

void ResultBuffer::flush()
{
    if (!text_.empty()) {
        finish();
        (void)console_.flush();
    }
}

void ResultBuffer::finish()
{
    console_.write(text_);
    text_.clear();
}

}  // namespace hasim::cli
