/// Lines from whoever types: on a terminal with history and completion, else as they come.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hasim::cli {

class LineEditor {
public:
    /// What the word at the end of the line may be.
    using Complete = std::function<std::vector<std::string>(std::string_view line)>;

    /// A process has one.
    explicit LineEditor(Complete complete);
    ~LineEditor();
    LineEditor(const LineEditor&) = delete;
    LineEditor& operator=(const LineEditor&) = delete;

    /// Whether somebody sits there.
    [[nodiscard]] bool on_terminal() const { return on_terminal_; }
    /// The next line without its end; nothing when there is none. The prompt is shown on a terminal alone.
    [[nodiscard]] std::optional<std::string> line(const std::string& prompt);
    /// The same for an answer, which is in no history; a hidden one is not shown while it is typed.
    [[nodiscard]] std::optional<std::string> answer(bool hidden);

private:
    bool on_terminal_;
};

}  // namespace hasim::cli
