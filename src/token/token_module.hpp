/// A PKCS#11 token module, loaded, with one token for each cloning domain. The one place that calls one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "cryptoki/native.hpp"
#include "sim/appliance/cloning_domain.hpp"
#include "token/token.hpp"

namespace hasim::token {

struct ModuleOptions {
    std::string module;     ///< path of the .so; empty: SoftHSM2, where Debian puts it
    std::string directory;  ///< where SoftHSM2 keeps its tokens; made when missing
    std::uint32_t domains = 1;
};

class TokenModule {
public:
    /// Loads it and sees to it that there is a token for each domain, initialised with a PIN of the lab's own. The
    /// other alternative is what went wrong, with a remedy.
    [[nodiscard]] static std::variant<std::unique_ptr<TokenModule>, std::string> load(
        const ModuleOptions& options);

    ~TokenModule();
    TokenModule(const TokenModule&) = delete;
    TokenModule& operator=(const TokenModule&) = delete;

    [[nodiscard]] Token& token(std::uint32_t domain) { return *tokens_[domain]; }
    /// Operations of that connection are over, on whichever token.
    void forget(ConnectionId connection)
    {
        for (const auto& token : tokens_) {
            token->forget(connection);
        }
    }

private:
    TokenModule() = default;
    [[nodiscard]] std::string open(const ModuleOptions& options);
    [[nodiscard]] std::string start();
    [[nodiscard]] std::string prepare(std::uint32_t domain);
    [[nodiscard]] std::vector<CK_SLOT_ID> slots() const;
    [[nodiscard]] std::string initialize_token(const std::string& label);

    void* library_ = nullptr;
    CK_FUNCTION_LIST* functions_ = nullptr;
    bool started_ = false;
    std::vector<std::unique_ptr<Token>> tokens_;
};

}  // namespace hasim::token
