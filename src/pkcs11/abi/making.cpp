#include "pkcs11/abi/making.hpp"

#include "cryptoki/native.hpp"
#include "pkcs11/abi/entry.hpp"

namespace hasim::pkcs11::abi {

bool is_session_object(Library& library, const Session& session, CK_OBJECT_HANDLE object)
{
    if (session.objects.contains(object)) {
        return true;
    }
    for (const auto& other : library.sessions().of(session.slot)) {
        if (other->handle == session.handle) {
            continue;
        }
        const std::unique_lock lock(other->mutex, std::try_to_lock);
        if (lock.owns_lock() && other->objects.contains(object)) {
            return true;
        }
    }
    return false;
}

Making::Making(Library& library, Session& session, cryptoki::Function function)
    : library_(library), session_(session), call_(call_of(function, session))
{
}

void Making::set_mechanism(const CK_MECHANISM* mechanism)
{
    if (mechanism == nullptr) {
        refuse(CKR_ARGUMENTS_BAD);
        return;
    }
    call_.mechanism = cryptoki::flatten(*mechanism);
    if (!call_.mechanism) {
        refuse(CKR_MECHANISM_PARAM_INVALID);
    }
}

void Making::add_template(const CK_ATTRIBUTE* attributes, CK_ULONG count)
{
    auto flat = cryptoki::flatten(attributes, count);
    if (!flat) {
        refuse(CKR_ARGUMENTS_BAD);
        return;
    }
    if (cryptoki::flag_in(*flat, CKA_TOKEN, false) && !session_.writes) {
        refuse(CKR_SESSION_READ_ONLY);
    }
    call_.templates.push_back(std::move(*flat));
}

void Making::add_result(CK_OBJECT_HANDLE* handle)
{
    if (handle == nullptr) {
        refuse(CKR_ARGUMENTS_BAD);
    }
    results_.push_back(handle);
}

CK_RV Making::run()
{
    if (bad_ != CKR_OK) {
        return bad_;
    }
    const Reply reply = library_.call(session_.slot, call_, {ha::Reach::writing, {}});
    if (reply.code != Code::ok) {
        return rv(reply.code);
    }
    if (reply.result.numbers.size() != results_.size()) {
        return CKR_DEVICE_ERROR;
    }
    for (std::size_t i = 0; i < results_.size(); ++i) {
        *results_[i] = static_cast<CK_OBJECT_HANDLE>(reply.result.numbers[i]);
        // A copy is what its original is unless the template says otherwise: it ends with the connection at the latest.
        const bool lasts = cryptoki::flag_in(call_.templates[i], CKA_TOKEN, false);
        if (!lasts && call_.function != cryptoki::Function::copy_object) {
            session_.objects.insert(*results_[i]);
        }
    }
    return CKR_OK;
}

}  // namespace hasim::pkcs11::abi
