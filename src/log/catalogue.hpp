/// The message catalogue: everything that is known about each line form of the HA log, in one table. The formatter, the
/// parser, `hasim messages`, docs/messages.md and the tests all come from it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "hasim/log_record.hpp"

namespace hasim::log {

/// What the note says about a message behind its id: nothing, "(deprecated)" or "(future)".
enum class MessageStatus : std::uint8_t { current, deprecated, future };

/// What stands for an argument in a template.
enum class ArgumentKind : std::uint8_t {
    serial,     ///< <SerialNumber>: decimal digits, leading zeros are real
    attempt,    ///< <Integer>: number of the recovery attempt, from 1
    code_hex,   ///< <ErrorCodeHex>: 0x and eight lower-case hex digits (chosen)
    code_name,  ///< <ErrorCodeString>: the code's symbolic name (chosen)
};

inline constexpr std::size_t kMaxAdvice = 3;

/// One line form. `message_template` and `note` are the note's own words; `when`, `causes` and `next` are hasim's.
struct Message {
    LogForm form;
    std::string_view
        name;  ///< stable name of the form, unique (an id is not: RECOVERYFAILED has two forms)
    std::string_view id;              ///< canonical id, HALOG_...
    std::string_view other_spelling;  ///< the note's second spelling of the id, or empty
    MessageStatus status;
    std::string_view message_template;                ///< with the note's placeholders
    std::string_view when;                            ///< when hasim writes it
    std::string_view note;                            ///< what the note says of the id
    std::array<std::string_view, kMaxAdvice> causes;  ///< likely causes; the last ones may be empty
    std::array<std::string_view, kMaxAdvice> next;  ///< what to do next; the last ones may be empty
    std::string_view sample;                        ///< a line as hasim writes it
};

inline constexpr std::string_view kIdPrefix = "HALOG_";
inline constexpr std::string_view kPrefixPlaceholder = "<MessagePrefix>";

inline constexpr std::array<Message, kLogForms> kCatalogue{{
    {LogForm::drop_member,
     "drop_member",
     "HALOG_DROPMEMBER",
     "",
     MessageStatus::current,
     "<MessagePrefix> has dropped member: <SerialNumber>",
     "A command on the member failed because its connection turned invalid; one line, however many "
     "commands were in "
     "flight.",
     "The connection transitioned from valid to invalid, as determined after a HSM command fails. "
     "for example, C_Sign.",
     {"the appliance lost its network or its power", "the NTLS service was stopped or restarted",
      "the appliance did not answer within ReceiveTimeout"},
     {"see whether a line of a recovery attempt follows within AutoReconnectInterval",
      "check the appliance's network, power and NTLS service",
      "if no attempt follows, check that reconnAtt is not 0"},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 has dropped member: "
     "1234924189183"},

    {LogForm::drop_unrecoverable,
     "drop_unrecoverable",
     "HALOG_DROPUNRECOVERABLE",
     "",
     MessageStatus::current,
     "<MessagePrefix> unable to reach member: <SerialNumber>. Manual Recover or Auto Recovery will "
     "be able to recover "
     "this member",
     "C_Initialize could not reach the member.",
     "The connection is invalid, as determined during a call to C_Initialize.",
     {"the appliance was already down when the application started",
      "ServerName or ServerPort is wrong", "a firewall stands between client and appliance"},
     {"check that the client reaches the appliance's NTLS port", "check that reconnAtt is not 0",
      "trigger a manual recovery once the appliance is back"},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 unable to reach member: "
     "1234924189183. Manual Recover "
     "or Auto Recovery will be able to recover this member"},

    {LogForm::login_failed,
     "login_failed",
     "HALOG_LOGINFAILED",
     "",
     MessageStatus::current,
     "<MessagePrefix> can not login to member: <SerialNumber>, autorecovery will be disabled. "
     "Code: <ErrorCodeHex> : "
     "<ErrorCodeString>",
     "The member's connection failed during C_Login, or (chosen) the member refused a login that "
     "another member "
     "accepted; its autorecovery is off from then on.",
     "The connection transitioned from valid to invalid, as determined during a call to C_Login.",
     {"the partition has another PIN than its fellow members",
      "the partition is locked or not activated",
      "the connection broke while the application logged in"},
     {"give all members of the group the same PIN", "unlock or activate the partition",
      "trigger a manual recovery, or restart the application: no attempt is made by itself"},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 can not login to member: "
     "1234924189183, autorecovery "
     "will be disabled. Code: 0x000000a0 : CKR_PIN_INCORRECT"},

    {LogForm::member_deactivated,
     "member_deactivated",
     "HALOG_MEMBER_DEACTIVATED",
     "",
     MessageStatus::future,
     "<MessagePrefix> member: <SerialNumber> deactivated",
     "A command found the partition deactivated (message set `all` only; with "
     "failover_on_deactivation it stands "
     "instead of HALOG_DROPMEMBER).",
     "The user manually deactivated the partition, as determined after a HSM command fails, for "
     "example, C_Sign.",
     {"an operator deactivated the partition",
      "the appliance restarted and the partition is not activated by itself", ""},
     {"activate the partition", "check auto-activation on the appliance",
      "check failover_on_deactivation: with 0 the member keeps getting commands"},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 member: 1234924189183 "
     "deactivated"},

    {LogForm::member_revoked,
     "member_revoked",
     "HALOG_MEMBER_REVOKED",
     "",
     MessageStatus::current,
     "<MessagePrefix> member: <SerialNumber> revoked",
     "A periodic attempt found the partition no longer assigned to the client; it stands instead "
     "of the "
     "HALOG_RECOVERYFAILED of that attempt and uses the attempt up (chosen).",
     "The user manually revoked the partition, as determined during a periodic recovery attempt.",
     {"an operator revoked the partition from this client",
      "the client was registered anew without its partitions", ""},
     {"assign the partition to the client again, then trigger a manual recovery",
      "or remove the member from the group", ""},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 member: 1234924189183 revoked"},

    {LogForm::new_member,
     "new_member",
     "HALOG_NEWMEMBER",
     "",
     MessageStatus::current,
     "<MessagePrefix> detected new member member: <SerialNumber>",
     "A recovery tick found a serial in the configuration that was not there before.",
     "The user manually added a member to the HA group without restarting the app, as determined "
     "during a periodic "
     "recovery attempt.",
     {"an operator added a member to the group", "a member that had been removed was added again",
      ""},
     {"see that a successful recovery attempt follows: only then does the member serve", "", ""},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 detected new member member: "
     "1234924189183"},

    {LogForm::recovered,
     "recovered",
     "HALOG_RECOVERED",
     "",
     MessageStatus::current,
     "<MessagePrefix> recovery attempt <Integer> succeeded for member: <SerialNumber>",
     "A recovery attempt made the member's connection valid again.",
     "The connection transitioned from invalid to valid, as determined during a periodic recovery "
     "attempt.",
     {"whatever had taken the member away is over", "", ""},
     {"nothing: the member serves again",
      "if it comes and goes, look for an unstable network or appliance", ""},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 recovery attempt 1 succeeded for "
     "member: "
     "1234924189183"},

    {LogForm::recovery_failed,
     "recovery_failed",
     "HALOG_RECOVERYFAILED",
     "",
     MessageStatus::current,
     "<MessagePrefix> recovery attempt <Integer> failed for member: <SerialNumber>. Code: "
     "<ErrorCodeHex> : "
     "<ErrorCodeString>.",
     "A recovery attempt did not make the member's connection valid.",
     "The connection remains invalid, as determined during a periodic recovery attempt.",
     {"the appliance is still down or unreachable", "its NTLS service is stopped",
      "the code says what the attempt met"},
     {"look the code up",
      "bring the appliance back before attempt reconnAtt, after which no more are made", ""},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 recovery attempt 1 failed for "
     "member: 1234924189183. "
     "Code: 0xc0001100 : RC_UNABLE_TO_CONNECT."},

    {LogForm::recovery_exhausted,
     "recovery_exhausted",
     "HALOG_RECOVERYFAILED",
     "",
     MessageStatus::current,
     "<MessagePrefix> exceeded maximum number of autorecovery attempts for member: <SerialNumber>. "
     "Autorecovery will be "
     "disabled",
     "The failed attempt before it was the last that reconnAtt allows.",
     "If autorecovery fails, then a second message is logged",
     {"the outage lasted longer than reconnAtt times AutoReconnectInterval", "reconnAtt is small",
      ""},
     {"bring the appliance back, then trigger a manual recovery or restart the application",
      "raise reconnAtt, or set it to -1 for unlimited attempts", ""},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 exceeded maximum number of "
     "autorecovery attempts for "
     "member: 1234924189183. Autorecovery will be disabled"},

    {LogForm::reenable_member,
     "reenable_member",
     "HALOG_REENABLEMEMBER",
     "HALOG_RENABLEMEMBER",
     MessageStatus::deprecated,
     "<MessagePrefix> Re-enable auto recovery process for member: <SerialNumber>",
     "Manual recovery was asked for (HARecover was incremented); message set `all` only.",
     "The user manually requested partition recovery, as determined during a periodic recovery "
     "attempt before an HSM "
     "command.",
     {"an operator asked for manual recovery", "", ""},
     {"see that a recovery attempt follows", "", ""},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 Re-enable auto recovery process "
     "for member: "
     "1234924189183"},

    {LogForm::unrecoverable,
     "unrecoverable",
     "HALOG_UNRECOVERABLE",
     "",
     MessageStatus::deprecated,
     "<MessagePrefix> recovery attempt <Integer> failed for member: <SerialNumber>. Manual Recover "
     "or Auto Recovery will "
     "not be able to recover this member. Code: <ErrorCodeHex> : <ErrorCodeString>",
     "A recovery attempt found the member not eligible for recovery: zeroised, or its login "
     "refused (message set `all` "
     "only; with 6.2.2 a HALOG_RECOVERYFAILED stands for it).",
     "The connection is invalid and is not eligible for recovery.",
     {"the partition was zeroised or deleted", "its PIN was changed, or it is locked", ""},
     {"set the partition up again, or remove the member from the group",
      "then trigger a manual recovery", ""},
     "Wed Oct 4 16:29:21 2017 : [17469] HA group: 11234840370164 recovery attempt 1 failed for "
     "member: 1234924189183. "
     "Manual Recover or Auto Recovery will not be able to recover this member. Code: 0x000000e0 : "
     "CKR_TOKEN_NOT_PRESENT"},
}};

/// The entry of `form`.
[[nodiscard]] constexpr const Message& message_of(LogForm form)
{
    return kCatalogue[static_cast<std::size_t>(form)];
}

/// Whether `form` is written with message set `set`: `current` leaves out what the note calls deprecated or future.
[[nodiscard]] constexpr bool written_in(LogForm form, MessageSet set)
{
    return set == MessageSet::all || message_of(form).status == MessageStatus::current;
}

/// The id without its "HALOG_", as scenarios write it.
[[nodiscard]] constexpr std::string_view short_id_of(LogForm form)
{
    return message_of(form).id.substr(kIdPrefix.size());
}

/// The forms that have `placeholder`, a bit each.
consteval std::uint32_t forms_with(std::string_view placeholder)
{
    std::uint32_t forms = 0;
    for (const Message& message : kCatalogue) {
        const bool has = message.message_template.find(placeholder) != std::string_view::npos;
        forms |= (has ? 1U : 0U) << static_cast<unsigned>(message.form);
    }
    return forms;
}

/// Whether `form` prints the number of a recovery attempt.
[[nodiscard]] constexpr bool has_attempt(LogForm form)
{
    return (forms_with("<Integer>") >> static_cast<unsigned>(form) & 1U) != 0;
}
/// Whether `form` prints a code.
[[nodiscard]] constexpr bool has_code(LogForm form)
{
    return (forms_with("<ErrorCodeHex>") >> static_cast<unsigned>(form) & 1U) != 0;
}

/// "current", "deprecated", "future".
[[nodiscard]] std::string_view to_text(MessageStatus status);

/// Placeholder name without its angle brackets ("SerialNumber"), and a word for what may stand there.
[[nodiscard]] std::string_view placeholder_of(ArgumentKind kind);
[[nodiscard]] std::string_view to_text(ArgumentKind kind);

/// The canonical id for any spelling that is read: with or without HALOG_, any case, the note's second spelling too.
[[nodiscard]] std::optional<std::string_view> canonical_id(std::string_view spelling);

/// The form called `name` ("drop_member").
[[nodiscard]] std::optional<LogForm> form_named(std::string_view name);

static_assert(
    [] {
        for (std::size_t i = 0; i < kLogForms; ++i) {
            if (kCatalogue[i].form != static_cast<LogForm>(i)) {
                return false;
            }
        }
        return true;
    }(),
    "the catalogue stands in the order of LogForm");

}  // namespace hasim::log
