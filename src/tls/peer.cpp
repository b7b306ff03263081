#include "tls/peer.hpp"

#include <fmt/core.h>
#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <array>

#include "tls/handles.hpp"

namespace hasim::tls {
namespace {

/// What is wrong with the peer's certificate.
std::string refusal_of(long verdict)
{
    switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return "the peer's certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID: return "the peer's certificate is not valid yet";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: return "the peer's certificate is of an unknown CA";
    case X509_V_ERR_INVALID_PURPOSE:
        return "the peer's certificate is not meant for its side of the connection";
    default:
        return fmt::format("the peer's certificate is refused: {}",
                           X509_verify_cert_error_string(verdict));
    }
}

/// The peer ended the handshake with an alert.
std::string alert_text(int alert)
{
    switch (alert) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_CERTIFICATE_REQUIRED:
        return fmt::format("the peer refused our certificate: {}",
                           SSL_alert_desc_string_long(alert));
    default: return fmt::format("the peer refused: {}", SSL_alert_desc_string_long(alert));
    }
}

}  // namespace

std::string common_name_of(X509* certificate)
{
    const X509_NAME* const subject = X509_get_subject_name(certificate);
    const int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (place < 0) {
        return {};
    }
    const ASN1_STRING* const value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place));
    unsigned char* text = nullptr;
    const int length = ASN1_STRING_to_UTF8(&text, value);
    if (length < 0) {
        ERR_clear_error();
        return {};
    }
    std::string name(text, text + length);
    CRYPTO_free(text, __FILE__, __LINE__);
    return name;
}

std::string fingerprint_of(X509* certificate)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &length) != 1) {
        ERR_clear_error();
        return {};
    }
    std::string text;
    for (unsigned int i = 0; i < length; ++i) {
        text += fmt::format("{:02x}", digest[i]);
    }
    return text;
}

std::string take_cause(const SSL* ssl)
{
    const int reason = ERR_GET_REASON(ERR_peek_last_error());
    const bool from_tls = ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_SSL;
    const std::string words = take_reason();
    if (from_tls && reason >= SSL_AD_REASON_OFFSET) {
        return alert_text(reason - SSL_AD_REASON_OFFSET);
    }
    if (from_tls && reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
        return "the peer has shown no certificate";
    }
    const long verdict = SSL_get_verify_result(ssl);
    if (verdict != X509_V_OK) {
        return refusal_of(verdict);
    }
    return "the peer broke the rules of TLS: " + words;
}

}  // namespace hasim::tls
