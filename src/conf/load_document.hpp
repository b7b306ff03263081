/// From text to sections and entries, with inih between the two.
#pragma once

#include <string_view>

#include "conf/document.hpp"

namespace hasim::conf {

/// Splits `text`, which must outlive the document. What cannot be understood becomes an error in `findings`.
[[nodiscard]] Document load_document(std::string_view text, FindingList& findings);

}  // namespace hasim::conf
