// Goal: the catalogue says what the vendor's note says, and holds together. Method: the ids, templates and statuses are
// written out here a second time, from the note.
#include <set>
#include <string>

#include "log/catalogue.hpp"
#include "log/template_pieces.hpp"
#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::log;

TEST_CASE("templates, ids and statuses are those of the note")
{
    struct Row {
        LogForm form;
        std::string_view id;
        std::string_view status;
        std::string_view text;
    };
    const Row rows[] = {
        {LogForm::drop_member, "HALOG_DROPMEMBER", "current",
         "<MessagePrefix> has dropped member: <SerialNumber>"},
        {LogForm::drop_unrecoverable, "HALOG_DROPUNRECOVERABLE", "current",
         "<MessagePrefix> unable to reach member: <SerialNumber>. Manual Recover or Auto Recovery "
         "will be able to "
         "recover this member"},
        {LogForm::login_failed, "HALOG_LOGINFAILED", "current",
         "<MessagePrefix> can not login to member: <SerialNumber>, autorecovery will be disabled. "
         "Code: "
         "<ErrorCodeHex> : <ErrorCodeString>"},
        {LogForm::member_deactivated, "HALOG_MEMBER_DEACTIVATED", "future",
         "<MessagePrefix> member: <SerialNumber> deactivated"},
        {LogForm::member_revoked, "HALOG_MEMBER_REVOKED", "current",
         "<MessagePrefix> member: <SerialNumber> revoked"},
        {LogForm::new_member, "HALOG_NEWMEMBER", "current",
         "<MessagePrefix> detected new member member: <SerialNumber>"},
        {LogForm::recovered, "HALOG_RECOVERED", "current",
         "<MessagePrefix> recovery attempt <Integer> succeeded for member: <SerialNumber>"},
        {LogForm::recovery_failed, "HALOG_RECOVERYFAILED", "current",
         "<MessagePrefix> recovery attempt <Integer> failed for member: <SerialNumber>. Code: "
         "<ErrorCodeHex> : "
         "<ErrorCodeString>."},
        {LogForm::recovery_exhausted, "HALOG_RECOVERYFAILED", "current",
         "<MessagePrefix> exceeded maximum number of autorecovery attempts for member: "
         "<SerialNumber>. Autorecovery "
         "will be disabled"},
        {LogForm::reenable_member, "HALOG_REENABLEMEMBER", "deprecated",
         "<MessagePrefix> Re-enable auto recovery process for member: <SerialNumber>"},
        {LogForm::unrecoverable, "HALOG_UNRECOVERABLE", "deprecated",
         "<MessagePrefix> recovery attempt <Integer> failed for member: <SerialNumber>. Manual "
         "Recover or Auto "
         "Recovery will not be able to recover this member. Code: <ErrorCodeHex> : "
         "<ErrorCodeString>"},
    };
    REQUIRE(std::size(rows) == kLogForms);
    for (const Row& row : rows) {
        CAPTURE(row.id);
        const Message& message = message_of(row.form);
        CHECK(message.id == row.id);
        CHECK(to_text(message.status) == row.status);
        CHECK(message.message_template == row.text);
    }
}

TEST_CASE("every entry is complete and has a name of its own")
{
    std::set<std::string_view> names;
    for (const Message& message : kCatalogue) {
        CAPTURE(message.name);
        CHECK(names.insert(message.name).second);
        CHECK(form_named(message.name) == message.form);
        CHECK_FALSE(message.when.empty());
        CHECK_FALSE(message.note.empty());
        CHECK_FALSE(message.causes[0].empty());
        CHECK_FALSE(message.next[0].empty());
        CHECK_FALSE(message.sample.empty());
    }
    CHECK_FALSE(form_named("dropped").has_value());
}

TEST_CASE("message set 6.2.2 leaves out what is deprecated or future, `all` nothing")
{
    std::set<LogForm> current;
    for (const Message& message : kCatalogue) {
        CHECK(written_in(message.form, MessageSet::all));
        if (written_in(message.form, MessageSet::current)) {
            current.insert(message.form);
        }
    }
    CHECK(current.size() == 8);
    CHECK(current.count(LogForm::member_deactivated) == 0);
    CHECK(current.count(LogForm::reenable_member) == 0);
    CHECK(current.count(LogForm::unrecoverable) == 0);
}

TEST_CASE("an id is read with and without HALOG_, in any case and in both spellings of the note")
{
    CHECK(canonical_id("HALOG_DROPMEMBER") == "HALOG_DROPMEMBER");
    CHECK(canonical_id("DROPMEMBER") == "HALOG_DROPMEMBER");
    CHECK(canonical_id("halog_dropmember") == "HALOG_DROPMEMBER");
    CHECK(canonical_id("HALOG_RENABLEMEMBER") == "HALOG_REENABLEMEMBER");
    CHECK(canonical_id("RENABLEMEMBER") == "HALOG_REENABLEMEMBER");
    CHECK(canonical_id("REENABLEMEMBER") == "HALOG_REENABLEMEMBER");
    CHECK_FALSE(canonical_id("").has_value());
    CHECK_FALSE(canonical_id("HALOG_").has_value());
    CHECK_FALSE(canonical_id("DROPMEMBERS").has_value());
    CHECK(short_id_of(LogForm::recovery_exhausted) == "RECOVERYFAILED");
}

TEST_CASE("which forms have an attempt and a code follows from the template")
{
    CHECK(has_attempt(LogForm::recovered));
    CHECK(has_attempt(LogForm::recovery_failed));
    CHECK(has_attempt(LogForm::unrecoverable));
    CHECK_FALSE(has_attempt(LogForm::recovery_exhausted));
    CHECK(has_code(LogForm::login_failed));
    CHECK_FALSE(has_code(LogForm::recovered));
    CHECK(kPieces[static_cast<std::size_t>(LogForm::recovery_failed)].count == 5);
}
