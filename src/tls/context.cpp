#include "tls/context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "hasim/result.hpp"
#include "host/read_file.hpp"
#include "tls/handles.hpp"

namespace hasim::tls {
namespace {

constexpr std::size_t kLongestPem = 1024 * 1024;
constexpr int kDeepestChain = 8;

/// A text, and what messages call it.
struct Named {
    std::string name;
    std::string text;
};

struct Material {
    Named ca;
    Named certificate;
    Named key;
};

struct OwnIdentity {
    std::vector<CertificateHandle> chain;  ///< the own certificate first
    KeyHandle key;
};

using Settings = std::shared_ptr<SSL_CTX>;

/// Empty, or what is wrong.
std::string read_pem_file(const std::string& path, std::string_view what, Named& into)
{
    if (path.empty()) {
        return "no file is named for " + std::string(what) + "; `hasim pki DIR` makes one";
    }
    // A pipe could make its reader wait.
    auto read = host::read_file(path, kLongestPem, host::Content::bytes, host::From::regular_file);
    if (const auto* finding = std::get_if<Finding>(&read)) {
        return path + ": " + finding->text + "; it should hold " + std::string(what) +
               " in PEM, as `hasim pki DIR` makes it";
    }
    into = {path, std::get<std::string>(std::move(read))};
    return {};
}

/// All certificates of a PEM text; none when one of them is broken, or there is none.
std::vector<CertificateHandle> certificates_in(const Named& pem, std::string& error)
{
    const BioHandle bio = reading(pem.text);
    std::vector<CertificateHandle> found;
    while (X509* const certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        found.emplace_back(certificate);
    }
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    const std::string reason = take_reason();
    if (!at_end) {
        error = pem.name + ": holds a certificate that cannot be read (" + reason +
                "); copy the file anew";
        found.clear();
    } else if (found.empty()) {
        error = pem.name +
                ": holds no certificate in PEM; it should have a line -----BEGIN CERTIFICATE-----";
    }
    return found;
}

/// Stands in for OpenSSL's question at the terminal, which would wait for somebody.
int refuse_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked)
{
    *static_cast<bool*>(asked) = true;
    return -1;
}

KeyHandle key_in(const Named& pem, std::string& error)
{
    const BioHandle bio = reading(pem.text);
    bool encrypted = false;
    KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_passphrase, &encrypted));
    const std::string reason = take_reason();
    if (encrypted) {
        key.reset();
        error = pem.name + ": the private key is encrypted; name one without a passphrase";
    } else if (key == nullptr) {
        error = pem.name + ": holds no private key in PEM that can be read (" + reason +
                "); it should have a line -----BEGIN PRIVATE KEY-----";
    }
    return key;
}

std::string read_identity(const Named& certificate, const Named& key, OwnIdentity& into)
{
    std::string error;
    into.chain = certificates_in(certificate, error);
    if (!error.empty()) {
        return error;
    }
    into.key = key_in(key, error);
    if (!error.empty()) {
        return error;
    }
    if (X509_check_private_key(into.chain.front().get(), into.key.get()) != 1) {
        ERR_clear_error();
        return key.name + ": is not the key of the certificate in " + certificate.name +
               "; name the two files that were made together";
    }
    return {};
}

