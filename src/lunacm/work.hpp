/// What the commands share: reading the configuration, naming a group or a partition, saying what is wrong.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lunacm/print.hpp"
#include "lunacm/session.hpp"

namespace hasim::lunacm {

/// An entry of the configuration as it is to be; without a value: taken out.
struct Change {
    std::string section;
    std::string key;
    std::optional<std::string> value;
};

/// A command at work: what it found, and how it ends.
class Work {
public:
    Work(Surroundings& around, Arguments& arguments) : around_(around), given_(arguments) {}

    /// False when the configuration cannot be used, which is said.
    [[nodiscard]] bool begin();
    [[nodiscard]] const Settings& settings() const { return settings_; }
    /// What can be reached now; everything unreachable without a running hasim.
    [[nodiscard]] const std::set<Serial>& alive() const { return running_.alive; }
    [[nodiscard]] std::vector<SlotRow> slots() const { return slot_rows(settings_, running_); }
    [[nodiscard]] GroupText text_of(const GroupSettings& group) const
    {
        return group_text(settings_, group, running_);
    }
    [[nodiscard]] bool runs() const { return runs_; }

    /// Says what is wrong.
    Result fail(std::string_view why, Result result = Result::general_error);
    /// Says something, indented as the product does.
    void say(std::string_view text);
    void write(std::string_view text) { around_.write(text); }
    [[nodiscard]] Surroundings& around() { return around_; }
    [[nodiscard]] const Arguments& given() const { return given_; }

    /// The group that `option` names by its label or number; null, and said, when there is none.
    [[nodiscard]] const GroupSettings* group(std::string_view option);
    /// The partition that -slot or -serialnumber name; nothing, and said.
    [[nodiscard]] std::optional<Serial> partition();
    /// -password, or what the user types: it is checked by no one, as no partition's PIN is known here.
    [[nodiscard]] bool password();
    /// "Type 'proceed' ..."; -force answers it. False, and said, when it is not to be done.
    [[nodiscard]] bool sure(std::string_view what);
    /// A number of an option; nothing, and said, when it is none from `least` to `most`.
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view option, std::int64_t least,
                                                     std::int64_t most);
    /// Which of the options is given; nothing, and said, unless exactly one is.
    [[nodiscard]] std::string_view one_of(const std::vector<std::string_view>& options);

    /// What is to change in a text; without any the text cannot be changed so.
    using Changes = std::function<std::vector<Change>(std::string_view text)>;
    /// Puts the changes into the configuration and reads it again; no_error, or said.
    [[nodiscard]] Result apply(const Changes& changes);
    [[nodiscard]] Result apply(const std::vector<Change>& changes)
    {
        return apply([&](std::string_view) { return changes; });
    }

private:
    Surroundings& around_;
    Arguments& given_;
    Settings settings_;
    Surroundings::Running running_;
    bool runs_ = false;
};

/// "VirtualToken00Members" of the group with that label in `text`.
[[nodiscard]] std::string group_key(std::string_view text, std::string_view label,
                                    std::string_view what);

/// "1234840370164, 1234924189183"
[[nodiscard]] std::string list_text(const std::vector<Serial>& serials);

}  // namespace hasim::lunacm
