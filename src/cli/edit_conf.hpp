/// Edits of a user's Chrystoki.conf: read, changed, checked, and put in its place while nobody else changes it.
#pragma once

#include <functional>
#include <string>

#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "conf/edit.hpp"

namespace hasim::cli {

/// The file that is meant: `named`, else Chrystoki.conf in $ChrystokiConfigurationPath; empty: neither. Never one in
/// /etc, where production configurations are.
[[nodiscard]] std::string conf_path(const std::string& named);

/// The same, to be edited: of a copy that a lab made for its applications, the file that it was made from.
[[nodiscard]] std::string conf_to_edit(const std::string& named);

/// What to say when there is none.
inline constexpr const char* kNoConf =
    "no configuration: name one with --conf FILE, or set ChrystokiConfigurationPath to the "
    "directory of a Chrystoki.conf";

/// What became of an edit. `problem` is a line that says place, cause and remedy.
struct ConfEdit {
    ExitCode code = ExitCode::done;
    std::string problem;
    std::string text;  ///< of the file now
    bool changed = false;

    [[nodiscard]] bool ok() const { return code == ExitCode::done; }
};

/// Has `change` make a new text of the file's, and puts it there. Edits by several processes take turns: `change` sees
/// what the others did. One that brings a new error into the configuration is refused, unless `force`.
[[nodiscard]] ConfEdit edit_conf(const std::string& path,
                                 const std::function<conf::Edited(std::string_view)>& change,
                                 bool force);

}  // namespace hasim::cli
