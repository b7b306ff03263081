#include "pkcs11/log_output.hpp"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "host/zone_loader.hpp"

namespace hasim::pkcs11 {

namespace {

constexpr std::chrono::milliseconds kLogPatience{2000};

std::shared_ptr<sink::HaLogFile> open_file(const HaSettings& settings, WallTime now,
                                           Diagnostics& diagnostics)
{
    if (settings.log_path.empty() || !settings.log_enabled) {
        return nullptr;
    }
    if (const auto refused = sink::check_directory(settings.log_path)) {
        diagnostics.say(*refused + "; this process writes no HA log");
        return nullptr;
    }
    return sink::HaLogFile::open(
        {settings.log_path, settings.log_length, now,
         [&diagnostics](const sink::LogTrouble& trouble) { diagnostics.say(trouble.text); }});
}

}  // namespace

LogOutput::LogOutput(const HaSettings& settings, WallTime now, Diagnostics& diagnostics)
    : zone_(host::local_zone()),
      to_stdout_(settings.log_to_stdout),
      queue_(open_file(settings, now, diagnostics))
{
}

void LogOutput::write(const LogRecord& record, WallTime utc, std::function<void()> then)
{
    const std::size_t size = formatter_.format(record, zone_.local(utc), buffer_);
    const std::string line(buffer_.data(), size);
    if (to_stdout_) {
        then = [text = line + "\n", then = std::move(then)] {
            [[maybe_unused]] const ssize_t written =
                ::write(STDOUT_FILENO, text.data(), text.size());
            then();
        };
    }
    // What finds no room has waited for minutes already: it is counted by nobody, like a full disk without a reader.
    static_cast<void>(queue_.post(line, utc, {}, std::move(then)));
}

void LogOutput::finish()
{
    static_cast<void>(queue_.finish(kLogPatience));
}

}  // namespace hasim::pkcs11
