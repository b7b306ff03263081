#include "cryptoki/native.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#include "cryptoki/field_reader.hpp"
#include "cryptoki/parameters.hpp"

namespace hasim::cryptoki {
namespace {

/// A pointer in a parameter's structure, and the field that says how many bytes it leads to.
struct Pointer {
    std::size_t at;
    std::size_t length;
};

/// What the parameter of a mechanism is: bytes without a pointer, of `size` (0: of any), or a structure.
struct ParameterRow {
    CK_MECHANISM_TYPE mechanism;
    std::size_t size;
    std::size_t pointers = 0;
    std::array<Pointer, 2> pointer{};
};

constexpr ParameterRow with_string(CK_MECHANISM_TYPE mechanism)
{
    return {mechanism,
            sizeof(StringParameter),
            1,
            {{{offsetof(StringParameter, data), offsetof(StringParameter, length)}}}};
}

constexpr ParameterRow with_des_data(CK_MECHANISM_TYPE mechanism)
{
    return {mechanism,
            sizeof(DesDataParameter),
            1,
            {{{offsetof(DesDataParameter, data), offsetof(DesDataParameter, length)}}}};
}

constexpr ParameterRow plain(CK_MECHANISM_TYPE mechanism, std::size_t size = 0)
{
    return {mechanism, size};
}

constexpr std::array kParameters{
    ParameterRow{
        CKM_RSA_PKCS_OAEP,
        sizeof(OaepParameter),
        1,
        {{{offsetof(OaepParameter, source_data), offsetof(OaepParameter, source_length)}}}},
    ParameterRow{CKM_AES_GCM,
                 sizeof(GcmParameter),
                 2,
                 {{{offsetof(GcmParameter, iv), offsetof(GcmParameter, iv_length)},
                   {offsetof(GcmParameter, aad), offsetof(GcmParameter, aad_length)}}}},
    ParameterRow{
        CKM_ECDH1_DERIVE,
        sizeof(EcdhParameter),
        2,
        {{{offsetof(EcdhParameter, shared), offsetof(EcdhParameter, shared_length)},
          {offsetof(EcdhParameter, public_data), offsetof(EcdhParameter, public_length)}}}},
    ParameterRow{
        CKM_ECDH1_COFACTOR_DERIVE,
        sizeof(EcdhParameter),
        2,
        {{{offsetof(EcdhParameter, shared), offsetof(EcdhParameter, shared_length)},
          {offsetof(EcdhParameter, public_data), offsetof(EcdhParameter, public_length)}}}},
    ParameterRow{CKM_AES_CBC_ENCRYPT_DATA,
                 sizeof(AesDataParameter),
                 1,
                 {{{offsetof(AesDataParameter, data), offsetof(AesDataParameter, length)}}}},
    with_des_data(CKM_DES_CBC_ENCRYPT_DATA),
    with_des_data(CKM_DES3_CBC_ENCRYPT_DATA),
    with_string(CKM_DES_ECB_ENCRYPT_DATA),
    with_string(CKM_DES3_ECB_ENCRYPT_DATA),
    with_string(CKM_AES_ECB_ENCRYPT_DATA),
    with_string(CKM_CONCATENATE_BASE_AND_DATA),
    with_string(CKM_CONCATENATE_DATA_AND_BASE),
    with_string(CKM_XOR_BASE_AND_DATA),
    plain(CKM_RSA_PKCS_PSS, sizeof(PssParameter)),
    plain(CKM_SHA1_RSA_PKCS_PSS, sizeof(PssParameter)),
    plain(CKM_SHA224_RSA_PKCS_PSS, sizeof(PssParameter)),
    plain(CKM_SHA256_RSA_PKCS_PSS, sizeof(PssParameter)),
    plain(CKM_SHA384_RSA_PKCS_PSS, sizeof(PssParameter)),
    plain(CKM_SHA512_RSA_PKCS_PSS, sizeof(PssParameter)),
    plain(CKM_AES_CTR, sizeof(CtrParameter)),
    plain(CKM_DES_CBC),
    plain(CKM_DES_CBC_PAD),
    plain(CKM_DES3_CBC),
    plain(CKM_DES3_CBC_PAD),
    plain(CKM_AES_CBC),
    plain(CKM_AES_CBC_PAD),
    plain(CKM_AES_KEY_WRAP),
    plain(CKM_AES_KEY_WRAP_PAD),
    plain(CKM_DH_PKCS_DERIVE),
};

const ParameterRow* parameter_of(CK_MECHANISM_TYPE mechanism)
{
    const auto* const at =
        std::find_if(kParameters.begin(), kParameters.end(),
                     [&](const ParameterRow& row) { return row.mechanism == mechanism; });
    return at == kParameters.end() ? nullptr : at;
}

template <class Value>
Value value_at(std::string_view bytes, std::size_t offset)
{
    Value value{};
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

bool is_template(CK_ATTRIBUTE_TYPE type)
{
    return type == CKA_WRAP_TEMPLATE || type == CKA_UNWRAP_TEMPLATE;
}

constexpr int kDeepest = 2;  // a template in a template, and no deeper

void put_inner(std::string& out, const Template& attributes)
{
    put_number(out, attributes.size());
    for (const Attribute& attribute : attributes) {
        put_number(out, attribute.type);
        put_text(out, attribute.value);
    }
}

std::optional<Template> flatten(const CK_ATTRIBUTE* attributes, CK_ULONG count, int depth)
{
    if (count > kMaxAttributes || depth > kDeepest || (attributes == nullptr && count > 0)) {
        return std::nullopt;
    }
    Template flat;
    for (CK_ULONG i = 0; i < count; ++i) {
        const CK_ATTRIBUTE& attribute = attributes[i];
        if (attribute.pValue == nullptr && attribute.ulValueLen != 0) {
            return std::nullopt;
        }
        if (is_template(attribute.type)) {
            const auto inner = flatten(static_cast<const CK_ATTRIBUTE*>(attribute.pValue),
                                       attribute.ulValueLen / sizeof(CK_ATTRIBUTE), depth + 1);
            if (!inner || attribute.ulValueLen % sizeof(CK_ATTRIBUTE) != 0) {
                return std::nullopt;
            }
            std::string bytes;
            put_inner(bytes, *inner);
            flat.push_back({attribute.type, std::move(bytes)});
        } else {
            flat.push_back({attribute.type, std::string(static_cast<const char*>(attribute.pValue),
                                                        attribute.ulValueLen)});
        }
    }
    return flat;
}

/// The inverse of put_inner().
std::optional<Template> inner_template(std::string_view bytes)
{
    FieldReader in(bytes);
    Template inner(in.count(kMaxAttributes, 16));
    for (Attribute& attribute : inner) {
        attribute.type = in.number();
        attribute.value = in.text();
        if (is_template(attribute.type)) {
            return std::nullopt;
        }
    }
    return in.all_read() ? std::optional(std::move(inner)) : std::nullopt;
}

}  // namespace

std::optional<Mechanism> flatten(const CK_MECHANISM& mechanism)
{
    Mechanism flat{mechanism.mechanism, {}};
    if (mechanism.ulParameterLen == 0 || mechanism.pParameter == nullptr) {
        return mechanism.ulParameterLen == 0 ? std::optional(std::move(flat)) : std::nullopt;
    }
    const ParameterRow* const row = parameter_of(mechanism.mechanism);
    if (row == nullptr || (row->size != 0 && row->size != mechanism.ulParameterLen)) {
        return std::nullopt;
    }
    std::string bytes(static_cast<const char*>(mechanism.pParameter), mechanism.ulParameterLen);
    std::string texts;
    for (std::size_t i = 0; i < row->pointers; ++i) {
        const auto* const at = value_at<const char*>(bytes, row->pointer[i].at);
        const auto length = value_at<CK_ULONG>(bytes, row->pointer[i].length);
        if (at == nullptr && length != 0) {
            return std::nullopt;
        }
        put_text(texts, at == nullptr ? std::string_view{} : std::string_view(at, length));
        std::memset(bytes.data() + row->pointer[i].at, 0, sizeof(void*));
    }
    put_text(flat.parameter, bytes);
    flat.parameter += texts;
    return flat;
}

std::optional<Template> flatten(const CK_ATTRIBUTE* attributes, CK_ULONG count)
{
    return flatten(attributes, count, 1);
}

std::optional<Template> types_of(const CK_ATTRIBUTE* attributes, CK_ULONG count)
{
    if (count > kMaxAttributes || (attributes == nullptr && count > 0)) {
        return std::nullopt;
    }
    Template types;
    for (CK_ULONG i = 0; i < count; ++i) {
        types.push_back({attributes[i].type, {}});
    }
    return types;
}

std::optional<NativeMechanism> NativeMechanism::of(const Mechanism& mechanism)
{
    NativeMechanism made;
    made.native_.mechanism = static_cast<CK_MECHANISM_TYPE>(mechanism.type);
    if (mechanism.parameter.empty()) {
        return made;
    }
    const ParameterRow* const row = parameter_of(made.native_.mechanism);
    FieldReader in(mechanism.parameter);
    std::string bytes = in.text();
    if (row == nullptr || bytes.empty() || (row->size != 0 && row->size != bytes.size())) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < row->pointers; ++i) {
        std::string& text = made.texts_.emplace_back(in.text());
        const char* const at = text.empty() ? nullptr : text.data();
        const auto length = static_cast<CK_ULONG>(text.size());
        std::memcpy(bytes.data() + row->pointer[i].at, &at, sizeof at);
        std::memcpy(bytes.data() + row->pointer[i].length, &length, sizeof length);
    }
    if (!in.all_read()) {
        return std::nullopt;
    }
    made.parameter_.resize((bytes.size() + sizeof(CK_ULONG) - 1) / sizeof(CK_ULONG));
    std::memcpy(made.parameter_.data(), bytes.data(), bytes.size());
    made.native_.pParameter = made.parameter_.data();
    made.native_.ulParameterLen = static_cast<CK_ULONG>(bytes.size());
    return made;
}

std::optional<NativeTemplate> NativeTemplate::of(const Template& attributes)
{
    NativeTemplate made;
    made.native_.reserve(std::max<std::size_t>(attributes.size(), 1));  // never a null pointer
    for (const Attribute& attribute : attributes) {
        CK_ATTRIBUTE native{static_cast<CK_ATTRIBUTE_TYPE>(attribute.type), nullptr, 0};
        if (is_template(native.type)) {
            auto inner = inner_template(attribute.value);
            if (!inner) {
                return std::nullopt;
            }
            auto native_inner = of(made.inner_.emplace_back(std::move(*inner)));
            made.native_inner_.push_back(std::move(*native_inner));
            native.pValue = made.native_inner_.back().get();
            native.ulValueLen = made.native_inner_.back().size() * sizeof(CK_ATTRIBUTE);
        } else {
            // The interface takes what it only reads without const.
            native.pValue = const_cast<char*>(attribute.value.data());
            native.ulValueLen = static_cast<CK_ULONG>(attribute.value.size());
        }
        made.native_.push_back(native);
    }
    return made;
}

namespace {

const Attribute* find(const Template& attributes, CK_ATTRIBUTE_TYPE type)
{
    const auto at = std::find_if(attributes.begin(), attributes.end(),
                                 [&](const Attribute& one) { return one.type == type; });
    return at == attributes.end() || !at->available ? nullptr : &*at;
}

}  // namespace

std::optional<std::uint64_t> number_in(const Template& attributes, CK_ATTRIBUTE_TYPE type)
{
    const Attribute* const attribute = find(attributes, type);
    if (attribute == nullptr || attribute->value.size() != sizeof(CK_ULONG)) {
        return std::nullopt;
    }
    return value_at<CK_ULONG>(attribute->value, 0);
}

bool flag_in(const Template& attributes, CK_ATTRIBUTE_TYPE type, bool otherwise)
{
    const Attribute* const attribute = find(attributes, type);
    return attribute == nullptr || attribute->value.empty() ? otherwise
                                                            : attribute->value[0] != CK_FALSE;
}

}  // namespace hasim::cryptoki
