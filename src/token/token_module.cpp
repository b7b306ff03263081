#include "token/token_module.hpp"

#include <dlfcn.h>
#include <sys/stat.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include <fmt/format.h>

#include "hasim/code.hpp"

namespace hasim::token {
namespace {

constexpr const char* kSoftHsm = "/usr/lib/softhsm/libsofthsm2.so";

// The lab's own: tokens lie in a folder that only its owner may read, and no client ever gives these.
constexpr std::string_view kOfficerPin = "hasim-lab-officer";
constexpr std::string_view kLabPin = "hasim-lab-user";

CK_UTF8CHAR* text(std::string_view text)
{
    // The interface takes what it only reads without const.
    return reinterpret_cast<CK_UTF8CHAR*>(const_cast<char*>(text.data()));
}

std::string failed(std::string_view what, CK_RV code)
{
    return fmt::format("{} failed with {} (0x{:08x})", what,
                       hasim::name_of(static_cast<Code>(code)), code);
}

std::string label_of(std::uint32_t domain)
{
    return fmt::format("hasim domain {}", domain + 1);
}

/// A label as a CK_TOKEN_INFO has it: 32 bytes, filled up with blanks.
std::string padded(std::string_view label)
{
    constexpr std::size_t kSize = 32;
    std::string padded(label);
    padded.resize(kSize, ' ');
    return padded;
}

/// For as long as it lives, the variable that names SoftHSM2's configuration; then what it was. The command of a lab
/// must not meet the lab's tokens in a SoftHSM2 of its own.
class ConfigurationVariable {
public:
    ConfigurationVariable()
    {
        if (const char* value = std::getenv(kName)) {
            before_ = value;
        }
    }
    ~ConfigurationVariable()
    {
        if (before_) {
            ::setenv(kName, before_->c_str(), 1);
        } else {
            ::unsetenv(kName);
        }
    }
    ConfigurationVariable(const ConfigurationVariable&) = delete;
    ConfigurationVariable& operator=(const ConfigurationVariable&) = delete;

    static constexpr const char* kName = "SOFTHSM2_CONF";

private:
    std::optional<std::string> before_;
};

/// SoftHSM2 reads its configuration from a file that an environment variable names.
std::string configure_softhsm(const std::string& directory)
{
    const std::filesystem::path tokens = std::filesystem::path(directory) / "tokens";
    std::error_code error;
    std::filesystem::create_directories(tokens, error);
    if (error) {
        return fmt::format("{} cannot be made: {}", tokens.string(), error.message());
    }
    ::chmod(directory.c_str(), 0700);
    const std::string path = directory + "/softhsm2.conf";
    std::ofstream file(path, std::ios::trunc);
    file << "directories.tokendir = " << tokens.string()
         << "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n";
    file.close();
    if (!file) {
        return fmt::format("{} cannot be written", path);
    }
    ::setenv(ConfigurationVariable::kName, path.c_str(), 1);
    return {};
}

}  // namespace

std::variant<std::unique_ptr<TokenModule>, std::string> TokenModule::load(
    const ModuleOptions& options)
{
    std::unique_ptr<TokenModule> module(new TokenModule);
    std::string problem = module->open(options);
    for (std::uint32_t domain = 0; problem.empty() && domain < options.domains; ++domain) {
        problem = module->prepare(domain);
    }
    if (!problem.empty()) {
        return problem;
    }
    return module;
}

TokenModule::~TokenModule()
{
    tokens_.clear();
    if (started_) {
        functions_->C_Finalize(nullptr);
    }
    if (library_ != nullptr) {
        ::dlclose(library_);
    }
}

std::string TokenModule::open(const ModuleOptions& options)
{
    const bool softhsm = options.module.empty();
    const std::string path = softhsm ? kSoftHsm : options.module;
    const ConfigurationVariable variable;
    if (softhsm) {
        if (std::string problem = configure_softhsm(options.directory); !problem.empty()) {
            return problem;
        }
    }
    library_ = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library_ == nullptr) {
        return fmt::format("the token module {} cannot be loaded: {}{}", path, ::dlerror(),
                           softhsm ? "; install the package softhsm2, or name another one with "
                                     "--token-module"
                                   : "");
    }
    using GetFunctionList = CK_RV (*)(CK_FUNCTION_LIST**);
    const auto get = reinterpret_cast<GetFunctionList>(::dlsym(library_, "C_GetFunctionList"));
    if (get == nullptr || get(&functions_) != CKR_OK || functions_ == nullptr) {
        return fmt::format("{} is no PKCS#11 module: it has no C_GetFunctionList", path);
    }
    const std::string problem = start();
    return problem.empty() ? problem : fmt::format("the token module {}: {}", path, problem);
}

