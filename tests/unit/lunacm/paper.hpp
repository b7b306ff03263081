/// Surroundings of lunacm that are a text, and what was printed.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "conf/configuration.hpp"
#include "lunacm/session.hpp"

namespace hasim::test {

class Paper final : public lunacm::Surroundings {
public:
    explicit Paper(std::string conf) : text(std::move(conf)) {}

    std::optional<Settings> settings(std::string& problem) override
    {
        conf::Configuration read = conf::read(text, "c.conf");
        for (const Finding& finding : read.findings) {
            if (finding.severity == Severity::error) {
                problem = to_text(finding);
                return std::nullopt;
            }
        }
        return std::move(read.settings);
    }
    std::string edit(const std::function<conf::Edited(std::string_view)>& change) override
    {
        if (before_edit) {
            before_edit();
        }
        conf::Edited edited = change(text);
        if (!refuses.empty() || !edited.ok()) {
            return refuses.empty() ? edited.problem : refuses;
        }
        text = std::move(edited.text);
        return {};
    }
    std::optional<Running> running() override { return runs; }
    bool on_terminal() const override { return terminal; }
    std::optional<std::string> ask(std::string_view prompt, Echo) override
    {
        out += prompt;
        if (answers.empty()) {
            return std::nullopt;
        }
        std::string answer = std::move(answers.front());
        answers.pop_front();
        out += "\n";
        return answer;
    }
    void write(std::string_view written) override { out += written; }

    /// What a command prints.
    std::string run(std::string_view line)
    {
        out.clear();
        lunacm::Session session(*this);
        session.run(line);
        return out;
    }

    std::string text;
    std::string refuses;  ///< why edits fail; empty: they do not
    std::optional<Running> runs;
    bool terminal = false;
    std::function<void()> before_edit;  ///< what others do between reading and writing
    std::deque<std::string> answers;
    std::string out;
};

}  // namespace hasim::test
