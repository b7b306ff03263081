#include "cli/scenario_files.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace hasim::cli {

namespace {

bool passes(const std::string& path, const std::string& filter)
{
    std::istringstream words(filter);
    for (std::string word; words >> word;) {
        if (path.find(word) == std::string::npos) {
            return false;
        }
    }
    return true;
}

}  // namespace

bool find_scenarios(const std::vector<std::string>& paths, const std::string& filter,
                    std::vector<std::string>& files, Console& console)
{
    namespace fs = std::filesystem;
    for (const std::string& path : paths) {
        std::error_code error;
        if (fs::is_directory(path, error)) {
            std::vector<std::string> found;
            for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
                 entry.increment(error)) {
                if (entry->path().extension() == ".hasim" && entry->is_regular_file(error)) {
                    found.push_back(entry->path().string());
                }
            }
            std::sort(found.begin(), found.end());
            files.insert(files.end(), found.begin(), found.end());
        } else if (fs::exists(path, error)) {
            files.push_back(path);
        }
        if (error || !fs::exists(path)) {
            console.error(
                path + ": cannot be read: there is no such file or folder, or it is not readable");
            return false;
        }
    }
    std::erase_if(files, [&](const std::string& file) { return !passes(file, filter); });
    return true;
}

}  // namespace hasim::cli
