#include "lab/events.hpp"

#include <charconv>

#include <fmt/format.h>

namespace hasim::lab {

namespace {

/// Words of a line, read one after the other; once one is not what it should be, nothing is.
class Words {
public:
    explicit Words(std::string_view line) : left_(line) {}

    std::string_view word()
    {
        const std::size_t end = std::min(left_.find(' '), left_.size());
        const std::string_view word = left_.substr(0, end);
        left_.remove_prefix(std::min(end + 1, left_.size()));
        ok_ = ok_ && !word.empty();
        return word;
    }
    std::uint64_t number(std::uint64_t most)
    {
        const std::string_view digits = word();
        std::uint64_t number = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), number);
        ok_ = ok_ && error == std::errc{} && end == digits.data() + digits.size() && number <= most;
        return ok_ ? number : 0;
    }
    template <class Enum>
    Enum choice(Enum last)
    {
        return static_cast<Enum>(number(static_cast<std::uint64_t>(last)));
    }
    Serial serial()
    {
        const auto serial = Serial::parse(word());
        ok_ = ok_ && serial.has_value();
        return serial.value_or(Serial{});
    }
    [[nodiscard]] bool ok() const { return ok_ && left_.empty(); }

private:
    std::string_view left_;
    bool ok_ = true;
};

constexpr std::uint64_t kMost32 = 0xffffffff;
constexpr std::uint64_t kMostTime = std::uint64_t{1} << 62U;

template <class Enum>
unsigned as_number(Enum value)
{
    return static_cast<unsigned>(value);
}

struct Writer {
    std::string operator()(const Hello& what) const { return fmt::format("hello {}\n", what.pid); }
    std::string operator()(const GroupChanged& what) const
    {
        return fmt::format("group {} {}\n", what.group, as_number(what.state));
    }
    std::string operator()(const MemberTold& what) const
    {
        return fmt::format("member {} {} {} {}\n", what.group, what.change.member.text(),
                           as_number(what.change.to), as_number(what.change.cause));
    }
    std::string operator()(const GroupFinalized& what) const
    {
        return fmt::format("finalized {}\n", what.group);
    }
    std::string operator()(const LineWritten& what) const
    {
        const LogRecord& record = what.record;
        return fmt::format("line {} {} {} {} {} {}\n", as_number(record.form), record.group.text(),
                           record.member.text(), record.attempt, as_number(record.code),
                           what.stamp.time_since_epoch().count());
    }
    std::string operator()(const RequestSent& what) const
    {
        return fmt::format("sent {} {} {}\n", what.group, what.member.text(),
                           as_number(what.function));
    }
    std::string operator()(const Returned& what) const
    {
        return fmt::format("returned {} {} {} {} {}\n", what.group, as_number(what.function),
                           as_number(what.code), what.moves, what.took.count());
    }
    std::string operator()(const Untold& what) const
    {
        return fmt::format("untold {}\n", what.count);
    }
};

std::optional<Report> read(std::string_view kind, Words& words)
{
    using cryptoki::Function;
    const auto group = [&] { return static_cast<GroupNumber>(words.number(kMost32)); };
    if (kind == "hello") {
        return Hello{static_cast<std::uint32_t>(words.number(kMost32))};
    }
    if (kind == "group") {
        const GroupNumber number = group();
        return GroupChanged{number, words.choice(GroupState::latched)};
    }
    if (kind == "member") {
        MemberTold told{group(), {}};
        told.change.member = words.serial();
        told.change.to = words.choice(MemberState::removed);
        told.change.cause = words.choice(ha::Cause::configured_in);
        return told;
    }
    if (kind == "finalized") {
        return GroupFinalized{group()};
    }
    if (kind == "line") {
        LineWritten written;
        written.record.form = words.choice(LogForm::unrecoverable);
        written.record.group = words.serial();
        written.record.member = words.serial();
        written.record.attempt = static_cast<std::uint32_t>(words.number(kMost32));
        written.record.code = static_cast<Code>(words.number(kMost32));
        written.stamp =
            WallTime(WallTime::duration(static_cast<std::int64_t>(words.number(kMostTime))));
        return written;
    }
    if (kind == "sent") {
        RequestSent sent{group(), words.serial()};
        sent.function = words.choice(Function::wait_for_slot_event);
        return sent;
    }
    if (kind == "returned") {
        Returned returned{group()};
        returned.function = words.choice(Function::wait_for_slot_event);
        returned.code = static_cast<Code>(words.number(kMost32));
        returned.moves = static_cast<std::uint32_t>(words.number(kMost32));
        returned.took = Duration(static_cast<std::int64_t>(words.number(kMostTime)));
        return returned;
    }
    return kind == "untold" ? std::optional<Report>(Untold{words.number(kMostTime)}) : std::nullopt;
}

}  // namespace

std::string line_of(const Report& report)
{
    return std::visit(Writer{}, report);
}

std::optional<Report> report_in(std::string_view line)
{
    Words words(line);
    std::optional<Report> report = read(words.word(), words);
    return words.ok() ? report : std::nullopt;
}

}  // namespace hasim::lab
