// Goal: a context is made of good files, and what is wrong with bad ones is said with file, cause and remedy.
#include "tls/context.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <variant>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "tls/session.hpp"
#include "tls_bench.hpp"

namespace fs = std::filesystem;
using hasim::test::foreign_pki;
using hasim::test::our_client;
using hasim::test::our_pki;
using hasim::test::Pair;
using hasim::test::TemporaryDirectory;
using hasim::test::write_file;
using hasim::tls::Context;
using hasim::tls::Files;
using hasim::tls::Role;
using hasim::tls::State;

namespace {

/// The files of an appliance in a folder of their own.
class ApplianceFolder {
public:
    ApplianceFolder()
    {
        write("ca.pem", our_pki().ca.certificate);
        write("appliance.pem", our_pki().appliance.certificate);
        write("appliance-key.pem", our_pki().appliance.key);
        write("appliance-expired.pem", our_pki().expired_appliance);
        write("client.pem", our_pki().client.certificate);
    }

    [[nodiscard]] std::string at(const std::string& name) const
    {
        return (folder_.path() / name).string();
    }
    void write(const std::string& name, const std::string& text) const
    {
        write_file(folder_.path() / name, text);
    }
    [[nodiscard]] Files files() const
    {
        return {at("ca.pem"), at("appliance.pem"), at("appliance-key.pem")};
    }

private:
    TemporaryDirectory folder_;
};

std::string error_of(const Files& files, Role role = Role::server)
{
    const auto made = Context::from_files(role, files);
    const auto* error = std::get_if<std::string>(&made);
    return error != nullptr ? *error : std::string{};
}

Context made_of(const Files& files)
{
    auto made = Context::from_files(Role::server, files);
    REQUIRE(std::holds_alternative<Context>(made));
    return std::get<Context>(std::move(made));
}

/// The same private key behind a passphrase.
std::string encrypted(const std::string& key)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> in(
        BIO_new_mem_buf(key.data(), static_cast<int>(key.size())), BIO_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    EVP_PKEY* const read = PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr);
    CHECK(PEM_write_bio_PKCS8PrivateKey(out.get(), read, EVP_aes_128_cbc(), "secret", 6, nullptr,
                                        nullptr) == 1);
    EVP_PKEY_free(read);
    std::string text(BIO_ctrl_pending(out.get()), '\0');
    BIO_read(out.get(), text.data(), static_cast<int>(text.size()));
    return text;
}

State met_by_client(const Context& server)
{
    Pair pair(our_client(), server);
    pair.carry();
    return pair.client.state();
}

}  // namespace

TEST_CASE("a context of good files works")
{
    const ApplianceFolder folder;
    const Context server = made_of(folder.files());
    CHECK(server.role() == Role::server);
    CHECK(met_by_client(server) == State::open);
}

TEST_CASE("several CAs in one file are all trusted, and a certificate may bring its chain")
{
    const ApplianceFolder folder;
    folder.write("ca.pem", "some words\n" + foreign_pki().ca.certificate + "\nmore words\n" +
                               our_pki().ca.certificate);
    folder.write("appliance.pem", our_pki().appliance.certificate + our_pki().ca.certificate);
    CHECK(met_by_client(made_of(folder.files())) == State::open);
}

TEST_CASE("an expired certificate is shown without an error, and refused by the peer")
{
    const ApplianceFolder folder;
    Files files = folder.files();
    files.certificate = folder.at("appliance-expired.pem");
    CHECK(met_by_client(made_of(files)) == State::failed);
}

TEST_CASE("a server changes its certificate for the sessions to come, and only for them")
{
    const ApplianceFolder folder;
    Context server = made_of(folder.files());
    Pair before(our_client(), server);
    CHECK(server.use_certificate(folder.at("appliance-expired.pem"), folder.at("appliance-key.pem"))
              .empty());
    before.carry();
    CHECK(before.client.state() == State::open);
    Pair after(our_client(), server);
    after.carry();
    CHECK(after.client.error() == "the peer's certificate has expired");
    CHECK(after.server.state() == State::failed);
    before.client.write("still here");
    before.carry();
    CHECK(before.server.take_plaintext() == "still here");
    CHECK(
        server.use_certificate(folder.at("appliance.pem"), folder.at("appliance-key.pem")).empty());
    CHECK(met_by_client(server) == State::open);
}

