/// What lunacm stands in on this machine: a file, a hasim that runs with it, and a terminal or a pipe.
#pragma once

#include <optional>
#include <string>

#include "cli/console.hpp"
#include "cli/line_editor.hpp"
#include "lunacm/session.hpp"

namespace hasim::cli {

class LunacmSurroundings final : public lunacm::Surroundings {
public:
    /// `conf` is a path. Whom it may ask: `editor`, not owned.
    LunacmSurroundings(std::string conf, LineEditor& editor, Console& console)
        : conf_(std::move(conf)), editor_(editor), console_(console)
    {
    }

    [[nodiscard]] std::optional<Settings> settings(std::string& problem) override;
    [[nodiscard]] std::string edit(
        const std::function<conf::Edited(std::string_view)>& change) override;
    [[nodiscard]] std::optional<Running> running() override;
    [[nodiscard]] bool on_terminal() const override { return editor_.on_terminal(); }
    [[nodiscard]] std::optional<std::string> ask(std::string_view prompt, Echo echo) override;
    void write(std::string_view text) override;

private:
    std::string conf_;
    LineEditor& editor_;
    Console& console_;
};

}  // namespace hasim::cli
