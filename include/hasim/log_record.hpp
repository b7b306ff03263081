/// One line of haErrorLog.txt as a value.
#pragma once

#include <cstdint>

#include "hasim/code.hpp"
#include "hasim/ids.hpp"
#include "hasim/time.hpp"

namespace hasim {

/// The eleven line forms of the note's ten message ids. Everything about each (id, template, arguments, status, the
/// note's sentence) is in the catalogue, src/log/catalogue.
enum class LogForm : std::uint8_t {
    drop_member,         ///< HALOG_DROPMEMBER
    drop_unrecoverable,  ///< HALOG_DROPUNRECOVERABLE
    login_failed,        ///< HALOG_LOGINFAILED
    member_deactivated,  ///< HALOG_MEMBER_DEACTIVATED (future)
    member_revoked,      ///< HALOG_MEMBER_REVOKED
    new_member,          ///< HALOG_NEWMEMBER
    recovered,           ///< HALOG_RECOVERED
    recovery_failed,     ///< HALOG_RECOVERYFAILED, the line of one failed attempt
    recovery_exhausted,  ///< HALOG_RECOVERYFAILED, the second line: maximum number of attempts exceeded
    reenable_member,     ///< HALOG_REENABLEMEMBER (deprecated)
    unrecoverable,       ///< HALOG_UNRECOVERABLE (deprecated)
};
inline constexpr std::size_t kLogForms = 11;

/// One record, without its wall-clock stamp: the stamp is `at` plus the driver's wall offset.
struct LogRecord {
    Instant at{};                             ///< when the event was determined
    Pid pid{};                                ///< the client process that writes it
    LogForm form = LogForm::drop_member;
    Serial group{};                           ///< serial of the affected HA group
    Serial member{};                          ///< serial of the member
    std::uint32_t attempt = 0;                ///< from 1; 0 where the form has none
    Code code = Code::ok;                     ///< `ok` where the form has none

    friend bool operator==(const LogRecord&, const LogRecord&) = default;
};

/// How the day of the month is printed: as the note's example has it ("Oct 4"), or as ctime() pads it ("Oct  4").
enum class StampStyle : std::uint8_t { note, ctime };

/// Which messages are written: those the note calls current, or also its deprecated and future ones.
enum class MessageSet : std::uint8_t { current, all };

}  // namespace hasim
