// What is said of a line that cannot stand where it does, or can only for a reason that the log does not tell.
#include <fmt/format.h>

#include "log/catalogue.hpp"
#include "logtools/sequence_check.hpp"

namespace hasim::logtools {

std::string SequenceCheck::id_of(const Said& said)
{
    const log::Message& message = log::message_of(said.form);
    return log::has_attempt(said.form) ? fmt::format("{} of attempt {}", message.id, said.attempt)
           : said.form == LogForm::recovery_exhausted
               ? std::string("the line of the exceeded maximum")
               : std::string(message.id);
}

std::string SequenceCheck::impossible(const Member& member, const LogRecord& record)
{
    const std::string_view serial = record.member.text();
    const std::string what = id_of(said_in(record));
    if (record.form == LogForm::recovery_exhausted) {
        return fmt::format("{} for member {} without a failed attempt just before it", what,
                           serial);
    }
    if (log::has_attempt(record.form) && record.attempt == 0) {
        return fmt::format("{} for member {}: attempts are numbered from 1", what, serial);
    }
    if (!member.last) {
        return fmt::format("{} for member {} cannot be the first line about it", what, serial);
    }
    const Said& last = *member.last;
    if (last.form == LogForm::recovery_exhausted) {
        return fmt::format(
            "{} for member {} after the maximum was exceeded: only attempt 1, of a manual "
            "recovery, may follow",
            what, serial);
    }
    if (log::has_attempt(last.form) && last.form != LogForm::recovered) {
        const char* const why =
            record.attempt > last.attempt + 1 && last.attempt != 0
                ? (record.attempt == last.attempt + 2 ? "attempt {0} is missing"
                                                      : "attempts {0} to {1} are missing")
                : "attempts count up by one";
        return fmt::format("{} for member {} after attempt {}: {}", what, serial, last.attempt,
                           fmt::format(fmt::runtime(why), last.attempt + 1, record.attempt - 1));
    }
    return fmt::format("{} for member {} cannot follow {}: attempts begin with 1", what, serial,
                       id_of(last));
}

std::string SequenceCheck::possible_only(Unseen unseen, const Member& member,
                                         const LogRecord& record)
{
    std::string text =
        fmt::format("{} for member {}", id_of(said_in(record)), record.member.text());
    if (member.last) {
        text += fmt::format(" after {}", id_of(*member.last));
    }
    switch (unseen) {
    case Unseen::nothing: return text;
    case Unseen::other_process:
        return fmt::format(
            "{} is possible only when another process has the process id {}, too, as in containers",
            text, record.pid.value);
    case Unseen::manual_recovery:
        return text +
               " is possible only after a manual recovery, which leaves no line in message set "
               "6.2.2";
    case Unseen::further_attempts:
        return text + " is a further attempt after a code on which hasim gives up (chosen)";
    case Unseen::initialisation:
        return text +
               " is possible only after a re-initialisation, which leaves no line (or a restart "
               "under "
               "the same process id, or another process that has it)";
    }
    return text;
}

}  // namespace hasim::logtools
