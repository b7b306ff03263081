/// What the commands that read HA logs share: the files they mean, and how they end when one cannot be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "hasim/settings.hpp"
#include "hasim/zone.hpp"
#include "logtools/line_stream.hpp"

namespace hasim::cli {

/// The paragraph of a command's help about its files.
inline constexpr std::string_view kLogFilesHelp =
    "A FILE may be a log, plain or compressed by gzip or zstd (told by its content), - for "
    "standard "
    "input, or a directory. A directory, and a file called haErrorLog.txt, bring the rotated files "
    "beside it, haErrorLog_<stamp>[_NNN].txt, oldest first. Files are read in the order given, as "
    "one log.";

/// Declares the positional FILE...
void declare_log_files(Options& options, std::vector<std::string>& files);

/// The files meant, or nothing after an error was told.
[[nodiscard]] std::optional<std::vector<std::string>> log_files(
    const std::vector<std::string>& arguments, Console& console);

/// Declares --timezone.
void declare_timezone(Options& options, std::string& name);
/// The zone of that name into `zone`, nothing for no name; false after an error was told.
[[nodiscard]] bool read_timezone(const std::string& name, std::optional<Zone>& zone,
                                 Console& console);

/// Declares --conf of a command that reads a log: what the log's client was configured with.
void declare_log_conf(Options& options, std::string& path);
/// Its groups; nothing after an error was told.
[[nodiscard]] std::optional<std::vector<GroupSettings>> read_groups(const std::string& path,
                                                                    Console& console);

/// How a command ends whose stream failed: an error is told; a file that is not there or no log is wrong input.
[[nodiscard]] ExitCode log_input_failed(const Finding& failure, Console& console);

/// Hands results on in large pieces, and notices when nobody takes them.
class ResultBuffer {
public:
    explicit ResultBuffer(Console& console) : console_(console) {}

    /// Append here.
    [[nodiscard]] std::string& text() { return text_; }
    /// Hands on what is there once it is much; false when it cannot be written, and nothing more can.
    [[nodiscard]] bool go_on();
    void finish();
    /// Nothing is kept back: whoever reads has all of it.
    void flush();

private:
    Console& console_;
    std::string text_;
};

}  // namespace hasim::cli
