#include "support/environment.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hasim::test {
namespace {

std::filesystem::path from_environment(const char* variable, const char* built_in)
{
    const char* const value = std::getenv(variable);
    return value != nullptr && *value != '\0' ? value : built_in;
}

}  // namespace

std::filesystem::path source_dir()
{
    return from_environment("HASIM_SOURCE_DIR", HASIM_BUILT_SOURCE_DIR);
}

std::filesystem::path binary()
{
    return from_environment("HASIM_BINARY", HASIM_BUILT_BINARY);
}

TemporaryDirectory::TemporaryDirectory()
{
    std::string name = (std::filesystem::temp_directory_path() / "hasim-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("cannot make a temporary directory " + name);
    }
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file || !text) {
        throw std::runtime_error("cannot read " + path.string());
    }
    return std::move(text).str();
}

void write_file(const std::filesystem::path& path, std::string_view text)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.flush();
    if (!file) {
        throw std::runtime_error("cannot write " + path.string());
    }
}

}  // namespace hasim::test
