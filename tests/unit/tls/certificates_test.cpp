// Goal: the certificates are what their users expect of X.509, and differ from each other where they must.
#include "tls/certificates.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <ctime>
#include <memory>
#include <string>
#include <variant>

#include "support/catch.hpp"
#include "tls_bench.hpp"

using hasim::test::made_pki;
using hasim::test::our_pki;
using hasim::tls::make_pki;
using hasim::tls::wrong_name;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_seconds;

namespace {

using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;

X509Pointer parsed(const std::string& pem)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    X509Pointer certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
    REQUIRE(certificate != nullptr);
    return certificate;
}

sys_seconds moment_of(const ASN1_TIME* time)
{
    std::tm parts{};
    REQUIRE(ASN1_TIME_to_tm(time, &parts) == 1);
    return sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

sys_seconds start_of(const std::string& pem)
{
    return moment_of(X509_get0_notBefore(parsed(pem).get()));
}

sys_seconds end_of(const std::string& pem)
{
    return moment_of(X509_get0_notAfter(parsed(pem).get()));
}

/// An extension as OpenSSL prints it, with "critical, " in front where it is.
std::string extension_of(const std::string& pem, int nid)
{
    const X509Pointer certificate = parsed(pem);
    const int place = X509_get_ext_by_NID(certificate.get(), nid, -1);
    if (place < 0) {
        return "none";
    }
    X509_EXTENSION* const extension = X509_get_ext(certificate.get(), place);
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    REQUIRE(X509V3_EXT_print(bio.get(), extension, 0, 0) == 1);
    std::string text(BIO_ctrl_pending(bio.get()), '\0');
    BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
    return (X509_EXTENSION_get_critical(extension) != 0 ? "critical, " : "") + text;
}

std::string subject_of(const std::string& pem)
{
    const X509Pointer certificate = parsed(pem);
    const X509_NAME* const subject = X509_get_subject_name(certificate.get());
    REQUIRE(X509_NAME_entry_count(subject) == 1);
    const ASN1_STRING* const name = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, 0));
    const unsigned char* const bytes = ASN1_STRING_get0_data(name);
    return {bytes, bytes + ASN1_STRING_length(name)};
}

}  // namespace

TEST_CASE("each certificate says what it may be used for")
{
    const auto& pki = our_pki();
    CHECK(extension_of(pki.ca.certificate, NID_basic_constraints) ==
          "critical, CA:TRUE, pathlen:0");
    CHECK(extension_of(pki.ca.certificate, NID_key_usage) ==
          "critical, Certificate Sign, CRL Sign");
    CHECK(extension_of(pki.ca.certificate, NID_ext_key_usage) == "none");
    for (const std::string& pem : {pki.appliance.certificate, pki.expired_appliance}) {
        CHECK(extension_of(pem, NID_basic_constraints) == "critical, CA:FALSE");
        CHECK(extension_of(pem, NID_key_usage) == "critical, Digital Signature");
        CHECK(extension_of(pem, NID_ext_key_usage) == "TLS Web Server Authentication");
        CHECK(extension_of(pem, NID_subject_alt_name) == "DNS:localhost, IP Address:127.0.0.1");
    }
    for (const std::string& pem : {pki.client.certificate, pki.expired_client}) {
        CHECK(extension_of(pem, NID_basic_constraints) == "critical, CA:FALSE");
        CHECK(extension_of(pem, NID_key_usage) == "critical, Digital Signature");
        CHECK(extension_of(pem, NID_ext_key_usage) == "TLS Web Client Authentication");
    }
}

TEST_CASE("all are version 3, on P-256, signed by the CA, and no two have the same number")
{
    const auto& pki = our_pki();
    const X509Pointer ca = parsed(pki.ca.certificate);
    std::string numbers;
    for (const std::string& pem :
         {pki.ca.certificate, pki.appliance.certificate, pki.client.certificate,
          pki.expired_appliance, pki.expired_client}) {
        const X509Pointer certificate = parsed(pem);
        CHECK(X509_get_version(certificate.get()) == X509_VERSION_3);
        EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
        CHECK(EVP_PKEY_get_base_id(key) == EVP_PKEY_EC);
        CHECK(EVP_PKEY_get_bits(key) == 256);
        CHECK(X509_verify(certificate.get(), X509_get0_pubkey(ca.get())) == 1);
        CHECK(X509_check_issued(ca.get(), certificate.get()) == X509_V_OK);
        const ASN1_INTEGER* const number = X509_get0_serialNumber(certificate.get());
        const unsigned char* const bytes = ASN1_STRING_get0_data(number);
        const std::string text(bytes, bytes + ASN1_STRING_length(number));
        CHECK(text.size() == 16);
        CHECK(numbers.find(text) == std::string::npos);
        numbers += text;
    }
}

TEST_CASE("validity is counted from the moment that is given")
{
    const sys_seconds now{std::chrono::sys_days(std::chrono::year(2017) / 10 / 4)};
    const auto pki = made_pki({.now = now, .days = 10});
    for (const std::string& pem : {pki.appliance.certificate, pki.client.certificate}) {
        CHECK(start_of(pem) == now - hours(1));
        CHECK(end_of(pem) == now + days(10));
    }
    for (const std::string& pem : {pki.expired_appliance, pki.expired_client}) {
        CHECK(start_of(pem) >= start_of(pki.ca.certificate));
        CHECK(end_of(pem) == now - days(1));
    }
    CHECK(end_of(pki.ca.certificate) == now + days(10));
    CHECK(end_of(made_pki({.now = now, .days = 36'500}).client.certificate) == now + days(36'500));
}

TEST_CASE("the client has the name that is wished, in UTF-8")
{
    for (const std::string& name :
         {std::string("a"), std::string(64, 'x'), std::string("B\u00fcro, CN=other/O=x")}) {
        const auto pki = made_pki({.now = hasim::test::present(), .client_name = name});
        CHECK(subject_of(pki.client.certificate) == name);
        CHECK(subject_of(pki.expired_client) == name);
        CHECK(subject_of(pki.appliance.certificate) == "hasim-appliance");
    }
}

TEST_CASE("a name that cannot be one is refused")
{
    CHECK(wrong_name("hasim-client").empty());
    CHECK(wrong_name("") == "is empty");
    CHECK(wrong_name(std::string(65, 'x')) == "is longer than 64 bytes");
    CHECK_FALSE(wrong_name("two\nlines").empty());
    CHECK_FALSE(wrong_name("\xff").empty());
    CHECK_FALSE(wrong_name(std::string("nul\0", 4)).empty());
    const auto made = make_pki({.client_name = ""});
    REQUIRE(std::holds_alternative<std::string>(made));
    CHECK(std::get<std::string>(made) == "the client's name is empty");
}
