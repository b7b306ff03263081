// Goal: what an application hands in, pointers and all, is whole again on the other side of the wire; and no pointer
// ever goes over it.
#include "cryptoki/native.hpp"
#include "cryptoki/parameters.hpp"

#include <cstring>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace hasim::cryptoki;

namespace {

template <class Parameter>
CK_MECHANISM mechanism_of(CK_MECHANISM_TYPE type, Parameter& parameter)
{
    return {type, &parameter, sizeof parameter};
}

/// There and back; fails the test when either way refuses.
NativeMechanism there_and_back(const CK_MECHANISM& mechanism)
{
    const auto flat = flatten(mechanism);
    REQUIRE(flat);
    auto native = NativeMechanism::of(*flat);
    REQUIRE(native);
    return std::move(*native);
}

}  // namespace

TEST_CASE("parameters with pointers come back with what they point at")
{
    unsigned char iv[12] = "initvector1";
    unsigned char aad[5] = "head";
    SECTION("GCM")
    {
        GcmParameter gcm{iv, sizeof iv, 96, aad, sizeof aad, 128};
        NativeMechanism back = there_and_back(mechanism_of(CKM_AES_GCM, gcm));
        const auto* made = static_cast<const GcmParameter*>(back.get()->pParameter);
        REQUIRE(back.get()->ulParameterLen == sizeof gcm);
        CHECK(made->iv != iv);
        CHECK(std::string(reinterpret_cast<char*>(made->iv), made->iv_length) ==
              std::string(reinterpret_cast<char*>(iv), sizeof iv));
        CHECK(std::string(reinterpret_cast<char*>(made->aad), made->aad_length) ==
              std::string(reinterpret_cast<char*>(aad), sizeof aad));
        CHECK(made->tag_bits == 128);
    }
    SECTION("ECDH")
    {
        EcdhParameter ecdh{CKD_NULL, 0, nullptr, sizeof iv, iv};
        NativeMechanism back = there_and_back(mechanism_of(CKM_ECDH1_DERIVE, ecdh));
        const auto* made = static_cast<const EcdhParameter*>(back.get()->pParameter);
        CHECK(made->shared == nullptr);
        CHECK(made->public_length == sizeof iv);
        CHECK(std::memcmp(made->public_data, iv, sizeof iv) == 0);
    }
    SECTION("OAEP")
    {
        OaepParameter oaep{CKM_SHA256, CKG_MGF1_SHA256, 1, aad, sizeof aad};
        NativeMechanism back = there_and_back(mechanism_of(CKM_RSA_PKCS_OAEP, oaep));
        const auto* made = static_cast<const OaepParameter*>(back.get()->pParameter);
        CHECK(made->hash == CKM_SHA256);
        CHECK(std::memcmp(made->source_data, aad, sizeof aad) == 0);
    }
    SECTION("key derivation")
    {
        AesDataParameter data{};
        data.data = iv;
        data.length = sizeof iv;
        NativeMechanism back = there_and_back(mechanism_of(CKM_AES_CBC_ENCRYPT_DATA, data));
        const auto* made = static_cast<const AesDataParameter*>(back.get()->pParameter);
        CHECK(made->length == sizeof iv);
        CHECK(std::memcmp(made->data, iv, sizeof iv) == 0);
    }
}

TEST_CASE("parameters without pointers go over as they are")
{
    unsigned char iv[16] = "0123456789abcde";
    NativeMechanism back = there_and_back({CKM_AES_CBC_PAD, iv, sizeof iv});
    CHECK(back.get()->ulParameterLen == sizeof iv);
    CHECK(std::memcmp(back.get()->pParameter, iv, sizeof iv) == 0);
    NativeMechanism none = there_and_back({CKM_ECDSA, nullptr, 0});
    CHECK(none.get()->pParameter == nullptr);
    CHECK(none.get()->ulParameterLen == 0);
}

TEST_CASE("no address of the application is in what is sent")
{
    unsigned char iv[12] = "initvector1";
    GcmParameter gcm{iv, sizeof iv, 96, nullptr, 0, 128};
    const auto flat = flatten(mechanism_of(CKM_AES_GCM, gcm));
    REQUIRE(flat);
    const unsigned char* const address = iv;
    CHECK(flat->parameter.find(std::string(reinterpret_cast<const char*>(&address),
                                           sizeof address)) == std::string::npos);
}

