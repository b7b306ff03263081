/// docs/pkcs11-functions.md, from the table of functions.
#pragma once

#include <string>

namespace hasim::cryptoki {

[[nodiscard]] std::string functions_manual();

}  // namespace hasim::cryptoki
