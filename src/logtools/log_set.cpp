#include "logtools/log_set.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <system_error>

#include "log/rotation.hpp"
#include "logtools/byte_source.hpp"

namespace hasim::logtools {
namespace {

namespace fs = std::filesystem;

struct Sibling {
    // Rotated ones before the current one, which has no rotated name.
    bool current = false;
    log::RotatedName rotated;
    std::string name;

    /// The same file, compressed or not.
    [[nodiscard]] bool is_same_file(const Sibling& other) const
    {
        return current == other.current && rotated == other.rotated;
    }

    friend bool operator<(const Sibling& a, const Sibling& b)
    {
        return std::tie(a.current, a.rotated, a.name) < std::tie(b.current, b.rotated, b.name);
    }
};

std::vector<Sibling> log_in(const fs::path& directory, std::error_code& error)
{
    std::vector<Sibling> found;
    fs::directory_iterator entry(directory, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const std::string_view plain = log::uncompressed_name(name);
        if (plain == log::kLogFileName) {
            found.push_back({true, {}, name});
        } else if (const auto rotated = log::parse_rotated_name(plain)) {
            found.push_back({false, *rotated, name});
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

class Files {
public:
    void add(const std::string& path)
    {
        // Standard input has nothing to be read a second time.
        if (seen_.insert(fs::path(path).lexically_normal().string()).second) {
            files_.push_back(path);
        }
    }

    /// The log in `directory`; `shown` is how the user wrote it.
    std::optional<Finding> add_log(const fs::path& directory, const std::string& shown)
    {
        std::error_code error;
        const auto siblings = log_in(directory.empty() ? "." : directory, error);
        if (error) {
            return Finding{shown, 0, 0, Severity::error, "cannot be read: " + error.message()};
        }
        if (siblings.empty()) {
            return Finding{shown, 0, 0, Severity::error,
                           "holds no haErrorLog.txt and no haErrorLog_<stamp>.txt; name the files"};
        }
        for (auto each = siblings.begin(); each != siblings.end(); ++each) {
            const Sibling& sibling = *each;
            if (each != siblings.begin() && std::prev(each)->is_same_file(sibling)) {
                notes_.push_back((directory / sibling.name).string() + ": left out, because " +
                                 std::prev(each)->name + " is there, too");
                continue;
            }
            const fs::path path = directory / sibling.name;
            std::error_code unreadable;
            if (!fs::is_regular_file(path, unreadable)) {
                return Finding{path.string(), 0, 0, Severity::error,
                               "is not a regular file, so it is not read as a part of the log"};
            }
            add(path.string());
        }
        return std::nullopt;
    }

    LogFiles take() { return {std::move(files_), std::move(notes_)}; }

private:
    std::vector<std::string> files_;
    std::vector<std::string> notes_;
    std::set<std::string> seen_;
};

}  // namespace

std::variant<LogFiles, Finding> files_meant(const std::vector<std::string>& arguments)
{
    Files files;
    for (const std::string& argument : arguments) {
        const fs::path path(argument);
        std::error_code ignored;
        std::optional<Finding> wrong;
        if (argument == kStandardInput) {
            files.add(argument);
        } else if (fs::is_directory(path, ignored)) {
            wrong = files.add_log(path, argument);
        } else if (log::uncompressed_name(path.filename().string()) == log::kLogFileName &&
                   fs::exists(path, ignored)) {
            wrong = files.add_log(path.parent_path(), argument);
        } else {
            files.add(argument);
        }
        if (wrong) {
            return *wrong;
        }
    }
    return files.take();
}

}  // namespace hasim::logtools
