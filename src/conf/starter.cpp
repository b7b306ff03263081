#include "conf/starter.hpp"

#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hasim::conf {

namespace {

/// Writes sections and commented entries in either form.
class Writer {
public:
    explicit Writer(Form form) : braces_(form == Form::braces) {}

    void comment(std::string_view text) { text_ += fmt::format("# {}{}", text, end()); }
    void section(std::string_view name)
    {
        text_ += end();
        text_ +=
            braces_ ? fmt::format("{} = {{{}", name, end()) : fmt::format("[{}]{}", name, end());
    }
    void entry(std::string_view key, std::string_view value, std::string_view why = {})
    {
        if (!why.empty()) {
            text_ += fmt::format("{}# {}{}", indent(), why, end());
        }
        text_ += braces_ ? fmt::format("{}{} = {};{}", indent(), key, value, end())
                         : fmt::format("{}={}{}", key, value, end());
    }
    void end_section() { text_ += braces_ ? fmt::format("}}{}", end()) : ""; }

    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    [[nodiscard]] std::string_view end() const { return braces_ ? "\n" : "\r\n"; }
    [[nodiscard]] std::string_view indent() const { return braces_ ? "    " : ""; }

    bool braces_;
    std::string text_;
};

std::vector<std::string> serials(std::size_t count)
{
    constexpr std::uint64_t kFirst = 1234840370164;
    constexpr std::uint64_t kStep = 83819019;
    std::vector<std::string> numbers;
    for (std::size_t i = 0; i < count; ++i) {
        numbers.push_back(std::to_string(kFirst + i * kStep));
    }
    return numbers;
}

}  // namespace

std::string starter_text(const Starter& starter)
{
    const std::vector<std::string> all = serials(starter.members);
    const auto first_standby = all.end() - static_cast<std::ptrdiff_t>(starter.standby);
    Writer file(starter.form);
    file.comment("A client configuration for hasim. Every appliance is simulated on this machine:");
    file.comment("no name and no port of this file is ever connected to.");

    file.section("LunaSA Client");
    file.entry("ReceiveTimeout", "20000",
               "Milliseconds without an answer after which a member is dropped.");
    for (std::size_t i = 0; i < all.size(); ++i) {
        file.entry(fmt::format("ServerName{:02}", i), fmt::format("hsm{}.example", i + 1),
                   i == 0 ? "The appliances; scenarios call them hsm1, hsm2 ..." : "");
        file.entry(fmt::format("ServerPort{:02}", i), "1792");
    }
    file.end_section();

    file.section("VirtualToken");
    file.entry("VirtualToken00Label", starter.label,
               "The group: its name, its serial number, and the partitions that are its members.");
    file.entry("VirtualToken00SN", "1" + all.front());
    file.entry("VirtualToken00Members",
               fmt::format("{}", fmt::join(all.begin(), first_standby, ", ")));
    file.entry("VirtualTokenActiveRecovery", "activeEnhanced",
               "activeBasic: when all members were lost, applications must begin anew.");
    file.end_section();

    file.section("HASynchronize");
    file.entry(starter.label, "1", "1: what is made on one member is made on all.");
    file.end_section();

    file.section("HAConfiguration");
    file.entry("HAOnly", "1", "1: applications see the group, and not its members' own slots.");
    file.entry("haLogStatus", "enabled");
    file.entry("haLogPath", "/tmp/halog", "The folder of haErrorLog.txt.");
    file.entry("logLen", "262144", "Bytes after which it is put aside and a new one begins.");
    file.entry("reconnAtt", "-1",
               "Recovery attempts: -1 without end, 0 none. The product's own default is 0.");
    file.entry("AutoReconnectInterval", "60", "Seconds between them, from 60 to 1200.");
    if (starter.standby > 0) {
        file.entry(starter.label + "StandbyMembers",
                   fmt::format("{}", fmt::join(first_standby, all.end(), ", ")),
                   "These serve when no other member does.");
    }
    file.end_section();
    return file.take();
}

}  // namespace hasim::conf
