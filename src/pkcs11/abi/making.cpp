#include "pkcs11/abi/making.hpp"

#include "cryptoki/native.hpp"
#include "pkcs11/abi/entry.hpp"

namespace hasim::pkcs11::abi {

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
    if (reply.result.numbers.size() != 2 * results_.size()) {
        return CKR_DEVICE_ERROR;
    }
    for (std::size_t i = 0; i < results_.size(); ++i) {
        *results_[i] = static_cast<CK_OBJECT_HANDLE>(reply.result.numbers[i]);
        if (reply.result.numbers[results_.size() + i] == 0) {
            session_.objects.insert(*results_[i]);
        }
    }
    return CKR_OK;
}

}  // namespace hasim::pkcs11::abi