TEST_CASE("a certificate that cannot be used changes nothing")
{
    const ApplianceFolder folder;
    Context server = made_of(folder.files());
    CHECK(server.use_certificate(folder.at("no-such.pem"), folder.at("appliance-key.pem")) ==
          folder.at("no-such.pem") +
              ": no such file; it should hold a certificate in PEM, as `hasim pki DIR` makes it");
    CHECK_FALSE(
        server.use_certificate(folder.at("client.pem"), folder.at("appliance-key.pem")).empty());
    CHECK(met_by_client(server) == State::open);
}

TEST_CASE("a file that is missing, or is none, is named with a remedy")
{
    const ApplianceFolder folder;
    Files files = folder.files();
    std::string Files::*const which = GENERATE(&Files::ca, &Files::certificate, &Files::key);
    files.*which = folder.at("no-such.pem");
    CHECK_THAT(error_of(files),
               StartsWith(folder.at("no-such.pem") + ": no such file; it should ") &&
                   ContainsSubstring("hasim pki DIR"));
    files.*which = folder.at("");
    CHECK_THAT(error_of(files), ContainsSubstring("is a directory"));
    files.*which = "";
    CHECK_THAT(error_of(files), StartsWith("no file is named for "));
    REQUIRE(::mkfifo(folder.at("pipe").c_str(), 0600) == 0);
    files.*which = folder.at("pipe");
    CHECK_THAT(error_of(files), ContainsSubstring("is not a regular file"));
}

TEST_CASE("a file that is not PEM, or is cut short, is named with a remedy")
{
    const ApplianceFolder folder;
    const Files files = folder.files();
    const std::string whole = our_pki().appliance.certificate;
    for (const char* const text : {"", "no PEM", "\xff\xfe\x00"}) {
        folder.write("ca.pem", text);
        CHECK(error_of(files) == folder.at("ca.pem") +
                                     ": holds no certificate in PEM; it should have a line "
                                     "-----BEGIN CERTIFICATE-----");
    }
    folder.write("ca.pem", our_pki().ca.certificate);
    folder.write("appliance.pem", whole.substr(0, whole.size() / 2));
    CHECK_THAT(error_of(files), StartsWith(folder.at("appliance.pem") +
                                           ": holds a certificate that cannot be read ("));
    folder.write("appliance.pem", whole);
    folder.write("appliance-key.pem", whole);
    CHECK_THAT(error_of(files), StartsWith(folder.at("appliance-key.pem") +
                                           ": holds no private key in PEM that can be read ("));
}

TEST_CASE("a key that is unreadable, encrypted or another certificate's is named with a remedy")
{
    const ApplianceFolder folder;
    const Files files = folder.files();
    folder.write("appliance-key.pem", our_pki().client.key);
    CHECK(error_of(files) == files.key + ": is not the key of the certificate in " +
                                 files.certificate +
                                 "; name the two files that were made together");
    folder.write("appliance-key.pem", encrypted(our_pki().appliance.key));
    CHECK(error_of(files) ==
          files.key + ": the private key is encrypted; name one without a passphrase");
    if (::geteuid() != 0) {
        folder.write("appliance-key.pem", our_pki().appliance.key);
        REQUIRE(::chmod(files.key.c_str(), 0) == 0);
        CHECK_THAT(error_of(files),
                   StartsWith(files.key + ": cannot be read: permission denied; "));
    }
}

TEST_CASE("texts are called by what they are")
{
    const auto made = Context::from_texts(Role::client, {"", "", ""});
    REQUIRE(std::holds_alternative<std::string>(made));
    CHECK_THAT(std::get<std::string>(made), StartsWith("the CA: holds no certificate in PEM"));
}
