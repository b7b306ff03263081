/// The table that C_GetFunctionList gives, and texts as PKCS#11 wants them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include <p11-kit/pkcs11.h>

namespace hasim::pkcs11::abi {

[[nodiscard]] CK_FUNCTION_LIST* function_list();

/// A text in a field of fixed size, filled up with blanks; what is too long is cut.
template <std::size_t N>
void fill(CK_UTF8CHAR (&field)[N], std::string_view text)
{
    std::memset(field, ' ', N);
    std::memcpy(field, text.data(), std::min(N, text.size()));
}

}  // namespace hasim::pkcs11::abi
