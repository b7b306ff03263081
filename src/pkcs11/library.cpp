#include "pkcs11/library.hpp"

#include <utility>

namespace hasim::pkcs11 {

using cryptoki::Call;
using cryptoki::Function;

Reply Library::call(CK_SLOT_ID slot, Call& call, const Route& route)
{
    return engine_.call(static_cast<SlotIndex>(slot), call, route);
}

CK_RV Library::login(CK_SLOT_ID slot, std::string_view pin)
{
    const CK_RV code = rv(engine_.login(static_cast<SlotIndex>(slot), pin));
    if (code == CKR_OK || code == CKR_PIN_LOCKED) {
        slots_[slot].pin_locked = code == CKR_PIN_LOCKED;
    }
    if (code == CKR_OK) {
        slots_[slot].logged_in = true;
        forget_accepted(slot);
    }
    return code;
}

CK_RV Library::logout(CK_SLOT_ID slot)
{
    const CK_RV code = rv(engine_.logout(static_cast<SlotIndex>(slot)));
    slots_[slot].logged_in = false;
    forget_accepted(slot);
    // A logout ends the active operations of all sessions that use private objects (5.6).
    for (const auto& session : sessions_.of(slot)) {
        const std::lock_guard lock(session->mutex);
        session->found.reset();
        for (auto& operation : session->operations) {
            operation.reset();
        }
    }
    return code;
}

CK_RV Library::mechanisms(CK_SLOT_ID slot, std::vector<CK_MECHANISM_TYPE>& types)
{
    {
        const std::lock_guard lock(slots_[slot].mutex);
        if (slots_[slot].mechanisms) {
            types = *slots_[slot].mechanisms;
            return CKR_OK;
        }
    }
    Call list;
    list.function = Function::get_mechanism_list;
    const Reply reply = call(slot, list);
    if (reply.code != Code::ok) {
        return rv(reply.code);
    }
    types.assign(reply.result.numbers.begin(), reply.result.numbers.end());
    const std::lock_guard lock(slots_[slot].mutex);
    slots_[slot].mechanisms = types;
    return CKR_OK;
}

std::optional<Library::Accepted> Library::accepted_before(CK_SLOT_ID slot, const std::string& init)
{
    const std::lock_guard lock(slots_[slot].mutex);
    const auto at = slots_[slot].accepted.find(init);
    return at == slots_[slot].accepted.end() ? std::nullopt : std::optional(at->second);
}

void Library::accepted(CK_SLOT_ID slot, const std::string& init, Accepted how)
{
    const std::lock_guard lock(slots_[slot].mutex);
    if (slots_[slot].accepted.size() >= kRemembered) {
        slots_[slot].accepted.clear();
    }
    slots_[slot].accepted.emplace(init, how);
}

void Library::forget_accepted(CK_SLOT_ID slot)
{
    const std::lock_guard lock(slots_[slot].mutex);
    slots_[slot].accepted.clear();
}

void Library::clean_up(Session& session)
{
    const std::lock_guard lock(session.mutex);
    session.closed = true;
    if (!session.objects.empty()) {
        forget_accepted(session.slot);
    }
    for (const cryptoki::ObjectNumber object : std::exchange(session.objects, {})) {
        Call destroy;
        destroy.function = Function::destroy_object;
        destroy.objects = {object};
        static_cast<void>(call(session.slot, destroy, {ha::Reach::writing, {}}));
    }
    // In the order of OperationKind.
    constexpr std::array kUpdates{Function::encrypt_update, Function::decrypt_update,
                                  Function::digest_update, Function::sign_update,
                                  Function::verify_update};
    for (std::size_t i = 0; i < kUpdates.size(); ++i) {
        if (session.operations[i] && session.operations[i]->several) {
            Call abandon;
            abandon.function = kUpdates[i];
            abandon.session = session.handle;
            abandon.abandons = true;
            static_cast<void>(
                call(session.slot, abandon, {ha::Reach::bound, session.operations[i]->member}));
        }
        session.operations[i].reset();
    }
}

/// The last session that closes logs the application out (PKCS#11 2.40, C_CloseSession).
void Library::close_all(CK_SLOT_ID slot)
{
    for (const auto& session : sessions_.close_all(slot)) {
        clean_up(*session);
    }
    if (slots_[slot].logged_in) {
        static_cast<void>(logout(slot));
    }
}

}  // namespace hasim::pkcs11
