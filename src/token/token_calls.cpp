// Calls about the token and its objects.
#include <algorithm>
#include <utility>

#include "token/lease.hpp"

namespace hasim::token {

using cryptoki::Call;
using cryptoki::Function;
using cryptoki::NativeMechanism;
using cryptoki::NativeTemplate;

namespace {

CK_BYTE* room_of(std::string& data)
{
    return reinterpret_cast<CK_BYTE*>(data.data());
}

bool is_template(CK_ATTRIBUTE_TYPE type)
{
    return type == CKA_WRAP_TEMPLATE || type == CKA_UNWRAP_TEMPLATE;
}

Outcome just(CK_RV code)
{
    return {code, {}, {}};
}

}  // namespace

Outcome Token::about_token(const Call& call)
{
    Outcome outcome;
    if (call.function == Function::get_mechanism_list) {
        CK_ULONG count = 0;
        outcome.code = functions_.C_GetMechanismList(slot_, nullptr, &count);
        std::vector<CK_MECHANISM_TYPE> types(count);
        if (outcome.code == CKR_OK) {
            outcome.code = functions_.C_GetMechanismList(slot_, types.data(), &count);
        }
        outcome.result.numbers.assign(types.begin(), types.end());
        return outcome;
    }
    if (call.function == Function::get_mechanism_info) {
        CK_MECHANISM_INFO info{};
        outcome.code = functions_.C_GetMechanismInfo(
            slot_, static_cast<CK_MECHANISM_TYPE>(call.mechanism->type), &info);
        outcome.result.numbers = {info.ulMinKeySize, info.ulMaxKeySize, info.flags};
        return outcome;
    }
    const Lease lease(*this);
    if (call.function == Function::seed_random) {
        outcome.code = functions_.C_SeedRandom(lease.session(), bytes_of(call.data),
                                               static_cast<CK_ULONG>(call.data.size()));
        return outcome;
    }
    return random(lease.session(), call);
}

Outcome Token::random(CK_SESSION_HANDLE session, const Call& call)
{
    Outcome outcome;
    outcome.result.data.resize(static_cast<std::size_t>(call.number));
    outcome.code = functions_.C_GenerateRandom(session, room_of(outcome.result.data),
                                               static_cast<CK_ULONG>(call.number));
    return outcome;
}

/// A session object belongs to the session that stays: when it ends is for the partitions to say.
Outcome Token::make_object(const Call& call)
{
    const bool lasts = std::all_of(
        call.templates.begin(), call.templates.end(),
        [](const cryptoki::Template& one) { return cryptoki::flag_in(one, CKA_TOKEN, false); });
    const Lease lease(*this);
    const CK_SESSION_HANDLE session = lasts ? lease.session() : keeper_;
    std::vector<NativeTemplate> templates;
    for (const cryptoki::Template& one : call.templates) {
        auto native = NativeTemplate::of(one);
        if (!native) {
            return just(CKR_ATTRIBUTE_VALUE_INVALID);
        }
        templates.push_back(std::move(*native));
    }
    auto mechanism = NativeMechanism::of(call.mechanism.value_or(cryptoki::Mechanism{}));
    if (!mechanism) {
        return just(CKR_MECHANISM_PARAM_INVALID);
    }
    NativeTemplate& first = templates.front();
    const auto object = call.objects.empty() ? CK_OBJECT_HANDLE{0}
                                             : static_cast<CK_OBJECT_HANDLE>(call.objects.front());
    CK_OBJECT_HANDLE made[2] = {0, 0};
    Outcome outcome;
    switch (call.function) {
    case Function::create_object:
        outcome.code = functions_.C_CreateObject(session, first.get(), first.size(), made);
        break;
    case Function::copy_object:
        outcome.code = functions_.C_CopyObject(session, object, first.get(), first.size(), made);
        break;
    case Function::generate_key:
        outcome.code =
            functions_.C_GenerateKey(session, mechanism->get(), first.get(), first.size(), made);
        break;
    case Function::generate_key_pair:
        outcome.code = functions_.C_GenerateKeyPair(session, mechanism->get(), first.get(),
                                                    first.size(), templates[1].get(),
                                                    templates[1].size(), &made[0], &made[1]);
        break;
    case Function::unwrap_key:
        outcome.code = functions_.C_UnwrapKey(
            session, mechanism->get(), object, bytes_of(call.data),
            static_cast<CK_ULONG>(call.data.size()), first.get(), first.size(), made);
        break;
    default:
        outcome.code = functions_.C_DeriveKey(session, mechanism->get(), object, first.get(),
                                              first.size(), made);
        break;
    }
    if (outcome.code != CKR_OK) {
        return outcome;
    }
    // The handles, and then for each whether it is a token object: the template of a copy need not say so.
    for (std::size_t i = 0; i < call.templates.size(); ++i) {
        outcome.result.numbers.push_back(made[i]);
        outcome.made.push_back(facts_of(session, made[i]));
        catalogue_.note(session, made[i]);
    }
    for (const sim::ObjectFacts& facts : outcome.made) {
        outcome.result.numbers.push_back(facts.is_token ? 1 : 0);
    }
    return outcome;
}

Outcome Token::about_object(const Call& call)
{
    const Lease lease(*this);
    const auto object = static_cast<CK_OBJECT_HANDLE>(call.objects.front());
    Outcome outcome;
    switch (call.function) {
    case Function::destroy_object:
        outcome.code = functions_.C_DestroyObject(lease.session(), object);
        keys_.forget(keeper_, object);
        if (outcome.code == CKR_OK) {
            catalogue_.forget(object);
        }
        return outcome;
    case Function::get_object_size: {
        CK_ULONG size = 0;
        outcome.code = functions_.C_GetObjectSize(lease.session(), object, &size);
        outcome.result.numbers = {size};
        return outcome;
    }
    case Function::set_attribute_value: {
        auto native = NativeTemplate::of(call.templates.front());
        outcome.code = native ? functions_.C_SetAttributeValue(lease.session(), object,
                                                               native->get(), native->size())
                              : CKR_ATTRIBUTE_VALUE_INVALID;
        keys_.forget(keeper_, object);
        catalogue_.note(lease.session(), object);
        return outcome;
    }
    default: return attributes(lease.session(), call);
    }
}

/// Lengths first, then the values of those that have one.
Outcome Token::attributes(CK_SESSION_HANDLE session, const Call& call)
{
    const auto object = static_cast<CK_OBJECT_HANDLE>(call.objects.front());
    const cryptoki::Template& wanted = call.templates.front();
    std::vector<CK_ATTRIBUTE> native;
    for (const cryptoki::Attribute& attribute : wanted) {
        native.push_back({static_cast<CK_ATTRIBUTE_TYPE>(attribute.type), nullptr, 0});
    }
    const auto ask = [&] {
        return functions_.C_GetAttributeValue(session, object, native.data(),
                                              static_cast<CK_ULONG>(native.size()));
    };
    const auto partly = [](CK_RV code) {
        return code == CKR_OK || code == CKR_ATTRIBUTE_SENSITIVE ||
               code == CKR_ATTRIBUTE_TYPE_INVALID;
    };
    Outcome outcome;
    outcome.code = ask();
    if (!partly(outcome.code)) {
        return outcome;
    }
    std::vector<std::string> values(native.size());
    for (std::size_t i = 0; i < native.size(); ++i) {
        const bool inner = is_template(native[i].type);
        if (native[i].ulValueLen != CK_UNAVAILABLE_INFORMATION && !inner) {
            values[i].resize(native[i].ulValueLen);
            native[i].pValue = values[i].data();
        }
    }
    outcome.code = ask();
    for (std::size_t i = 0; i < native.size(); ++i) {
        if (is_template(native[i].type) && outcome.code == CKR_OK) {
            outcome.code = CKR_ATTRIBUTE_TYPE_INVALID;  // a template in a template is not given out
        }
        const bool there =
            native[i].pValue != nullptr && native[i].ulValueLen != CK_UNAVAILABLE_INFORMATION;
        values[i].resize(there ? native[i].ulValueLen : 0);
        outcome.result.attributes.push_back({native[i].type, std::move(values[i]), there});
    }
    return outcome;
}

Outcome Token::find(const Call& call)
{
    if (!NativeTemplate::of(call.templates.front())) {
        return just(CKR_ATTRIBUTE_VALUE_INVALID);
    }
    const Lease lease(*this);
    Outcome outcome;
    outcome.result.numbers = catalogue_.find(lease.session(), call.templates.front());
    outcome.result.numbers.resize(std::min(outcome.result.numbers.size(), cryptoki::kMaxFound));
    return outcome;
}

}  // namespace hasim::token
