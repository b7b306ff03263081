/// The folder of a lab: tokens, configuration, environment. A lab of one command has one for itself, which goes with
/// it.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "host/file_handle.hpp"

namespace hasim::lab {

class LabDirectory {
public:
    /// A folder of its own below $TMPDIR (or /tmp), removed when this ends. What earlier labs left behind, because they
    /// were killed, is removed now. The other alternative is what went wrong.
    [[nodiscard]] static std::variant<LabDirectory, std::string> temporary();
    /// A folder that stays; made when missing. One lab at a time uses it.
    [[nodiscard]] static std::variant<LabDirectory, std::string> at(const std::string& path);

    LabDirectory(LabDirectory&& other) noexcept;
    LabDirectory& operator=(LabDirectory&& other) = delete;
    LabDirectory(const LabDirectory&) = delete;
    LabDirectory& operator=(const LabDirectory&) = delete;
    ~LabDirectory();

    [[nodiscard]] const std::string& path() const { return path_; }
    /// Writes a file in it as a whole; empty, or what went wrong.
    [[nodiscard]] std::string write(const std::string& name, const std::string& text) const;

private:
    LabDirectory() = default;
    /// Holds the lock that says the folder is in use; empty, or who has it.
    [[nodiscard]] std::string lock();

    std::string path_;
    host::FileHandle lock_;
    bool goes_ = false;
};

}  // namespace hasim::lab