std::string TokenModule::start()
{
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    const CK_RV code = functions_->C_Initialize(&arguments);
    started_ = code == CKR_OK;
    return started_ ? std::string{} : failed("C_Initialize", code);
}

std::vector<CK_SLOT_ID> TokenModule::slots() const
{
    CK_ULONG count = 0;
    if (functions_->C_GetSlotList(CK_TRUE, nullptr, &count) != CKR_OK) {
        return {};
    }
    std::vector<CK_SLOT_ID> slots(count);
    if (functions_->C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK) {
        return {};
    }
    slots.resize(count);
    return slots;
}

/// Makes a token of the first one that is not initialised.
std::string TokenModule::initialize_token(const std::string& label)
{
    std::optional<CK_SLOT_ID> free;
    for (const CK_SLOT_ID slot : slots()) {
        CK_TOKEN_INFO info{};
        if (functions_->C_GetTokenInfo(slot, &info) == CKR_OK &&
            (info.flags & CKF_TOKEN_INITIALIZED) == 0) {
            free = slot;
            break;
        }
    }
    if (!free) {
        return "it has no token that is not initialised yet";
    }
    CK_RV code =
        functions_->C_InitToken(*free, text(kOfficerPin), kOfficerPin.size(), text(padded(label)));
    if (code != CKR_OK) {
        return failed("C_InitToken", code);
    }
    for (const CK_SLOT_ID slot : slots()) {
        CK_TOKEN_INFO info{};
        if (functions_->C_GetTokenInfo(slot, &info) != CKR_OK ||
            std::memcmp(info.label, padded(label).data(), sizeof info.label) != 0) {
            continue;
        }
        CK_SESSION_HANDLE session = 0;
        code = functions_->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr,
                                         nullptr, &session);
        if (code == CKR_OK) {
            code = functions_->C_Login(session, CKU_SO, text(kOfficerPin), kOfficerPin.size());
        }
        if (code == CKR_OK) {
            code = functions_->C_InitPIN(session, text(kLabPin), kLabPin.size());
        }
        functions_->C_Logout(session);
        functions_->C_CloseSession(session);
        return code == CKR_OK ? std::string{} : failed("C_InitPIN", code);
    }
    return "the token that was initialised is not to be found";
}

std::string TokenModule::prepare(std::uint32_t domain)
{
    const std::string label = label_of(domain);
    const auto find = [&]() -> std::optional<CK_SLOT_ID> {
        for (const CK_SLOT_ID slot : slots()) {
            CK_TOKEN_INFO info{};
            if (functions_->C_GetTokenInfo(slot, &info) == CKR_OK &&
                std::memcmp(info.label, padded(label).data(), sizeof info.label) == 0) {
                return slot;
            }
        }
        return std::nullopt;
    };
    std::optional<CK_SLOT_ID> slot = find();
    if (!slot) {
        if (std::string problem = initialize_token(label); !problem.empty()) {
            return "the token module: " + problem;
        }
        slot = find();
    }
    auto token = std::make_unique<Token>(*functions_, *slot);
    if (const CK_RV code = token->open(kLabPin); code != CKR_OK) {
        return failed("the login of the lab to its token", code) +
               "; the folder of the lab belongs to something else: use another one";
    }
    tokens_.push_back(std::move(token));
    return {};
}

}  // namespace hasim::token
