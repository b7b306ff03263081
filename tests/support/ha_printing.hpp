/// What the HA machines hear and say, as text: for failure messages and golden files.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "ha/event.hpp"
#include "ha/group.hpp"
#include "log/format.hpp"

namespace hasim::test {

/// The whole line of a record, as the run's log has it: the run starts on Wed Oct 4 16:29:11 2017.
[[nodiscard]] inline std::string line_of(const LogRecord& record)
{
    using namespace std::chrono;
    const auto start = local_days(year(2017) / October / 4) + hours(16) + minutes(29) + seconds(11);
    const LocalSeconds stamp = start + floor<seconds>(record.at.time_since_epoch());
    std::array<char, log::kMaxLineLength> buffer{};
    const std::size_t size = log::format_line(record, stamp, StampStyle::note, buffer);
    return {buffer.data(), size};
}

/// What stands behind the prefix of a line, which ends with the serial of the group.
[[nodiscard]] inline std::string message_of_line(const LogRecord& record)
{
    const std::string line = line_of(record);
    const std::string prefix_end = fmt::format("HA group: {} ", record.group.text());
    return line.substr(line.find(prefix_end) + prefix_end.size());
}

[[nodiscard]] inline std::string_view to_text(ha::Role role)
{
    switch (role) {
    case ha::Role::active: return "active-role";
    case ha::Role::standby: return "standby";
    }
    return "?";
}

[[nodiscard]] inline std::string_view to_text(Operation operation)
{
    switch (operation) {
    case Operation::open: return "open";
    case Operation::login: return "login";
    case Operation::logout: return "logout";
    case Operation::sign: return "sign";
    case Operation::call: return "call";
    case Operation::clone_out: return "clone_out";
    case Operation::clone_in: return "clone_in";
    }
    return "?";
}

[[nodiscard]] inline std::string to_text(const Code& code)
{
    const std::string_view name = name_of(code);
    return name == "UNKNOWN" ? fmt::format("{:#010x}", static_cast<std::uint32_t>(code))
                             : std::string(name);
}

[[nodiscard]] inline std::string to_text(Instant instant)
{
    const auto since =
        std::chrono::duration_cast<std::chrono::milliseconds>(instant.time_since_epoch()).count();
    return since % 1000 == 0 ? fmt::format("{}s", since / 1000) : fmt::format("{}ms", since);
}

/// Events and effects as short sentences.
struct InWords {
    std::string operator()(const ha::Initialize&) const { return "C_Initialize"; }
    std::string operator()(const ha::Finalize&) const { return "C_Finalize"; }
    std::string operator()(const ha::Login&) const { return "C_Login"; }
    std::string operator()(const ha::Logout&) const { return "C_Logout"; }
    std::string operator()(const ha::Command&) const { return "C_Sign"; }
    std::string operator()(const ha::LinkOpened& event) const
    {
        return fmt::format("link {} opened", event.link.value);
    }
    std::string operator()(const ha::LinkFailed& event) const
    {
        return fmt::format("link {} failed: {}", event.link.value, to_text(event.code));
    }
    std::string operator()(const ha::LinkClosed& event) const
    {
        return fmt::format("link {} closed: {}", event.link.value, to_text(event.code));
    }
    std::string operator()(const ha::ReplyArrived& event) const
    {
        return fmt::format("reply on link {}: {}", event.link.value, to_text(event.reply.code));
    }
    std::string operator()(const ha::SettingsChanged&) const { return "settings changed"; }
    std::string operator()(const ha::DeadlineReached&) const { return "deadline reached"; }

    std::string operator()(const ha::OpenLink& effect) const
    {
        return fmt::format("open link {} to {}", effect.link.value, effect.member.text());
    }
    std::string operator()(const ha::CloseLink& effect) const
    {
        return fmt::format("close link {}", effect.link.value);
    }
    std::string operator()(const ha::SendRequest& effect) const
    {
        return fmt::format("send {} on link {}", to_text(effect.request.operation),
                           effect.link.value);
    }
    std::string operator()(const ha::WriteLog& effect) const
    {
        return fmt::format("log \"{}\"", message_of_line(effect.record));
    }
    std::string operator()(const ha::Answer& effect) const
    {
        const std::string moved =
            effect.moves == 0 ? "" : fmt::format(" after {} moves", effect.moves);
        return fmt::format("call {} returns {}{}", effect.call.value, to_text(effect.code), moved);
    }
    std::string operator()(const ha::MembersEnded&) const { return "members ended"; }
    std::string operator()(const ha::MemberChanged& effect) const
    {
        return fmt::format("{} becomes {} ({})", effect.member.text(), name_of(effect.to),
                           name_of(effect.cause));
    }
};

[[nodiscard]] inline std::string to_text(const ha::Event& event)
{
    return std::visit(InWords{}, event);
}

[[nodiscard]] inline std::string to_text(const ha::Effect& effect)
{
    return std::visit(InWords{}, effect);
}

}  // namespace hasim::test
