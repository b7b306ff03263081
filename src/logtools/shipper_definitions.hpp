/// The definitions for liblognorm and for what ships logs: rsyslog's mmnormalize and OpenTelemetry's collector. For
/// definitions.cpp alone.
#pragma once

#include <string>
#include <string_view>

#include "hasim/log_record.hpp"

namespace hasim::logtools {

/// Whether a line of `form` tells of a member that is lost or stays so.
[[nodiscard]] bool is_bad_news(LogForm form);

[[nodiscard]] std::string liblognorm_definition();
[[nodiscard]] std::string mmnormalize_definition();
[[nodiscard]] std::string opentelemetry_definition(std::string_view timezone);

}  // namespace hasim::logtools
