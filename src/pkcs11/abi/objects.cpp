// Objects: PKCS#11 2.40, section 5.7.
#include <algorithm>
#include <cstring>

#include "cryptoki/native.hpp"
#include "pkcs11/abi/entry.hpp"
#include "pkcs11/abi/making.hpp"

using namespace hasim::pkcs11;
using namespace hasim::pkcs11::abi;
using hasim::Code;
using hasim::cryptoki::Attribute;
using hasim::cryptoki::Call;
using hasim::cryptoki::Function;
using hasim::cryptoki::Template;

namespace {

/// One attribute of an answer into the place that the application gave.
CK_RV put_attribute(const Attribute& found, CK_ATTRIBUTE& wanted)
{
    if (!found.available) {
        wanted.ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return CKR_OK;
    }
    if (wanted.pValue != nullptr && wanted.ulValueLen < found.value.size()) {
        wanted.ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return CKR_BUFFER_TOO_SMALL;
    }
    if (wanted.pValue != nullptr && !found.value.empty()) {
        std::memcpy(wanted.pValue, found.value.data(), found.value.size());
    }
    wanted.ulValueLen = static_cast<CK_ULONG>(found.value.size());
    return CKR_OK;
}

}  // namespace

extern "C" {

CK_RV C_CreateObject(CK_SESSION_HANDLE hSession, CK_ATTRIBUTE* pTemplate, CK_ULONG ulCount,
                     CK_OBJECT_HANDLE* phObject)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        Making making(library, session, Function::create_object);
        making.add_template(pTemplate, ulCount);
        making.add_result(phObject);
        return making.run();
    });
}

CK_RV C_CopyObject(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ATTRIBUTE* pTemplate,
                   CK_ULONG ulCount, CK_OBJECT_HANDLE* phNewObject)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        Making making(library, session, Function::copy_object);
        making.call().objects = {hObject};
        making.add_template(pTemplate, ulCount);
        making.add_result(phNewObject);
        return making.run();
    });
}

CK_RV C_DestroyObject(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        Call call = call_of(Function::destroy_object, session);
        call.objects = {hObject};
        const Reply reply = library.call(session.slot, call, {hasim::ha::Reach::writing, {}});
        if (reply.code == Code::ok) {
            session.objects.erase(hObject);
            library.forget_accepted(session.slot);
        }
        return rv(reply.code);
    });
}

CK_RV C_GetObjectSize(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ULONG* pulSize)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        if (pulSize == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        Call call = call_of(Function::get_object_size, session);
        call.objects = {hObject};
        const Reply reply = library.call(session.slot, call);
        if (reply.code == Code::ok && !reply.result.numbers.empty()) {
            *pulSize = reply.result.numbers.front();
        }
        return rv(reply.code);
    });
}

CK_RV C_GetAttributeValue(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject,
                          CK_ATTRIBUTE* pTemplate, CK_ULONG ulCount)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        auto wanted = hasim::cryptoki::types_of(pTemplate, ulCount);
        if (!wanted || ulCount == 0) {
            return CKR_ARGUMENTS_BAD;
        }
        Call call = call_of(Function::get_attribute_value, session);
        call.objects = {hObject};
        call.templates = {std::move(*wanted)};
        const Reply reply = library.call(session.slot, call);
        const Template& found = reply.result.attributes;
        if (found.size() != ulCount) {
            return reply.code == Code::ok ? CKR_DEVICE_ERROR : rv(reply.code);
        }
        CK_RV code = rv(reply.code);
        for (CK_ULONG i = 0; i < ulCount; ++i) {
            const CK_RV one = put_attribute(found[i], pTemplate[i]);
            code = code == CKR_OK ? one : code;
        }
        return code;
    });
}

CK_RV C_SetAttributeValue(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject,
                          CK_ATTRIBUTE* pTemplate, CK_ULONG ulCount)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        auto attributes = hasim::cryptoki::flatten(pTemplate, ulCount);
        if (!attributes || ulCount == 0) {
            return CKR_ARGUMENTS_BAD;
        }
        Call call = call_of(Function::set_attribute_value, session);
        call.objects = {hObject};
        call.templates = {std::move(*attributes)};
        const Reply reply = library.call(session.slot, call, {hasim::ha::Reach::writing, {}});
        library.forget_accepted(session.slot);
        return rv(reply.code);
    });
}

CK_RV C_FindObjectsInit(CK_SESSION_HANDLE hSession, CK_ATTRIBUTE* pTemplate, CK_ULONG ulCount)
{
    return with_session(hSession, [&](Library& library, Session& session) -> CK_RV {
        auto wanted = hasim::cryptoki::flatten(pTemplate, ulCount);
        if (!wanted) {
            return CKR_ARGUMENTS_BAD;
        }
        if (session.found) {
            return CKR_OPERATION_ACTIVE;
        }
        Call call = call_of(Function::find_objects_init, session);
        call.templates = {std::move(*wanted)};
        Reply reply = library.call(session.slot, call);
        if (reply.code == Code::ok) {
            std::reverse(reply.result.numbers.begin(), reply.result.numbers.end());
            session.found = std::move(reply.result.numbers);
        }
        return rv(reply.code);
    });
}

CK_RV C_FindObjects(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE* phObject,
                    CK_ULONG ulMaxObjectCount, CK_ULONG* pulObjectCount)
{
    return with_session(hSession, [&](Library&, Session& session) -> CK_RV {
        if (pulObjectCount == nullptr || (phObject == nullptr && ulMaxObjectCount > 0)) {
            return CKR_ARGUMENTS_BAD;
        }
        if (!session.found) {
            return CKR_OPERATION_NOT_INITIALIZED;
        }
        CK_ULONG count = 0;
        for (; count < ulMaxObjectCount && !session.found->empty(); ++count) {
            phObject[count] = static_cast<CK_OBJECT_HANDLE>(session.found->back());
            session.found->pop_back();
        }
        *pulObjectCount = count;
        return CKR_OK;
    });
}

CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE hSession)
{
    return with_session(hSession, [&](Library&, Session& session) -> CK_RV {
        if (!session.found) {
            return CKR_OPERATION_NOT_INITIALIZED;
        }
        session.found.reset();
        return CKR_OK;
    });
}

}  // extern "C"
