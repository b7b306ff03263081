#include "tls/certificates.hpp"

#include <fmt/core.h>
#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstddef>
#include <ctime>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

#include "base/plain_text.hpp"
#include "tls/handles.hpp"

namespace hasim::tls {
namespace {

using std::chrono::days;
using std::chrono::sys_seconds;

/// What this file cannot do without OpenSSL; caught in make_pki.
class Failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

void require(bool done, const char* what)
{
    if (!done) {
        throw Failure(fmt::format("cannot {}: {}", what, take_reason()));
    }
}

struct Extension {
    int nid;
    const char* value;  ///< as OpenSSL's configuration files have it
};

constexpr std::array kCaExtensions{
    Extension{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
    Extension{NID_key_usage, "critical,keyCertSign,cRLSign"},
    Extension{NID_subject_key_identifier, "hash"},
};
constexpr std::array kApplianceExtensions{
    Extension{NID_basic_constraints, "critical,CA:FALSE"},
    Extension{NID_key_usage, "critical,digitalSignature"},
    Extension{NID_ext_key_usage, "serverAuth"},
    Extension{NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1"},
    Extension{NID_subject_key_identifier, "hash"},
    Extension{NID_authority_key_identifier, "keyid:always"},
};
constexpr std::array kClientExtensions{
    Extension{NID_basic_constraints, "critical,CA:FALSE"},
    Extension{NID_key_usage, "critical,digitalSignature"},
    Extension{NID_ext_key_usage, "clientAuth"},
    Extension{NID_subject_key_identifier, "hash"},
    Extension{NID_authority_key_identifier, "keyid:always"},
};

struct Subject {
    std::string_view name;
    EVP_PKEY* key;
    sys_seconds from;
    sys_seconds until;
    std::span<const Extension> extensions;
};

/// Who signs. Without a certificate the subject signs itself.
struct Issuer {
    X509* certificate = nullptr;
    EVP_PKEY* key = nullptr;
};

KeyHandle new_key()
{
    KeyHandle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    require(key != nullptr, "make a key");
    return key;
}

/// A positive number of 126 bits.
void number(X509* certificate)
{
    const std::unique_ptr<BIGNUM, Freed<BN_free>> serial(BN_new());
    require(serial != nullptr &&
                BN_rand(serial.get(), 126, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr,
            "make a serial number");
}

bool set_time(ASN1_TIME* field, sys_seconds time)
{
    const std::time_t seconds{time.time_since_epoch().count()};
    return ASN1_TIME_set(field, seconds) != nullptr;
}

void name_subject(X509* certificate, std::string_view name)
{
    X509_NAME* const subject = X509_get_subject_name(certificate);
    const std::string bytes(name);
    const auto* const text = reinterpret_cast<const unsigned char*>(bytes.c_str());
    require(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, text,
                                       static_cast<int>(bytes.size()), -1, 0) == 1,
            "put the name into a certificate");
}

void extend(X509* certificate, X509* issuer, std::span<const Extension> extensions)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    for (const Extension& wanted : extensions) {
        const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
            X509V3_EXT_conf_nid(nullptr, &context, wanted.nid, wanted.value));
        require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1,
                "put an extension into a certificate");
    }
}

CertificateHandle certify(const Subject& subject, const Issuer& issuer)
{
    CertificateHandle made(X509_new());
    require(made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1,
            "make a certificate");
    number(made.get());
    require(set_time(X509_getm_notBefore(made.get()), subject.from) &&
                set_time(X509_getm_notAfter(made.get()), subject.until),
            "put the dates into a certificate");
    name_subject(made.get(), subject.name);
    X509* const signer = issuer.certificate != nullptr ? issuer.certificate : made.get();
    require(X509_set_issuer_name(made.get(), X509_get_subject_name(signer)) == 1 &&
                X509_set_pubkey(made.get(), subject.key) == 1,
            "make a certificate");
    extend(made.get(), signer, subject.extensions);
    EVP_PKEY* const key = issuer.key != nullptr ? issuer.key : subject.key;
    require(X509_sign(made.get(), key, EVP_sha256()) > 0, "sign a certificate");
    return made;
}

BioHandle new_memory()
{
    BioHandle bio(BIO_new(BIO_s_mem()));
    require(bio != nullptr, "get memory");
    return bio;
}

std::string pem_of(X509* certificate)
{
    const BioHandle bio = new_memory();
    require(PEM_write_bio_X509(bio.get(), certificate) == 1, "write a certificate");
    return take_all(bio.get());
}

std::string pem_of(EVP_PKEY* key)
{
    const BioHandle bio = new_memory();
    require(
        PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "write a key");
    return take_all(bio.get());
}

Pki make_all(const PkiWish& wish)
{
    // Clocks of machines differ a little; the expired ones must lie within the life of their CA.
    const sys_seconds birth = wish.now - days(31);
    const sys_seconds from = wish.now - std::chrono::hours(1);
    const sys_seconds until = wish.now + days(wish.days);
    const sys_seconds ended = wish.now - days(1);

    const KeyHandle ca_key = new_key();
    const KeyHandle appliance_key = new_key();
    const KeyHandle client_key = new_key();
    const CertificateHandle ca =
        certify({"hasim test CA", ca_key.get(), birth, until, kCaExtensions}, {});
    const Issuer issuer{ca.get(), ca_key.get()};
    const auto appliance = [&](sys_seconds first, sys_seconds last) {
        return pem_of(
            certify({"hasim-appliance", appliance_key.get(), first, last, kApplianceExtensions},
                    issuer)
                .get());
    };
    const auto client = [&](sys_seconds first, sys_seconds last) {
        return pem_of(
            certify({wish.client_name, client_key.get(), first, last, kClientExtensions}, issuer)
                .get());
    };
    Pki pki;
    pki.ca = {pem_of(ca.get()), pem_of(ca_key.get())};
    pki.appliance = {appliance(from, until), pem_of(appliance_key.get())};
    pki.client = {client(from, until), pem_of(client_key.get())};
    pki.expired_appliance = appliance(birth, ended);
    pki.expired_client = client(birth, ended);
    return pki;
}

}  // namespace

std::string wrong_name(std::string_view name)
{
    if (name.empty()) {
        return "is empty";
    }
    if (name.size() > kLongestName) {
        return fmt::format("is longer than {} bytes", kLongestName);
    }
    if (printable(name) != name) {
        return "holds characters that do not print, or is not UTF-8";
    }
    return {};
}

std::variant<Pki, std::string> make_pki(const PkiWish& wish)
{
    ERR_clear_error();
    if (const std::string wrong = wrong_name(wish.client_name); !wrong.empty()) {
        return fmt::format("the client's name {}", wrong);
    }
    try {
        return make_all(wish);
    } catch (const Failure& failure) {
        return std::string(failure.what());
    }
}

}  // namespace hasim::tls
