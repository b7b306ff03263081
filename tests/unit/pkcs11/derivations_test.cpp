// Keys that are derived: in process and through the group the same values and the same codes.
#include "cryptoki/parameters.hpp"
#include "unit/pkcs11/sides.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace hasim::test {
namespace {

/// How, and from which key.
using Derivation = std::tuple<const char*, Mechanism, const char*>;

/// The value of the key that came of it.
Answer value_of(const Side& side, const std::pair<CK_RV, CK_OBJECT_HANDLE>& key)
{
    return key.first == CKR_OK ? side.caller.attribute(key.second, CKA_VALUE)
                               : Answer{key.first, {}};
}

/// Each of them, to keys of several lengths.
void compare(Sides& sides, const std::vector<Derivation>& rows)
{
    for (const auto& [what, how, from] : rows) {
        for (const CK_ULONG length : {CK_ULONG{0}, CK_ULONG{16}, CK_ULONG{32}, CK_ULONG{200}}) {
            Attributes wanted = secret_key(CKK_GENERIC_SECRET, {});
            if (length > 0) {
                wanted.number(CKA_VALUE_LEN, length);
            }
            sides.same(what + (" to " + std::to_string(length)),
                       [&, &way = how, &base = from](const Side& side) {
                           return value_of(side, side.caller.derive(way, side.key(base), wanted));
                       });
        }
    }
}

/// The texts must outlive the mechanism, here as below.
Mechanism ecdh(CK_ULONG kdf, const std::string& shared, const std::string& others)
{
    cryptoki::EcdhParameter parameter{};
    parameter.kdf = kdf;
    parameter.shared_length = length_of(shared);
    parameter.shared = shared.empty() ? nullptr : bytes_of(shared);
    parameter.public_length = length_of(others);
    parameter.public_data = bytes_of(others);
    return Mechanism::with(CKM_ECDH1_DERIVE, parameter);
}

Mechanism ecb_of(CK_MECHANISM_TYPE type, const std::string& data)
{
    return Mechanism::with(type, cryptoki::StringParameter{bytes_of(data), length_of(data)});
}

template <class Parameter>
Mechanism cbc_of(CK_MECHANISM_TYPE type, const std::string& data)
{
    Parameter parameter{};
    std::fill(std::begin(parameter.iv), std::end(parameter.iv), CK_BYTE{9});
    parameter.data = bytes_of(data);
    parameter.length = length_of(data);
    return Mechanism::with(type, parameter);
}

}  // namespace

std::set<CK_MECHANISM_TYPE> compared_derivations()
{
    return {CKM_ECDH1_DERIVE,          CKM_DH_PKCS_DERIVE,       CKM_DES_ECB_ENCRYPT_DATA,
            CKM_DES3_ECB_ENCRYPT_DATA, CKM_AES_ECB_ENCRYPT_DATA, CKM_DES_CBC_ENCRYPT_DATA,
            CKM_DES3_CBC_ENCRYPT_DATA, CKM_AES_CBC_ENCRYPT_DATA};
}

TEST_CASE("keys agreed on through the group are those that the token agrees on")
{
    if (without_lab()) {
        return;
    }
    Sides sides;
    const Side& token = sides.here();
    const std::string point = token.caller.attribute(token.key("ec"), CKA_EC_POINT).out;
    const std::string number = token.caller.attribute(token.key("dh"), CKA_VALUE).out;
    const std::string raw_point = point.substr(2);
    const std::string nothing;
    const std::string text(32, 't');
    CHECK(name(token.caller
                   .derive(ecdh(CKD_NULL, nothing, point), token.key("ec private"),
                           secret_key(CKK_GENERIC_SECRET, {}).number(CKA_VALUE_LEN, 32))
                   .first) == name(CKR_OK));
    compare(sides,
            {{"ECDH", ecdh(CKD_NULL, nothing, point), "ec private"},
             {"ECDH of a raw point", ecdh(CKD_NULL, nothing, raw_point), "ec private"},
             {"ECDH of no point", ecdh(CKD_NULL, nothing, text), "ec private"},
             {"ECDH of nothing", ecdh(CKD_NULL, nothing, nothing), "ec private"},
             {"ECDH with shared data", ecdh(CKD_NULL, text, point), "ec private"},
             {"ECDH with a function", ecdh(CKD_SHA1_KDF, nothing, point), "ec private"},
             {"ECDH with no parameter", Mechanism(CKM_ECDH1_DERIVE), "ec private"},
             {"ECDH with a parameter of one byte", Mechanism(CKM_ECDH1_DERIVE, "x"), "ec private"},
             {"ECDH with an RSA key", ecdh(CKD_NULL, nothing, point), "rsa private"},
             {"ECDH with a public key", ecdh(CKD_NULL, nothing, point), "ec"},
             {"DH", Mechanism(CKM_DH_PKCS_DERIVE, number), "dh private"},
             {"DH of one byte", Mechanism(CKM_DH_PKCS_DERIVE, "x"), "dh private"},
             {"DH with no parameter", Mechanism(CKM_DH_PKCS_DERIVE), "dh private"},
             {"DH with an EC key", Mechanism(CKM_DH_PKCS_DERIVE, number), "ec private"}});
}

TEST_CASE("keys encrypted from data through the group are those that the token makes")
{
    if (without_lab()) {
        return;
    }
    Sides sides;
    using Des = cryptoki::DesDataParameter;
    using Aes = cryptoki::AesDataParameter;
    const std::string nothing;
    const std::string text(32, 't');
    const std::string odd_text(5, 't');
    compare(sides,
            {{"DES-ECB", ecb_of(CKM_DES_ECB_ENCRYPT_DATA, text), "des"},
             {"DES3-ECB", ecb_of(CKM_DES3_ECB_ENCRYPT_DATA, text), "des3"},
             {"AES-ECB", ecb_of(CKM_AES_ECB_ENCRYPT_DATA, text), "aes"},
             {"AES-ECB of 5 bytes", ecb_of(CKM_AES_ECB_ENCRYPT_DATA, odd_text), "aes"},
             {"AES-ECB of nothing", ecb_of(CKM_AES_ECB_ENCRYPT_DATA, nothing), "aes"},
             {"AES-ECB with no parameter", Mechanism(CKM_AES_ECB_ENCRYPT_DATA), "aes"},
             {"AES-ECB with a DES key", ecb_of(CKM_AES_ECB_ENCRYPT_DATA, text), "des3"},
             {"DES-CBC", cbc_of<Des>(CKM_DES_CBC_ENCRYPT_DATA, text), "des"},
             {"DES3-CBC", cbc_of<Des>(CKM_DES3_CBC_ENCRYPT_DATA, text), "des3"},
             {"AES-CBC", cbc_of<Aes>(CKM_AES_CBC_ENCRYPT_DATA, text), "aes32"},
             {"AES-CBC of 5 bytes", cbc_of<Aes>(CKM_AES_CBC_ENCRYPT_DATA, odd_text), "aes32"},
             {"by what derives nothing", Mechanism(CKM_SHA256), "aes"}});
}

}  // namespace hasim::test
