// Goal: another program of X.509 agrees with what `hasim pki` makes. Without the openssl command nothing is asked.
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

using hasim::test::Finished;
using hasim::test::run_hasim;
using hasim::test::TemporaryDirectory;

namespace {

/// A line of shell in the directory of the certificates.
Finished shell_beside(const TemporaryDirectory& directory, const std::string& line)
{
    return run_hasim({"-c", line}, {.program = "/bin/sh", .directory = directory.path()});
}

}  // namespace

TEST_CASE("openssl verifies what pki makes, and refuses what has expired")
{
    const TemporaryDirectory directory;
    const Finished made = run_hasim({"pki", ".", "--days", "30", "--client", "app, 1"},
                                    {.directory = directory.path()});
    REQUIRE(made.exit_code == 0);
    CHECK(made.err.empty());
    if (shell_beside(directory, "command -v openssl").exit_code != 0) {
        WARN("there is no openssl command here, so nobody else has looked at the certificates");
        return;
    }
    const std::string verify = "openssl verify -x509_strict -CAfile ca.pem -purpose ";
    CHECK(shell_beside(directory, verify + "sslserver -verify_ip 127.0.0.1 appliance.pem").out ==
          "appliance.pem: OK\n");
    CHECK(shell_beside(directory, verify + "sslserver -verify_hostname localhost appliance.pem")
              .out == "appliance.pem: OK\n");
    CHECK(shell_beside(directory, verify + "sslclient client.pem").out == "client.pem: OK\n");
    CHECK(shell_beside(directory, verify + "sslclient appliance.pem").exit_code != 0);
    CHECK(shell_beside(directory, verify + "sslserver client.pem").exit_code != 0);
    for (const char* const expired :
         {"sslserver appliance-expired.pem", "sslclient client-expired.pem"}) {
        const Finished refused = shell_beside(directory, verify + expired);
        CHECK(refused.exit_code != 0);
        CHECK_THAT(refused.err, ContainsSubstring("certificate has expired"));
    }
    CHECK_THAT(shell_beside(directory, "openssl x509 -noout -subject -in client.pem").out,
               ContainsSubstring("app, 1"));
    // Each key is the one of its certificates.
    for (const char* const pair : {"ca ca", "appliance appliance", "appliance appliance-expired",
                                   "client client", "client client-expired"}) {
        CAPTURE(pair);
        const Finished compared = shell_beside(
            directory, "set -- " + std::string(pair) +
                           "; openssl pkey -pubout -in $1-key.pem > key && openssl x509 -noout "
                           "-pubkey -in $2.pem | cmp - key");
        CHECK(compared.exit_code == 0);
    }
}
