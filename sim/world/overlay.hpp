/// What faults change in the configuration. The user's file is never written: the change lies over what it says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hasim/settings.hpp"

namespace hasim::sim {

class Overlay {
public:
    void add_member(const std::string& label, Serial member);
    void remove_member(const std::string& label, Serial member);
    /// HARecover of the group is one more.
    void recover(const std::string& label);
    void set_mode(RecoveryMode mode) { mode_ = mode; }

    /// `file` with all of it applied, in the order in which it happened.
    [[nodiscard]] Settings over(const Settings& file) const;

    void clear() { *this = Overlay{}; }

private:
    struct Edit {
        Serial member;
        bool added = false;
    };
    struct GroupEdits {
        std::vector<Edit> members;
        std::uint64_t recoveries = 0;
    };

    std::map<std::string, GroupEdits> groups_;
    std::optional<RecoveryMode> mode_;
};

}  // namespace hasim::sim
