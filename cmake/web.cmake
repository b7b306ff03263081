# web/: the pages' scripts, styles and pieces of HTML as real files, for editors, linters and a browser's tools. Here they
# become constants of the program, so that it needs no file beside itself.

# hasim_embed(<target> <header> <namespace> <constant> <file of web/>...): defines the string_views that <header> declares.
function(hasim_embed target header namespace)
  set(definitions "")
  while(ARGN)
    list(POP_FRONT ARGN constant name)
    set(file ${PROJECT_SOURCE_DIR}/web/${name})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(APPEND definitions "const std::string_view ${constant} = R\"web(${text})web\";\n")
  endwhile()
  get_filename_component(stem ${header} NAME_WE)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${stem}.cpp @ONLY CONTENT
[[#include "@header@"

namespace @namespace@ {

@definitions@
}  // namespace @namespace@
]])
  target_sources(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated/${stem}.cpp)
endfunction()

hasim_embed(hasim_logtools logtools/report_page.hpp hasim::logtools
  kCommonScript common.js kCommonStyle common.css
  kReportScript report.js kReportStyle report.css kReportTimeline timeline.html)

# The live page: every live* and common* file and its icon, served under its own name; and the API's description.
function(hasim_serve target)
  set(type_html "text/html; charset=utf-8")
  set(type_css "text/css; charset=utf-8")
  set(type_js "text/javascript; charset=utf-8")
  set(type_svg "image/svg+xml")
  set(type_json "application/json")
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/live*.* ${PROJECT_SOURCE_DIR}/web/common.* ${PROJECT_SOURCE_DIR}/web/icon.svg)
  list(APPEND files ${PROJECT_SOURCE_DIR}/docs/openapi.json)
  set(pages "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE ".*\\." "" kind ${name})
    string(REPLACE "live.html" "" path ${name})
    string(REPLACE "openapi.json" "api/v1/openapi.json" path "${path}")
    file(READ ${file} text)
    string(APPEND pages "    Page{\"/${path}\", \"${type_${kind}}\", R\"web(${text})web\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/pages.cpp @ONLY CONTENT
[[#include "http/pages.hpp"

#include <array>

namespace hasim::http {

namespace {

constexpr std::array kPages{
@pages@};

}  // namespace

std::span<const Page> pages()
{
    return kPages;
}

}  // namespace hasim::http
]])
  target_sources(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated/pages.cpp)
endfunction()

hasim_serve(hasim_http)
