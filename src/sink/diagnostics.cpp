#include "sink/diagnostics.hpp"

#include <fmt/core.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ansicolor_sink.h>

#include <cstdlib>
#include <string>

#include "base/plain_text.hpp"
#include "base/words.hpp"
#include "sink/ha_log_file.hpp"

namespace hasim::sink {
namespace {

spdlog::level::level_enum to_spdlog(Level level)
{
    switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

Level level_of(Severity severity)
{
    switch (severity) {
    case Severity::note: return Level::info;
    case Severity::warning: return Level::warning;
    case Severity::error: return Level::error;
    }
    return Level::error;
}

}  // namespace

bool has_color(Color color, bool terminal)
{
    const char* const no_color = std::getenv("NO_COLOR");
    const bool unwanted = no_color != nullptr && *no_color != '\0';
    return color == Color::always || (color == Color::automatic && terminal && !unwanted);
}

namespace {

spdlog::color_mode color_mode(Color color)
{
    return color == Color::always     ? spdlog::color_mode::always
           : has_color(color, true) ? spdlog::color_mode::automatic
                                      : spdlog::color_mode::never;
}

}  // namespace

struct Diagnostics::Parts {
    explicit Parts(Color color)
        : logger("hasim",
                 std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(color_mode(color)))
    {
        logger.set_pattern("hasim: %^%l%$: %v");
        // Standard error itself is broken: there is nowhere left to say so.
        logger.set_error_handler([](const std::string&) {});
    }

    spdlog::logger logger;
};

Diagnostics::Diagnostics(Level threshold, Color color) : parts_(std::make_unique<Parts>(color))
{
    set_threshold(threshold);
}

Diagnostics::~Diagnostics() = default;

void Diagnostics::set_threshold(Level threshold) noexcept
{
    parts_->logger.set_level(to_spdlog(threshold));
}

void Diagnostics::say(Level level, std::string_view text) noexcept
{
    try {
        parts_->logger.log(to_spdlog(level), spdlog::string_view_t(printable(text)));
    } catch (...) {  // no memory for the text; a diagnostic must not end the program
    }
}

void Diagnostics::finding(const Finding& finding) noexcept
{
    try {
        std::string place = finding.file;
        if (finding.line != 0) {
            place += ':' + std::to_string(finding.line);
        }
        if (finding.column != 0) {
            place += ':' + std::to_string(finding.column);
        }
        say(level_of(finding.severity), place.empty() ? finding.text : place + ": " + finding.text);
    } catch (...) {  // as above
    }
}

void Diagnostics::log_trouble(const LogTrouble& trouble) noexcept
{
    try {
        switch (trouble.kind) {
        case LogTrouble::Kind::begins:
            error(trouble.text + "; HA log records are lost until it can be written");
            return;
        case LogTrouble::Kind::ends:
            warning(fmt::format("{}; {} not written", trouble.text,
                                counted(trouble.lost, "HA log record was", "HA log records were")));
            return;
        case LogTrouble::Kind::not_rotated:
            error(trouble.text + "; it grows beyond logLen");
            return;
        }
    } catch (...) {  // as above
    }
}

}  // namespace hasim::sink
