/// The house rules that a program can check. Each check looks at one file and answers with what it found, as
/// `path:line: text`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hasim::test {

/// A file of the source tree, cut into lines; `path` is relative to the root.
struct SourceFile {
    std::string path;
    std::vector<std::string> lines;

    [[nodiscard]] bool in(std::string_view folder) const;  ///< "src/ha" holds "src/ha/group.cpp"
    [[nodiscard]] bool cpp() const;                        ///< .cpp or .hpp
    [[nodiscard]] bool header() const { return path.ends_with(".hpp"); }
};

using Findings = std::vector<std::string>;

[[nodiscard]] SourceFile make_source(std::string path, std::string_view text);

/// Pure folders include no clock, socket, file, thread, stream or random source, and hash no containers.
[[nodiscard]] Findings check_pure(const SourceFile& file);
/// A folder includes only folders below it, and a third-owner library only where it belongs.
[[nodiscard]] Findings check_arrows(const SourceFile& file);
/// Outside text reaches a terminal through Console, Diagnostics and the few files beside them, and nowhere else.
[[nodiscard]] Findings check_outputs(const SourceFile& file);
/// Code within 100 columns, comments within 120; no tabs, no blanks at line ends.
[[nodiscard]] Findings check_lines(const SourceFile& file);
/// Files within 500 lines, functions within 70.
[[nodiscard]] Findings check_lengths(const SourceFile& file);
/// No notes to self, no paths of somebody's machine, no documents that do not come with the project.
[[nodiscard]] Findings check_leftovers(const SourceFile& file);
/// Headers open with a doc comment and #pragma once.
[[nodiscard]] Findings check_header(const SourceFile& file);
/// Machines name every case, so that a new state or event fails to compile where it is forgotten.
[[nodiscard]] Findings check_switches(const SourceFile& file);

}  // namespace hasim::test
