/// What belongs to a process's view of a member, found again without looking for it: most lines are about one of a few.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "hasim/log_record.hpp"

namespace hasim::log {

/// Keeps a few values by process, group and member, each until another one needs its place. `Value{}` stands for none.
template <class Value>
class RecentPairs {
public:
    /// The place of the pair that `record` is about: holds its value, or none.
    Value& at(const LogRecord& record)
    {
        constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15U;
        const std::uint64_t hash = (record.member.hash() + record.pid.value) * kSpread;
        Entry& entry = entries_[hash >> (64U - kBits)];
        if (entry.pid != record.pid || entry.member != record.member ||
            entry.group != record.group) {
            entry = {record.pid, record.group, record.member, Value{}};
        }
        return entry.value;
    }

    /// No pair has a value any more; places stay where they are.
    void clear()
    {
        for (Entry& entry : entries_) {
            entry.value = Value{};
        }
    }

private:
    static constexpr std::size_t kBits = 6;

    struct Entry {
        Pid pid{};
        Serial group{};
        Serial member{};
        Value value{};
    };
    std::array<Entry, std::size_t{1} << kBits> entries_{};
};

}  // namespace hasim::log
