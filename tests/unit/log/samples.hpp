/// A record of each form with the arguments of the catalogue's sample lines.
#pragma once

#include <array>
#include <string>

#include "hasim/log_record.hpp"
#include "log/catalogue.hpp"
#include "log/format.hpp"

namespace hasim::log::test {

/// 2017-10-04 16:29:21, the moment of the note's example.
inline const LocalSeconds kNoteStamp = std::chrono::local_days{std::chrono::year(2017) / 10 / 4} +
                                       std::chrono::hours(16) + std::chrono::minutes(29) +
                                       std::chrono::seconds(21);

inline LogRecord sample_record(LogForm form)
{
    LogRecord record;
    record.pid = Pid{17469};
    record.form = form;
    record.group = *Serial::parse("11234840370164");
    record.member = *Serial::parse("1234924189183");
    record.attempt = has_attempt(form) ? 1 : 0;
    if (form == LogForm::login_failed) {
        record.code = Code::pin_incorrect;
    } else if (form == LogForm::recovery_failed) {
        record.code = Code::unable_to_connect;
    } else if (form == LogForm::unrecoverable) {
        record.code = Code::token_not_present;
    }
    return record;
}

inline std::string line_of(const LogRecord& record, LocalSeconds stamp = kNoteStamp,
                           StampStyle style = StampStyle::note)
{
    std::array<char, kMaxLineLength> buffer{};
    return {buffer.data(), format_line(record, stamp, style, buffer)};
}

}  // namespace hasim::log::test
