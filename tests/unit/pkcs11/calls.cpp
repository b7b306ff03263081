#include "unit/pkcs11/calls.hpp"

#include <array>
#include <cstring>

#include "hasim/code.hpp"

namespace hasim::test {

namespace {

/// Names that hasim itself has no use for.
constexpr std::array<std::pair<CK_RV, const char*>, 3> kOtherNames{{
    {CKR_OPERATION_NOT_INITIALIZED, "CKR_OPERATION_NOT_INITIALIZED"},
    {CKR_WRAPPING_KEY_HANDLE_INVALID, "CKR_WRAPPING_KEY_HANDLE_INVALID"},
    {CKR_UNWRAPPING_KEY_HANDLE_INVALID, "CKR_UNWRAPPING_KEY_HANDLE_INVALID"},
}};

/// Calls what gives out bytes, with room enough for all that comes of `data`.
template <class Function, class... Arguments>
Answer take(std::string_view data, Function function, Arguments... arguments)
{
    Answer answer;
    answer.out.resize(data.size() + 8192);
    auto length = static_cast<CK_ULONG>(answer.out.size());
    answer.code = function(arguments..., bytes_of(answer.out), &length);
    answer.out.resize(answer.code == CKR_OK ? length : 0);
    return answer;
}

}  // namespace

CK_FUNCTION_LIST& module()
{
    CK_FUNCTION_LIST* list = nullptr;
    REQUIRE(C_GetFunctionList(&list) == CKR_OK);
    REQUIRE(list != nullptr);
    return *list;
}

std::string name(CK_RV code)
{
    for (const auto& [value, text] : kOtherNames) {
        if (value == code) {
            return text;
        }
    }
    const std::string_view known = name_of(static_cast<Code>(code));
    return known == "UNKNOWN" ? "code " + std::to_string(code) : std::string(known);
}

bool without_lab()
{
    const std::string why = why_no_lab();
    if (!why.empty()) {
        WARN(why);
    }
    return !why.empty();
}

CK_BYTE* bytes_of(std::string_view text)
{
    return reinterpret_cast<CK_BYTE*>(const_cast<char*>(text.data()));
}

CK_ULONG length_of(std::string_view text)
{
    return static_cast<CK_ULONG>(text.size());
}

std::string from_hex(std::string_view digits)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes.push_back(
            static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    }
    return bytes;
}

// ---- Templates and mechanisms -------------------------------------------------------------------------------------

Attributes& Attributes::flag(CK_ATTRIBUTE_TYPE type, bool value)
{
    return bytes(type, std::string(1, value ? '\1' : '\0'));
}

Attributes& Attributes::number(CK_ATTRIBUTE_TYPE type, CK_ULONG value)
{
    return bytes(type, {reinterpret_cast<const char*>(&value), sizeof value});
}

/// A type that is there already gets the new value.
Attributes& Attributes::bytes(CK_ATTRIBUTE_TYPE type, std::string_view value)
{
    for (auto& [known, text] : values_) {
        if (known == type) {
            text = value;
            return *this;
        }
    }
    values_.emplace_back(type, value);
    return *this;
}

CK_ATTRIBUTE* Attributes::get()
{
    native_.clear();
    for (auto& [type, value] : values_) {
        native_.push_back({type, value.data(), length_of(value)});
    }
    return native_.data();
}

Attributes public_data(std::string_view label)
{
    Attributes attributes;
    attributes.number(CKA_CLASS, CKO_DATA).bytes(CKA_LABEL, label).bytes(CKA_VALUE, "value");
    return attributes.flag(CKA_TOKEN, false).flag(CKA_PRIVATE, false);
}

Attributes secret_key(CK_KEY_TYPE type, std::string_view value)
{
    Attributes attributes;
    attributes.number(CKA_CLASS, CKO_SECRET_KEY).number(CKA_KEY_TYPE, type);
    attributes.flag(CKA_TOKEN, false).flag(CKA_SENSITIVE, false).flag(CKA_EXTRACTABLE, true);
    for (const CK_ATTRIBUTE_TYPE can :
         {CKA_ENCRYPT, CKA_DECRYPT, CKA_SIGN, CKA_VERIFY, CKA_WRAP, CKA_UNWRAP, CKA_DERIVE}) {
        attributes.flag(can, true);
    }
    if (!value.empty()) {
        attributes.bytes(CKA_VALUE, value);
    }
    return attributes;
}

Mechanism::Mechanism(CK_MECHANISM_TYPE type, std::string_view parameter)
    : parameter_(parameter.size() / sizeof(CK_ULONG) + 1)
{
    native_.mechanism = type;
    native_.ulParameterLen = length_of(parameter);
    std::memcpy(parameter_.data(), parameter.data(), parameter.size());
}

CK_MECHANISM* Mechanism::get()
{
    native_.pParameter = parameter_.empty() ? nullptr : parameter_.data();
    return &native_;
}

// ---- Objects ------------------------------------------------------------------------------------------------------

CK_OBJECT_HANDLE Caller::create(Attributes attributes) const
{
    CK_OBJECT_HANDLE object = 0;
    const CK_RV code = list->C_CreateObject(session, attributes.get(), attributes.size(), &object);
    REQUIRE(name(code) == name(CKR_OK));
    return object;
}

CK_OBJECT_HANDLE Caller::generate(CK_MECHANISM_TYPE type, Attributes attributes) const
{
    CK_OBJECT_HANDLE key = 0;
    const CK_RV code = list->C_GenerateKey(session, Mechanism(type).get(), attributes.get(),
                                           attributes.size(), &key);
    REQUIRE(name(code) == name(CKR_OK));
    return key;
}