void restrain(SSL_CTX* settings, Role role)
{
    SSL_CTX_ctrl(settings, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr);
    SSL_CTX_ctrl(settings, SSL_CTRL_SET_MAX_PROTO_VERSION, 0, nullptr);
    SSL_CTX_set_options(settings,
                        SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_ctrl(settings, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, nullptr);
    SSL_CTX_ctrl(settings, SSL_CTRL_MODE, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN,
                 nullptr);
    // One ticket that nobody can use: it tells a client of TLS 1.3 that it is accepted (session.hpp).
    SSL_CTX_set_num_tickets(settings, role == Role::server ? 1 : 0);
    SSL_CTX_set_verify(settings, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_verify_depth(settings, kDeepestChain);
}

bool trust(SSL_CTX* settings, Role role, const std::vector<CertificateHandle>& authorities)
{
    X509_STORE* const store = SSL_CTX_get_cert_store(settings);
    return std::ranges::all_of(authorities, [&](const CertificateHandle& authority) {
        // A server says to its clients whose certificates it takes.
        return X509_STORE_add_cert(store, authority.get()) == 1 &&
               (role == Role::client || SSL_CTX_add_client_CA(settings, authority.get()) == 1);
    });
}

bool show(SSL_CTX* settings, const OwnIdentity& identity)
{
    if (SSL_CTX_use_certificate(settings, identity.chain.front().get()) != 1 ||
        SSL_CTX_use_PrivateKey(settings, identity.key.get()) != 1) {
        return false;
    }
    return std::all_of(identity.chain.begin() + 1, identity.chain.end(),
                       [&](const CertificateHandle& link) {
                           // The second number says that the context is to keep a reference of its own.
                           return SSL_CTX_ctrl(settings, SSL_CTRL_CHAIN_CERT, 1, link.get()) == 1;
                       });
}

std::variant<Settings, std::string> settings_of(Role role, const Material& material)
{
    ERR_clear_error();
    std::string error;
    const std::vector<CertificateHandle> authorities = certificates_in(material.ca, error);
    if (!error.empty()) {
        return error;
    }
    OwnIdentity identity;
    error = read_identity(material.certificate, material.key, identity);
    if (!error.empty()) {
        return error;
    }
    Settings settings(SSL_CTX_new(TLS_method()), SSL_CTX_free);
    if (settings == nullptr) {
        return "TLS cannot be used: " + take_reason() + "; is OpenSSL installed as a whole?";
    }
    restrain(settings.get(), role);
    if (!trust(settings.get(), role, authorities)) {
        return material.ca.name + ": cannot be used (" + take_reason() + "); name another CA file";
    }
    if (!show(settings.get(), identity)) {
        return material.certificate.name + ": cannot be used (" + take_reason() +
               "); make another, as `hasim pki DIR` does";
    }
    return settings;
}

std::string read_own_files(const std::string& certificate, const std::string& key, Material& into)
{
    const std::string error = read_pem_file(certificate, "a certificate", into.certificate);
    return error.empty() ? read_pem_file(key, "a private key", into.key) : error;
}

}  // namespace

Context::Context(Role role, std::string ca, std::shared_ptr<ssl_ctx_st> settings)
    : role_(role), ca_(std::move(ca)), settings_(std::move(settings))
{
}

std::variant<Context, std::string> Context::from_files(Role role, const Files& files)
{
    Material material;
    std::string error = read_pem_file(files.ca, "the CA's certificate", material.ca);
    if (error.empty()) {
        error = read_own_files(files.certificate, files.key, material);
    }
    if (!error.empty()) {
        return error;
    }
    auto settings = settings_of(role, material);
    if (auto* wrong = std::get_if<std::string>(&settings)) {
        return std::move(*wrong);
    }
    return Context(role, std::move(material.ca.text), std::get<Settings>(std::move(settings)));
}

std::variant<Context, std::string> Context::from_texts(Role role, const Texts& texts)
{
    const Material material{{"the CA", texts.ca},
                            {"the certificate", texts.certificate},
                            {"the private key", texts.key}};
    auto settings = settings_of(role, material);
    if (auto* wrong = std::get_if<std::string>(&settings)) {
        return std::move(*wrong);
    }
    return Context(role, texts.ca, std::get<Settings>(std::move(settings)));
}

std::string Context::use_certificate(const std::string& certificate_file,
                                     const std::string& key_file)
{
    Material material{{"the CA", ca_}, {}, {}};
    std::string error = read_own_files(certificate_file, key_file, material);
    if (!error.empty()) {
        return error;
    }
    auto settings = settings_of(role_, material);
    if (auto* wrong = std::get_if<std::string>(&settings)) {
        return std::move(*wrong);
    }
    settings_ = std::get<Settings>(std::move(settings));
    return {};
}

}  // namespace hasim::tls
