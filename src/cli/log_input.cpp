#include "cli/log_input.hpp"

#include "logtools/log_set.hpp"

namespace hasim::cli {

void declare_log_files(Options& options, std::vector<std::string>& files)
{
    options.positionals("FILE", files, "HA logs, directories that hold one, or -");
}

std::optional<std::vector<std::string>> log_files(const std::vector<std::string>& arguments,
                                                  Console& console)
{
    auto files = logtools::files_meant(arguments);
    if (const auto* const finding = std::get_if<Finding>(&files)) {
        console.error(finding->file + ": " + finding->text);
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
