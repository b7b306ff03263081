/// The files of web/ that make the live page, and docs/openapi.json, as the build embedded them (cmake/web.cmake).
#pragma once

#include <span>
#include <string_view>

namespace hasim::http {

struct Page {
    std::string_view path;  ///< "/live.js"; the page itself is "/"
    std::string_view type;
    std::string_view text;
};

[[nodiscard]] std::span<const Page> pages();

}  // namespace hasim::http
