// Goal: the manual's table of functions is the one that the module and the appliances use.
#include "cryptoki/manual.hpp"

#include "support/catch.hpp"
#include "support/golden.hpp"

TEST_CASE("docs/pkcs11-functions.md is what the table says")
{
    hasim::test::matches_golden("../../docs/pkcs11-functions.md",
                                hasim::cryptoki::functions_manual());
}
