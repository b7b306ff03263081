// Goal: every code that a line may have is explained, as far as anything about it is public.
#include "logtools/explain_code.hpp"

#include "support/catch.hpp"

using namespace hasim;
using hasim::logtools::code_meaning;

TEST_CASE("a code is explained by itself, by what it is a form of, or by its family")
{
    CHECK_THAT(code_meaning(*code_named("RC_OPERATION_TIMED_OUT")),
               StartsWith("no answer within ReceiveTimeout"));
    CHECK_THAT(code_meaning(Code{0x00300000}),
               StartsWith("the HSM firmware's form of CKR_DEVICE_ERROR: the HSM reports"));
    CHECK_THAT(code_meaning(*code_named("CKR_MUTEX_BAD")), ContainsSubstring("PKCS#11"));
    CHECK_THAT(code_meaning(Code{0xc0009999}), ContainsSubstring("client library"));
    CHECK_THAT(code_meaning(Code{0x80009999}), ContainsSubstring("vendor added"));
    CHECK(code_meaning(Code{0x12345678}) == "no public list has this code");
}