std::pair<CK_OBJECT_HANDLE, CK_OBJECT_HANDLE> Caller::generate_pair(CK_MECHANISM_TYPE type,
                                                                    Attributes public_key,
                                                                    Attributes private_key) const
{
    std::pair<CK_OBJECT_HANDLE, CK_OBJECT_HANDLE> pair;
    const CK_RV code =
        list->C_GenerateKeyPair(session, Mechanism(type).get(), public_key.get(), public_key.size(),
                                private_key.get(), private_key.size(), &pair.first, &pair.second);
    REQUIRE(name(code) == name(CKR_OK));
    return pair;
}

std::vector<CK_OBJECT_HANDLE> Caller::find(Attributes attributes) const
{
    std::vector<CK_OBJECT_HANDLE> found(1000);
    CK_ULONG count = 0;
    REQUIRE(name(list->C_FindObjectsInit(session, attributes.get(), attributes.size())) ==
            name(CKR_OK));
    REQUIRE(name(list->C_FindObjects(session, found.data(), static_cast<CK_ULONG>(found.size()),
                                     &count)) == name(CKR_OK));
    REQUIRE(name(list->C_FindObjectsFinal(session)) == name(CKR_OK));
    found.resize(count);
    return found;
}

std::size_t Caller::count_labelled(std::string_view label) const
{
    return find(Attributes().bytes(CKA_LABEL, label)).size();
}

Answer Caller::attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const
{
    Answer answer;
    answer.out.resize(4096);
    CK_ATTRIBUTE wanted{type, answer.out.data(), length_of(answer.out)};
    answer.code = list->C_GetAttributeValue(session, object, &wanted, 1);
    answer.out.resize(answer.code == CKR_OK ? wanted.ulValueLen : 0);
    return answer;
}

// ---- Operations ---------------------------------------------------------------------------------------------------

Answer Caller::encrypt(Mechanism how, CK_OBJECT_HANDLE key, std::string_view data) const
{
    const CK_RV code = list->C_EncryptInit(session, how.get(), key);
    return code != CKR_OK ? Answer{code, {}}
                          : take(data, list->C_Encrypt, session, bytes_of(data), length_of(data));
}

Answer Caller::decrypt(Mechanism how, CK_OBJECT_HANDLE key, std::string_view data) const
{
    const CK_RV code = list->C_DecryptInit(session, how.get(), key);
    return code != CKR_OK ? Answer{code, {}}
                          : take(data, list->C_Decrypt, session, bytes_of(data), length_of(data));
}

Answer Caller::digest(Mechanism how, std::string_view data) const
{
    const CK_RV code = list->C_DigestInit(session, how.get());
    return code != CKR_OK ? Answer{code, {}}
                          : take(data, list->C_Digest, session, bytes_of(data), length_of(data));
}

Answer Caller::sign(Mechanism how, CK_OBJECT_HANDLE key, std::string_view data) const
{
    const CK_RV code = list->C_SignInit(session, how.get(), key);
    return code != CKR_OK ? Answer{code, {}}
                          : take(data, list->C_Sign, session, bytes_of(data), length_of(data));
}

CK_RV Caller::verify(Mechanism how, CK_OBJECT_HANDLE key, std::string_view data,
                     std::string_view signature) const
{
    const CK_RV code = list->C_VerifyInit(session, how.get(), key);
    return code != CKR_OK ? code
                          : list->C_Verify(session, bytes_of(data), length_of(data),
                                           bytes_of(signature), length_of(signature));
}

Answer Caller::wrap(Mechanism how, CK_OBJECT_HANDLE with, CK_OBJECT_HANDLE key) const
{
    return take({}, list->C_WrapKey, session, how.get(), with, key);
}

std::pair<CK_RV, CK_OBJECT_HANDLE> Caller::unwrap(Mechanism how, CK_OBJECT_HANDLE with,
                                                  std::string_view wrapped,
                                                  Attributes attributes) const
{
    CK_OBJECT_HANDLE key = 0;
    const CK_RV code =
        list->C_UnwrapKey(session, how.get(), with, bytes_of(wrapped), length_of(wrapped),
                          attributes.get(), attributes.size(), &key);
    return {code, key};
}

std::pair<CK_RV, CK_OBJECT_HANDLE> Caller::derive(Mechanism how, CK_OBJECT_HANDLE from,
                                                  Attributes attributes) const
{
    CK_OBJECT_HANDLE key = 0;
    const CK_RV code =
        list->C_DeriveKey(session, how.get(), from, attributes.get(), attributes.size(), &key);
    return {code, key};
}

// ---- The module over a lab ----------------------------------------------------------------------------------------

Caller open_session(CK_FLAGS flags, CK_SLOT_ID slot)
{
    Caller caller{&module(), 0};
    REQUIRE(name(caller.list->C_OpenSession(slot, flags, nullptr, nullptr, &caller.session)) ==
            name(CKR_OK));
    return caller;
}

CK_RV log_in(const Caller& caller, std::string_view pin)
{
    return caller.list->C_Login(caller.session, CKU_USER, bytes_of(pin), length_of(pin));
}

Initialized::Initialized(std::string_view configuration) : lab_(configuration)
{
    REQUIRE(name(module().C_Initialize(nullptr)) == name(CKR_OK));
}

Initialized::~Initialized()
{
    C_Finalize(nullptr);
}

Application::Application(std::string_view configuration)
    : Initialized(configuration), caller_(open_session())
{
    REQUIRE(name(log_in(caller_)) == name(CKR_OK));
}

}  // namespace hasim::test
