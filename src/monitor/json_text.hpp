/// JSON as people read it: 30.478, not 3.0478E1.
#pragma once

#include <string>

#include <boost/json/value.hpp>

namespace hasim::monitor {

/// One line, without blanks. Numbers stand in full, to a millionth.
[[nodiscard]] std::string json_text(const boost::json::value& value);

}  // namespace hasim::monitor
