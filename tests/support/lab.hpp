/// A lab of simulated appliances beside the test, for a PKCS#11 module that the test calls itself.
///
///     Lab lab;                          // ChrystokiConfigurationPath now leads to it
///     CHECK(C_Initialize(nullptr) == CKR_OK);
///     lab.ctl("hsm1 cable out");
#pragma once

#include "support/environment.hpp"
#include "support/process.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace hasim::test {

/// One group of two members that lasts: HAOnly, synchronised, activeEnhanced, recovery without end, a ReceiveTimeout of
/// two seconds.
inline constexpr std::string_view kLabOfTwo = R"(VirtualToken = {
    VirtualToken00Label = haGroup1;
    VirtualToken00SN = 11234840370164;
    VirtualToken00Members = 1234840370164, 1234924189183;
    VirtualTokenActiveRecovery = activeEnhanced;
}
HASynchronize = {
    haGroup1 = 1;
}
LunaSA Client = {
    ReceiveTimeout = 2000;
}
HAConfiguration = {
    HAOnly = 1;
    haLogStatus = enabled;
    reconnAtt = -1;
}
)";

/// The same text with one setting changed: "reconnAtt = -1" and what it is to become.
[[nodiscard]] std::string lab_of_two_but(std::string_view was, std::string_view becomes);

/// Why there can be no lab on this machine; empty when there can be one.
[[nodiscard]] std::string why_no_lab();

/// `hasim appliances --lab`, from the constructor to the destructor. Needs SoftHSM2: ask why_no_lab() first. A failure
/// to start fails the test.
class Lab {
public:
    explicit Lab(std::string_view configuration = kLabOfTwo);
    ~Lab();
    Lab(const Lab&) = delete;
    Lab& operator=(const Lab&) = delete;

    /// `hasim ctl`: breaks and heals; fails the test when the line is not taken.
    void ctl(const std::string& line) const;

    /// What ChrystokiConfigurationPath is set to.
    [[nodiscard]] std::filesystem::path directory() const;
    /// The haErrorLog.txt of its applications.
    [[nodiscard]] std::filesystem::path log_path() const;
    /// What stands in the log by now; nothing while there is none.
    [[nodiscard]] std::string log() const;

private:
    TemporaryDirectory temporary_;
    std::unique_ptr<Process> appliances_;
};

}  // namespace hasim::test
