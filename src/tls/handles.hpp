/// Owners of OpenSSL's objects, and what its error queue says. For the files of this folder alone.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace hasim::tls {

template <auto kFree>
struct Freed {
    template <class Object>
    void operator()(Object* object) const
    {
        kFree(object);
    }
};

using BioHandle = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, Freed<X509_free>>;
using SslHandle = std::unique_ptr<SSL, Freed<SSL_free>>;

/// A BIO that reads `text`, which must outlive it.
[[nodiscard]] BioHandle reading(std::string_view text);

/// Everything that waits in a memory BIO; afterwards nothing does.
[[nodiscard]] std::string take_all(BIO* bio);

/// The reason of the newest entry in this thread's error queue, such as "bad decrypt"; the queue is empty afterwards.
[[nodiscard]] std::string take_reason();

}  // namespace hasim::tls
