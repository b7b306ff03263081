#include "support/lab.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fmt/core.h>

namespace hasim::test {

std::string lab_of_two_but(std::string_view was, std::string_view becomes)
{
    std::string text(kLabOfTwo);
    const std::size_t at = text.find(was);
    if (at == std::string::npos) {
        throw std::runtime_error("the lab's configuration has no " + std::string(was));
    }
    return text.replace(at, was.size(), becomes);
}

std::string why_no_lab()
{
    constexpr std::string_view kSoftHsm = "/usr/lib/softhsm/libsofthsm2.so";
    return std::filesystem::exists(kSoftHsm)
               ? std::string{}
               : fmt::format("{} is missing: install softhsm2 to run this test", kSoftHsm);
}

Lab::Lab(std::string_view configuration)
{
    const std::filesystem::path conf = temporary_.path() / "Chrystoki.conf";
    write_file(conf, configuration);
    std::filesystem::create_directories(directory());
    std::filesystem::create_directories(log_path().parent_path());
    ProcessOptions options;
    options.ends_with_test = true;
    appliances_ = std::make_unique<Process>(
        std::vector<std::string>{"appliances", "--conf", conf.string(), "--lab",
                                 directory().string(), "--log-dir",
                                 log_path().parent_path().string()},
        options);
    if (!appliances_->wait_for("ready:")) {
        throw std::runtime_error("the lab does not start: " + appliances_->err());
    }
    ::setenv("ChrystokiConfigurationPath", directory().c_str(), 1);
}

Lab::~Lab()
{
    // Nobody needs its last words; its files go with the directory.
    appliances_->send_signal(SIGINT);
    static_cast<void>(appliances_->wait());
    ::unsetenv("ChrystokiConfigurationPath");
}

void Lab::ctl(const std::string& line) const
{
    const Finished told = run_hasim({"ctl", "--pid", std::to_string(appliances_->pid()), line});
    if (told.exit_code != 0) {
        throw std::runtime_error("hasim ctl '" + line + "': " + told.err);
    }
}

std::filesystem::path Lab::directory() const
{
    return temporary_.path() / "lab";
}

std::filesystem::path Lab::log_path() const
{
    return temporary_.path() / "log" / "haErrorLog.txt";
}

std::string Lab::log() const
{
    return std::filesystem::exists(log_path()) ? read_file(log_path()) : std::string{};
}

}  // namespace hasim::test
