/// The library between one C_Initialize and the next C_Finalize: what every function finds.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "pkcs11/engine.hpp"
#include "pkcs11/sessions.hpp"

namespace hasim::pkcs11 {

class Library {
public:
    explicit Library(Configuration configuration)
        : engine_(std::move(configuration), diagnostics_), slots_(engine_.slots().size())
    {
    }

    [[nodiscard]] Engine& engine() { return engine_; }
    [[nodiscard]] Sessions& sessions() { return sessions_; }
    [[nodiscard]] const std::vector<scenario::Slot>& slots() const { return engine_.slots(); }
    [[nodiscard]] bool is_slot(CK_SLOT_ID slot) const { return slot < slots_.size(); }

    [[nodiscard]] bool logged_in(CK_SLOT_ID slot) const { return slots_[slot].logged_in; }
    [[nodiscard]] CK_RV login(CK_SLOT_ID slot, std::string_view pin);
    /// The last login was refused because the PIN is locked.
    [[nodiscard]] bool pin_locked(CK_SLOT_ID slot) const { return slots_[slot].pin_locked; }
    [[nodiscard]] CK_RV logout(CK_SLOT_ID slot);

    /// A call that a member serves.
    [[nodiscard]] Reply call(CK_SLOT_ID slot, cryptoki::Call& call, const Route& route = {});

    /// The mechanisms of the tokens behind a slot, asked for once.
    [[nodiscard]] CK_RV mechanisms(CK_SLOT_ID slot, std::vector<CK_MECHANISM_TYPE>& types);

    /// What an HSM said of an Init that it accepted.
    struct Accepted {
        bool asks_login = false;
    };
    /// Of an Init that was accepted before: it is checked at the HSM the first time (PKCS11 design).
    [[nodiscard]] std::optional<Accepted> accepted_before(CK_SLOT_ID slot, const std::string& init);
    void accepted(CK_SLOT_ID slot, const std::string& init, Accepted how);
    /// What may make an Init fail from now on has happened.
    void forget_accepted(CK_SLOT_ID slot);

    /// Ends what a closed session leaves behind: its objects, and its operations at members.
    void clean_up(Session& session);
    /// All sessions of a slot are closed; nobody is logged in any more.
    void close_all(CK_SLOT_ID slot);

private:
    /// Inits that are remembered for one slot (chosen).
    static constexpr std::size_t kRemembered = 4096;

    struct Slot {
        std::atomic<bool> logged_in{false};
        std::atomic<bool> pin_locked{false};
        std::mutex mutex;
        std::optional<std::vector<CK_MECHANISM_TYPE>> mechanisms;
        std::map<std::string, Accepted> accepted;
    };

    Diagnostics diagnostics_{Diagnostics::Writing::on_a_thread};
    Engine engine_;
    Sessions sessions_;
    std::vector<Slot> slots_;
};

/// A PKCS#11 code as the application gets it.
[[nodiscard]] constexpr CK_RV rv(Code code)
{
    return static_cast<CK_RV>(code);
}

}  // namespace hasim::pkcs11
