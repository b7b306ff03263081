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
