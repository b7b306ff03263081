#include "cli/log_input.hpp"

#include <filesystem>

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
    return std::get<std::vector<std::string>>(std::move(files));
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

void ResultBuffer::finish()
{
    console_.write(text_);
    text_.clear();
}

}  // namespace hasim::cli
