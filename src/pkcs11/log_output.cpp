#include "pkcs11/log_output.hpp"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "host/zone_loader.hpp"

namespace hasim::pkcs11 {

namespace {

constexpr std::chrono::milliseconds kLogPatience{2000};

}  // namespace

LogOutput::LogOutput(const HaSettings& settings, WallTime now, Diagnostics& diagnostics)
    : zone_(host::local_zone()), to_stdout_(settings.log_to_stdout)
{
    if (settings.log_path.empty() || !settings.log_enabled) {
        return;
    }
    if (const auto refused = sink::check_directory(settings.log_path)) {
        diagnostics.say(*refused + "; this process writes no HA log");
        return;
    }
    file_ = sink::HaLogFile::open(
        {settings.log_path, settings.log_length, now,
         [&diagnostics](const sink::LogTrouble& trouble) { diagnostics.say(trouble.text); }});
}

void LogOutput::write(const LogRecord& record, WallTime utc, std::function<void()> then)
{
    const std::size_t size = formatter_.format(record, zone_.local(utc), buffer_);
    std::string line(buffer_.data(), size);
    // What finds no room has waited for minutes already: it is counted by nobody, like a full disk without a reader.
    static_cast<void>(thread_.post(size, [file = file_, to_stdout = to_stdout_, utc,
                                          line = std::move(line), then = std::move(then)] {
        if (file != nullptr) {
            file->append(line, utc);
        }
        if (to_stdout) {
            const std::string text = line + "\n";
            [[maybe_unused]] const ssize_t written =
                ::write(STDOUT_FILENO, text.data(), text.size());
        }
        then();
    }));
}

void LogOutput::finish()
{
    static_cast<void>(thread_.finish(kLogPatience));
}

}  // namespace hasim::pkcs11