TEST_CASE("a parameter that does not fit its mechanism is refused")
{
    unsigned char bytes[48] = {};
    CHECK_FALSE(flatten({CKM_AES_GCM, bytes, 47}));
    CHECK_FALSE(flatten({CKM_RSA_PKCS_PSS, bytes, 5}));
    CHECK_FALSE(flatten({CKM_AES_CBC, nullptr, 16}));
    // One that nobody here knows might hold a pointer.
    CHECK_FALSE(flatten({CKM_VENDOR_DEFINED + 7, bytes, 8}));
    GcmParameter gcm{nullptr, 12, 96, nullptr, 0, 128};
    CHECK_FALSE(flatten(mechanism_of(CKM_AES_GCM, gcm)));
}

TEST_CASE("hostile bytes make no mechanism")
{
    unsigned char iv[12] = "initvector1";
    GcmParameter gcm{iv, sizeof iv, 96, nullptr, 0, 128};
    const auto flat = flatten(mechanism_of(CKM_AES_GCM, gcm));
    REQUIRE(flat);
    for (std::size_t size = 1; size < flat->parameter.size(); ++size) {
        CHECK_FALSE(NativeMechanism::of({flat->type, flat->parameter.substr(0, size)}));
    }
    // The bytes of one mechanism, said to be of another.
    CHECK_FALSE(NativeMechanism::of({CKM_ECDH1_DERIVE, flat->parameter}));
    CHECK_FALSE(NativeMechanism::of({CKM_ECDSA, flat->parameter}));
}

TEST_CASE("templates come back, and templates in templates")
{
    CK_BBOOL yes = CK_TRUE;
    char label[] = "key";
    CK_ATTRIBUTE inner[] = {{CKA_TOKEN, &yes, sizeof yes}};
    CK_ATTRIBUTE outer[] = {{CKA_LABEL, label, 3}, {CKA_WRAP_TEMPLATE, inner, sizeof inner}};
    const auto flat = flatten(outer, 2);
    REQUIRE(flat);
    auto back = NativeTemplate::of(*flat);
    REQUIRE(back);
    REQUIRE(back->size() == 2);
    CHECK(std::memcmp(back->get()[0].pValue, "key", 3) == 0);
    REQUIRE(back->get()[1].ulValueLen == sizeof(CK_ATTRIBUTE));
    const auto* made = static_cast<const CK_ATTRIBUTE*>(back->get()[1].pValue);
    CHECK(made->type == CKA_TOKEN);
    CHECK(*static_cast<const CK_BBOOL*>(made->pValue) == CK_TRUE);
}

TEST_CASE("a template that says what is not there is refused")
{
    CK_ATTRIBUTE missing[] = {{CKA_LABEL, nullptr, 3}};
    CHECK_FALSE(flatten(missing, 1));
    CHECK_FALSE(flatten(nullptr, 1));
    CHECK(flatten(nullptr, 0));
    std::vector<CK_ATTRIBUTE> many(kMaxAttributes + 1, CK_ATTRIBUTE{CKA_LABEL, nullptr, 0});
    CHECK_FALSE(flatten(many.data(), many.size()));
    CHECK_FALSE(types_of(many.data(), many.size()));
    CHECK_FALSE(NativeTemplate::of({{CKA_WRAP_TEMPLATE, "no template", true}}));
}

TEST_CASE("flags and numbers are found in a template")
{
    const CK_ULONG key = CKK_EC;
    const Template attributes{
        {CKA_TOKEN, std::string(1, '\1')},
        {CKA_KEY_TYPE, std::string(reinterpret_cast<const char*>(&key), sizeof key)},
        {CKA_PRIVATE, "", false}};
    CHECK(flag_in(attributes, CKA_TOKEN, false));
    CHECK(flag_in(attributes, CKA_SIGN, true));
    CHECK_FALSE(flag_in(attributes, CKA_SIGN, false));
    CHECK(flag_in(attributes, CKA_PRIVATE, true));
    CHECK(number_in(attributes, CKA_KEY_TYPE) == CKK_EC);
    CHECK_FALSE(number_in(attributes, CKA_TOKEN));
}
