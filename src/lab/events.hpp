/// What an application's process tells its lab: one line for each thing that happens to its groups. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "cryptoki/function.hpp"
#include "ha/event.hpp"
#include "hasim/group_state.hpp"
#include "hasim/log_record.hpp"

namespace hasim::lab {

/// Number of a group among those of the configuration, from 0. Partitions that are slots of their own are not told of.
using GroupNumber = std::uint32_t;

/// First of all: which process it is.
struct Hello {
    std::uint32_t pid = 0;
};
struct GroupChanged {
    GroupNumber group = 0;
    GroupState state = GroupState::finalized;
};
struct MemberTold {
    GroupNumber group = 0;
    ha::MemberChanged change;
};
/// C_Finalize.
struct GroupFinalized {
    GroupNumber group = 0;
};
/// A line was written.
struct LineWritten {
    LogRecord record;
    WallTime stamp{};
};
/// A request of that function went to that member.
struct RequestSent {
    GroupNumber group = 0;
    Serial member;
    cryptoki::Function function = cryptoki::Function::sign;
};
/// A function returned to the application, `took` after it was called.
struct Returned {
    GroupNumber group = 0;
    cryptoki::Function function = cryptoki::Function::sign;
    Code code = Code::ok;
    std::uint32_t moves = 0;
    Duration took{};
};
/// So many things were not told, because nobody read fast enough.
struct Untold {
    std::uint64_t count = 0;
};

using Report = std::variant<Hello, GroupChanged, MemberTold, GroupFinalized, LineWritten,
                            RequestSent, Returned, Untold>;

/// One line, with its newline.
[[nodiscard]] std::string line_of(const Report& report);
/// Nothing when the line (without a newline) is none of these.
[[nodiscard]] std::optional<Report> report_in(std::string_view line);

}  // namespace hasim::lab
