#include "tls/handles.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <climits>
#include <cstddef>

namespace hasim::tls {

BioHandle reading(std::string_view text)
{
    const std::size_t size = std::min(text.size(), std::size_t{INT_MAX});
    return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(size)));
}

std::string take_all(BIO* bio)
{
    std::string bytes(BIO_ctrl_pending(bio), '\0');
    std::size_t got = 0;
    if (bytes.empty() || BIO_read_ex(bio, bytes.data(), bytes.size(), &got) != 1) {
        return {};
    }
    bytes.resize(got);
    return bytes;
}

std::string take_reason()
{
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    std::string text = reason != nullptr ? reason : "no reason known";
    ERR_clear_error();
    return text;
}

}  // namespace hasim::tls
