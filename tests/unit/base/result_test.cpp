// Goal: findings print the way compilers do, and a misspelt word finds what was meant, but nothing far away.
#include "hasim/result.hpp"

#include "support/catch.hpp"

using hasim::Finding;
using hasim::nearest;
using hasim::Severity;
using hasim::to_text;

TEST_CASE("a finding prints its place, leaving out what is 0")
{
    Finding finding{"a.conf", 12, 5, Severity::warning, "unknown key"};
    CHECK(to_text(finding) == "a.conf:12:5: warning: unknown key");
    finding.column = 0;
    CHECK(to_text(finding) == "a.conf:12: warning: unknown key");
    finding.line = 0;
    finding.severity = Severity::error;
    CHECK(to_text(finding) == "a.conf: error: unknown key");
    finding.file.clear();
    finding.severity = Severity::note;
    CHECK(to_text(finding) == "note: unknown key");
}

TEST_CASE("the nearest word is found, case aside")
{
    const std::vector<std::string_view> known{"reconnAtt", "haLogPath", "haLogStatus", "HAOnly",
                                              "run"};
    CHECK(nearest("ReconnAtt", known) == "reconnAtt");
    CHECK(nearest("reconAtt", known) == "reconnAtt");
    CHECK(nearest("reconnAttt", known) == "reconnAtt");
    CHECK(nearest("recnonAtt", known) == "reconnAtt");
    CHECK(nearest("halogstats", known) == "haLogStatus");
    CHECK(nearest("rum", known) == "run");
}

TEST_CASE("of two equally near words the first is taken")
{
    CHECK(nearest("bat", {"cat", "hat"}) == "cat");
    CHECK(nearest("hats", {"cats", "hats"}) == "hats");
}

TEST_CASE("nothing is suggested when nothing is near")
{
    const std::vector<std::string_view> known{"reconnAtt", "run"};
    CHECK(nearest("", known).empty());
    CHECK(nearest("x", known).empty());
    CHECK(nearest("ServerName00", known).empty());
    CHECK(nearest("pan", known).empty());
    CHECK(nearest(std::string(100000, 'r'), known).empty());
    CHECK(nearest("run", {}).empty());
}
