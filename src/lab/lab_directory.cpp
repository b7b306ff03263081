#include "lab/lab_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "host/replace_file.hpp"

namespace hasim::lab {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "hasim-lab-";
constexpr std::string_view kLockName = "lock";

std::string temporary_folder()
{
    const char* const named = std::getenv("TMPDIR");
    return named != nullptr && named[0] == '/' ? std::string(named) : std::string("/tmp");
}

/// Whether the lab that made this folder has ended, however that happened.
bool is_left_behind(const fs::path& folder)
{
    struct stat status {};
    if (::lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
        status.st_uid != ::geteuid()) {
        return false;
    }
    const host::FileHandle lock(
        ::open((folder / kLockName).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    return lock.is_open() && ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0;
}

void remove_left_behind(const std::string& where)
{
    std::error_code error;
    for (fs::directory_iterator at(where, error), end; !error && at != end; at.increment(error)) {
        if (at->path().filename().string().starts_with(kPrefix) && is_left_behind(at->path())) {
            std::error_code ignored;
            fs::remove_all(at->path(), ignored);
        }
    }
}

}  // namespace

std::variant<LabDirectory, std::string> LabDirectory::temporary()
{
    const std::string where = temporary_folder();
    remove_left_behind(where);
    std::string pattern = fmt::format("{}/{}XXXXXX", where, kPrefix);
    if (::mkdtemp(pattern.data()) == nullptr) {
        return fmt::format("no folder can be made in {}: {}; set TMPDIR to another one", where,
                           std::generic_category().message(errno));
    }
    LabDirectory directory;
    directory.path_ = pattern;
    directory.goes_ = true;
    if (std::string problem = directory.lock(); !problem.empty()) {
        return problem;
    }
    return directory;
}

std::variant<LabDirectory, std::string> LabDirectory::at(const std::string& path)
{
    std::error_code error;
    fs::create_directories(path, error);
    if (error) {
        return fmt::format("{} cannot be made: {}", path, error.message());
    }
    LabDirectory directory;
    directory.path_ = fs::absolute(path, error).lexically_normal().string();
    ::chmod(directory.path_.c_str(), 0700);
    if (std::string problem = directory.lock(); !problem.empty()) {
        return problem;
    }
    return directory;
}

LabDirectory::LabDirectory(LabDirectory&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::move(other.lock_)),
      goes_(std::exchange(other.goes_, false))
{
}

LabDirectory::~LabDirectory()
{
    if (goes_) {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
}

std::string LabDirectory::lock()
{
    const std::string path = fmt::format("{}/{}", path_, kLockName);
    lock_ = host::FileHandle(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock_.is_open()) {
        return fmt::format("{} cannot be written: {}", path,
                           std::generic_category().message(errno));
    }
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
        return fmt::format("{} is in use by another lab; end that one, or use another folder",
                           path_);
    }
    return {};
}

std::string LabDirectory::write(const std::string& name, const std::string& text) const
{
    return host::replace_file(path_ + "/" + name, text);
}

}  // namespace hasim::lab
