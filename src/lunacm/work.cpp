#include "lunacm/work.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "conf/configuration.hpp"

namespace hasim::lunacm {

bool Work::begin()
{
    std::string problem;
    auto read = around_.settings(problem);
    if (!read) {
        fail(problem);
        return false;
    }
    settings_ = std::move(*read);
    const auto running = around_.running();
    runs_ = running.has_value();
    running_ = running.value_or(Surroundings::Running());
    return true;
}

Result Work::fail(std::string_view why, Result result)
{
    around_.write(fmt::format("\nError:  {}\n", why));
    return result;
}

void Work::say(std::string_view text)
{
    around_.write(fmt::format("\n        {}\n", text));
}

const GroupSettings* Work::group(std::string_view option)
{
    const auto name = given_.text(option);
    if (!name) {
        fail(fmt::format("-{} is missing: the label or the number of a group.", option),
             Result::arguments_bad);
        return nullptr;
    }
    const auto& groups = settings_.groups;
    auto at = std::find_if(groups.begin(), groups.end(),
                           [&](const GroupSettings& one) { return one.label == *name; });
    if (at == groups.end()) {
        at = std::find_if(groups.begin(), groups.end(),
                          [&](const GroupSettings& one) { return one.serial.text() == *name; });
    }
    if (at == groups.end()) {
        fail(fmt::format("There is no HA group {}.", in_quotes(*name)), Result::arguments_bad);
        return nullptr;
    }
    return &*at;
}

std::optional<Serial> Work::partition()
{
    const auto slot = given_.text("slot");
    const auto serial = given_.text("serialnumber");
    if (slot.has_value() == serial.has_value()) {
        fail("Name the partition with -slot or with -serialnumber.", Result::arguments_bad);
        return std::nullopt;
    }
    if (serial) {
        const auto read = Serial::parse(*serial);
        if (!read) {
            fail(fmt::format("{} is no serial number: 1 to 20 digits.", in_quotes(*serial)),
                 Result::arguments_bad);
        }
        return read;
    }
    for (const SlotRow& row : slots()) {
        if (!row.is_group && std::to_string(row.number) == *slot) {
            return row.serial;
        }
    }
    fail(
        fmt::format("Slot {} holds no partition; slot list shows those that do.", in_quotes(*slot)),
        Result::arguments_bad);
    return std::nullopt;
}

bool Work::password()
{
    if (given_.has("password")) {
        return true;
    }
    if (const auto typed =
            around_.ask("\n        Enter the password: ", Surroundings::Echo::hidden)) {
        given_.set("password", *typed);  // it is asked for once
        return true;
    }
    fail("There is nobody to ask for the password: give it with -password.", Result::pin_incorrect);
    return false;
}

bool Work::sure(std::string_view what)
{
    if (given_.has("force")) {
        return true;
    }
    say(what);
    const auto answer = around_.ask(
        "\n        Are you sure you wish to continue?\n\n"
        "        Type 'proceed' to continue, or 'quit' to quit now -> ",
        Surroundings::Echo::shown);
    if (answer == "proceed") {
        given_.set("force", {});
        return true;
    }
    say("Nothing was done.");
    return false;
}

std::optional<std::int64_t> Work::number(std::string_view option, std::int64_t least,
                                         std::int64_t most)
{
    const std::string text = given_.text(option).value_or("");
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && value >= least &&
        value <= most) {
        return value;
    }
    fail(fmt::format("-{} must be a number from {} to {}.", option, least, most),
         Result::arguments_bad);
    return std::nullopt;
}

std::string_view Work::one_of(const std::vector<std::string_view>& options)
{
    std::string_view found;
    std::size_t count = 0;
    std::string all;
    for (const std::string_view option : options) {
        found = given_.has(option) ? option : found;
        count += given_.has(option) ? 1U : 0U;
        all += fmt::format("{}-{}",
                           all.empty()                ? ""
                           : option == options.back() ? " or "
                                                      : ", ",
                           option);
    }
    if (count != 1) {
        fail(fmt::format("Give one of {}.", all), Result::arguments_bad);
        return {};
    }
    return found;
}

Result Work::apply(const Changes& changes)
{
    bool other = false;
    const std::string problem = around_.edit([&](std::string_view text) {
        conf::Edited edited{std::string(text), {}};
        other = conf::read(text, "").settings !=
                settings_;  // what is to change was worked out of these
        if (other) {
            return edited;
        }
        for (const Change& change : changes(text)) {
            edited = change.value
                         ? conf::set_entry(edited.text, change.section, change.key, *change.value)
                         : conf::unset_entry(edited.text, change.section, change.key);
            if (!edited.ok()) {
                break;
            }
        }
        return edited;
    });
    if (other) {
        return Result::again;
    }
    if (!problem.empty()) {
        return fail(problem);
    }
    return begin() ? Result::no_error : Result::general_error;
}

std::string group_key(std::string_view text, std::string_view label, std::string_view what)
{
    return fmt::format("VirtualToken{}{}", conf::group_digits(text, label).value_or("00"), what);
}

std::string list_text(const std::vector<Serial>& serials)
{
    std::string text;
    for (const Serial serial : serials) {
        text += (text.empty() ? "" : ", ") + std::string(serial.text());
    }
    return text;
}

}  // namespace hasim::lunacm
