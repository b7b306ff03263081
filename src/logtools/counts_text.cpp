#include "logtools/counts_text.hpp"

#include <fmt/format.h>

#include "log/catalogue.hpp"

namespace hasim::logtools {

std::string counts_table(const LineCounts& counts)
{
    std::string text;
    const auto row = [&text](std::string_view id, std::string_view form, std::uint64_t count) {
        text += fmt::format("{:>12}  {:<25}{}{}\n", count, id, form.empty() ? "" : " ", form);
    };
    for (const log::Message& message : log::kCatalogue) {
        if (const std::uint64_t count = counts.forms[static_cast<std::size_t>(message.form)]) {
            row(message.id, message.name, count);
        }
    }
    const auto other = [&text](std::string_view what, std::uint64_t count) {
        text += count == 0 ? "" : fmt::format("{:>12}  {}\n", count, what);
    };
    other("unknown lines", counts.unknown);
    other("torn lines", counts.torn);
    other("empty lines", counts.empty);
    return text;
}

std::string counts_json(const LineCounts& counts)
{
    std::string text = fmt::format(
        "{{\n  \"lines\": {},\n  \"records\": {},\n  \"unknown\": {},\n  \"torn\": {},\n  "
        "\"empty\": {},\n"
        "  \"unterminated\": {},\n  \"forms\": {{",
        counts.all(), counts.records(), counts.unknown, counts.torn, counts.empty,
        counts.unterminated);
    for (const log::Message& message : log::kCatalogue) {
        text += fmt::format("{}\n    \"{}\": {}", text.back() == '{' ? "" : ",", message.name,
                            counts.forms[static_cast<std::size_t>(message.form)]);
    }
    return text + "\n  }\n}\n";
}

std::string counts_summary(const LineCounts& counts)
{
    std::string text =
        fmt::format("{} lines: {} records, {} unknown, {} torn, {} empty", counts.all(),
                    counts.records(), counts.unknown, counts.torn, counts.empty);
    if (counts.unterminated != 0) {
        text += "; a record at the end has no newline yet";
    }
    return text;
}

}  // namespace hasim::logtools
