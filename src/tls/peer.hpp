/// What a session says of its peer: who it is, and why it is refused or refuses. For the files of this folder alone.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string>

namespace hasim::tls {

/// The first common name of a certificate in UTF-8; empty when it has none.
[[nodiscard]] std::string common_name_of(X509* certificate);

/// SHA-256 of a certificate's DER, in lower-case hexadecimal digits.
[[nodiscard]] std::string fingerprint_of(X509* certificate);

/// Why the last call on `ssl` failed, in one line; this thread's error queue is empty afterwards.
[[nodiscard]] std::string take_cause(const SSL* ssl);

}  // namespace hasim::tls
