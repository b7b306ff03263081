// Digests, MACs and ciphers of the token: in process and through the group the same bytes and the same codes.
#include "cryptoki/parameters.hpp"
#include "unit/pkcs11/sides.hpp"

#include <algorithm>
#include <set>

namespace hasim::test {
namespace {

struct Named {
    const char* name;
    CK_MECHANISM_TYPE type;
    const char* key;  ///< what it works with
};

constexpr Named kDigests[] = {{"MD5", CKM_MD5, nullptr},       {"SHA-1", CKM_SHA_1, nullptr},
                              {"SHA224", CKM_SHA224, nullptr}, {"SHA256", CKM_SHA256, nullptr},
                              {"SHA384", CKM_SHA384, nullptr}, {"SHA512", CKM_SHA512, nullptr}};

constexpr Named kMacs[] = {
    {"MD5-HMAC", CKM_MD5_HMAC, "generic"},       {"SHA-1-HMAC", CKM_SHA_1_HMAC, "generic"},
    {"SHA224-HMAC", CKM_SHA224_HMAC, "generic"}, {"SHA256-HMAC", CKM_SHA256_HMAC, "generic"},
    {"SHA384-HMAC", CKM_SHA384_HMAC, "generic"}, {"SHA512-HMAC", CKM_SHA512_HMAC, "generic"},
    {"AES-CMAC", CKM_AES_CMAC, "aes"},           {"DES3-CMAC", CKM_DES3_CMAC, "des3"}};

enum class Iv { none, block, counter, gcm };

struct Cipher {
    Named named;
    std::size_t block;
    Iv iv;
};

constexpr Cipher kCiphers[] = {
    {{"DES-ECB", CKM_DES_ECB, "des"}, 8, Iv::none},
    {{"DES-CBC", CKM_DES_CBC, "des"}, 8, Iv::block},
    {{"DES-CBC-PAD", CKM_DES_CBC_PAD, "des"}, 8, Iv::block},
    {{"DES3-ECB", CKM_DES3_ECB, "des3"}, 8, Iv::none},
    {{"DES3-CBC", CKM_DES3_CBC, "des3"}, 8, Iv::block},
    {{"DES3-CBC of DES2", CKM_DES3_CBC, "des2"}, 8, Iv::block},
    {{"DES3-CBC-PAD", CKM_DES3_CBC_PAD, "des3"}, 8, Iv::block},
    {{"AES-ECB", CKM_AES_ECB, "aes"}, 16, Iv::none},
    {{"AES-ECB of 32 bytes", CKM_AES_ECB, "aes32"}, 16, Iv::none},
    {{"AES-CBC", CKM_AES_CBC, "aes"}, 16, Iv::block},
    {{"AES-CBC-PAD", CKM_AES_CBC_PAD, "aes32"}, 16, Iv::block},
    {{"AES-CTR", CKM_AES_CTR, "aes"}, 16, Iv::counter},
    {{"AES-GCM", CKM_AES_GCM, "aes32"}, 16, Iv::gcm},
};

Mechanism counter(CK_ULONG bits)
{
    cryptoki::CtrParameter parameter{};
    parameter.counter_bits = bits;
    std::fill(std::begin(parameter.block), std::end(parameter.block), CK_BYTE{7});
    return Mechanism::with(CKM_AES_CTR, parameter);
}

/// The texts must outlive the mechanism.
Mechanism gcm(std::string_view iv, std::string_view more, CK_ULONG tag_bits)
{
    cryptoki::GcmParameter parameter{};
    parameter.iv = bytes_of(iv);
    parameter.iv_length = length_of(iv);
    parameter.iv_bits = 8 * length_of(iv);
    parameter.aad = more.empty() ? nullptr : bytes_of(more);
    parameter.aad_length = length_of(more);
    parameter.tag_bits = tag_bits;
    return Mechanism::with(CKM_AES_GCM, parameter);
}

Mechanism good(const Cipher& cipher)
{
    switch (cipher.iv) {
    case Iv::none: return Mechanism(cipher.named.type);
    case Iv::block: return {cipher.named.type, std::string(cipher.block, 'v')};
    case Iv::counter: return counter(128);
    case Iv::gcm: return gcm("0123456789ab", "more", 128);
    }
    return Mechanism(cipher.named.type);
}

/// Parameters that are not what the mechanism wants, and some that are unusual.
std::vector<std::pair<std::string, Mechanism>> odd(const Cipher& cipher)
{
    const CK_MECHANISM_TYPE type = cipher.named.type;
    std::vector<std::pair<std::string, Mechanism>> all{
        {"no parameter", Mechanism(type)},
        {"a parameter of one byte", {type, "x"}},
        {"a parameter of one byte less", {type, std::string(cipher.block - 1, 'v')}},
        {"a parameter of one byte more", {type, std::string(cipher.block + 1, 'v')}},
        {"a parameter of 100 bytes", {type, std::string(100, '\0')}}};
    if (cipher.iv == Iv::counter) {
        for (const CK_ULONG bits : {CK_ULONG{0}, CK_ULONG{1}, CK_ULONG{64}, CK_ULONG{129}}) {
            all.emplace_back("a counter of " + std::to_string(bits) + " bits", counter(bits));
        }
    }
    if (cipher.iv == Iv::gcm) {
        static const std::string long_iv(300, 'v');
        all.emplace_back("an IV of 1 byte", gcm("x", "", 128));
        all.emplace_back("an IV of 16 bytes", gcm("0123456789abcdef", "", 128));
        all.emplace_back("an IV of 300 bytes", gcm(long_iv, "", 128));
        all.emplace_back("no IV", gcm("", "", 128));
        for (const CK_ULONG bits : {CK_ULONG{0}, CK_ULONG{96}, CK_ULONG{97}, CK_ULONG{136}}) {
            all.emplace_back("a tag of " + std::to_string(bits) + " bits",
                             gcm("0123456789ab", "more", bits));
        }
    }
    return all;
}

/// Lengths around blocks, and one that is longer than a piece of anything.
constexpr std::size_t kLengths[] = {0, 1, 7, 8, 15, 16, 17, 32, 64, 1000, 4096};

std::string some_text(std::size_t length)
{
    std::string text;
    for (std::size_t i = 0; i < length; ++i) {
        text.push_back(static_cast<char>(i * 31 + 5));
    }
    return text;
}

}  // namespace

TEST_CASE("digests through the group are those of the token")
{
    if (without_lab()) {
        return;
    }
    Sides sides;
    for (const Named& row : kDigests) {
        const Mechanism how(row.type);
        for (const std::size_t length : kLengths) {
            const std::string text = some_text(length);
            const std::size_t piece = length / 7 + 5;
            const std::string what = row.name + (" of " + std::to_string(length));
            sides.same(what, [&](const Side& side) { return side.caller.digest(how, text); });
            sides.same(what + " in parts", [&](const Side& side) {
                return in_parts(side.caller, Part::digest, how, 0, text, piece);
            });
        }
        sides.same(row.name + std::string(" with a parameter"), [&](const Side& side) {
            return side.caller.digest(Mechanism(row.type, "parameter"), "text");
        });
        sides.same(row.name + std::string(" of a key"), [&](const Side& side) {
            CK_FUNCTION_LIST& list = *side.caller.list;
            const CK_SESSION_HANDLE session = side.caller.session;
            Answer answer{list.C_DigestInit(session, Mechanism(how).get()), std::string(64, '\0')};
            answer.code = list.C_DigestKey(session, side.key("generic"));
            CK_ULONG room = 64;
            if (answer.code == CKR_OK) {
                answer.code = list.C_DigestFinal(session, bytes_of(answer.out), &room);
            }
            answer.out.resize(answer.code == CKR_OK ? room : 0);
            return answer;
        });
    }
}

TEST_CASE("MACs through the group are those of the token")
{
    if (without_lab()) {
        return;
    }
    Sides sides;
    for (const Named& row : kMacs) {
        const Mechanism how(row.type);
        for (const std::size_t length : kLengths) {
            const std::string text = some_text(length);
            const std::size_t piece = length / 7 + 5;
            const std::string what = row.name + (" of " + std::to_string(length));
            sides.same(what, [&](const Side& side) {
                return side.caller.sign(how, side.key(row.key), text);
            });
            sides.same(what + " in parts", [&](const Side& side) {
                return in_parts(side.caller, Part::sign, how, side.key(row.key), text, piece);
            });
        }
        const std::string mac = sides.here().caller.sign(how, sides.here().key(row.key), "t").out;
        REQUIRE(!mac.empty());
        for (const std::string& shown : {mac, mac.substr(1), mac + "x", std::string(1, 'x')}) {
            sides.run(row.name + (" verified of " + std::to_string(shown.size())),
                      [&](const Side& side) {
                          return Answer{side.caller.verify(how, side.key(row.key), "t", shown), {}};
                      });
        }
        for (const char* key : {"aes", "des3", "generic", "rsa", "rsa private", "ec private"}) {
            sides.same(row.name + std::string(" with the key ") + key, [&](const Side& side) {
                return side.caller.sign(how, side.key(key), "text");
            });
        }
        sides.same(row.name + std::string(" with a parameter"), [&](const Side& side) {
            return side.caller.sign(Mechanism(row.type, "12345678"), side.key(row.key), "text");
        });
    }
}

TEST_CASE("ciphers through the group give what the token gives")
{
    if (without_lab()) {
        return;
    }
    Sides sides;
    for (const Cipher& cipher : kCiphers) {
        const Mechanism how = good(cipher);
        for (const std::size_t length : kLengths) {
            const std::string text = some_text(length);
            const std::size_t piece = length / 7 + 5;
            const std::string what = cipher.named.name + (" of " + std::to_string(length));
            const auto key = [&](const Side& side) { return side.key(cipher.named.key); };
            sides.same(what,
                       [&](const Side& side) { return side.caller.encrypt(how, key(side), text); });
            sides.same(what + " in parts", [&](const Side& side) {
                return in_parts(side.caller, Part::encrypt, how, key(side), text, piece);
            });
            sides.same(what + " decrypted",
                       [&](const Side& side) { return side.caller.decrypt(how, key(side), text); });
            const Answer encrypted = sides.here().caller.encrypt(how, key(sides.here()), text);
            if (encrypted.code == CKR_OK) {
                CHECK(sides.there().caller.decrypt(how, key(sides.there()), encrypted.out).out ==
                      text);
                sides.same(what + " decrypted in parts", [&](const Side& side) {
                    return in_parts(side.caller, Part::decrypt, how, key(side), encrypted.out,
                                    piece);
                });
            }
        }
    }
}

TEST_CASE("ciphers through the group refuse what the token refuses")
{
    if (without_lab()) {
        return;
    }
    Sides sides;
    const std::string text = some_text(64);
    for (const Cipher& cipher : kCiphers) {
        for (const auto& [parameter, how] : odd(cipher)) {
            const std::string what = std::string(cipher.named.name) + " with " + parameter;
            sides.same(what, [&, &odd_one = how](const Side& side) {
                return side.caller.encrypt(odd_one, side.key(cipher.named.key), text);
            });
            sides.run(what + ", decrypted", [&, &odd_one = how](const Side& side) {
                return side.caller.decrypt(odd_one, side.key(cipher.named.key), text);
            });
        }
        const Mechanism how = good(cipher);
        for (const char* key : {"aes", "des", "des3", "generic", "rsa", "rsa private", "ec"}) {
            sides.same(
                std::string(cipher.named.name) + " with the key " + key,
                [&](const Side& side) { return side.caller.encrypt(how, side.key(key), text); });
        }
        sides.run(std::string(cipher.named.name) + " with a null parameter of 16 bytes",
                  [&](const Side& side) {
                      CK_MECHANISM null{cipher.named.type, nullptr, 16};
                      return Answer{side.caller.list->C_EncryptInit(side.caller.session, &null,
                                                                    side.key(cipher.named.key)),
                                    {}};
                  });
    }
}

std::set<CK_MECHANISM_TYPE> compared_data_mechanisms()
{
    std::set<CK_MECHANISM_TYPE> all;
    for (const Named& row : kDigests) {
        all.insert(row.type);
    }
    for (const Named& row : kMacs) {
        all.insert(row.type);
    }
    for (const Cipher& cipher : kCiphers) {
        all.insert(cipher.named.type);
    }
    return all;
}

TEST_CASE("every mechanism of the token is compared")
{
    if (without_lab()) {
        return;
    }
    const Initialized initialized;
    std::vector<CK_MECHANISM_TYPE> types(500);
    CK_ULONG count = 500;
    REQUIRE(name(module().C_GetMechanismList(kGroup, types.data(), &count)) == name(CKR_OK));
    types.resize(count);
    std::set<CK_MECHANISM_TYPE> left(types.begin(), types.end());
    for (const auto& compared :
         {compared_data_mechanisms(), compared_key_mechanisms(), compared_derivations()}) {
        for (const CK_MECHANISM_TYPE type : compared) {
            left.erase(type);
        }
    }
    for (const CK_MECHANISM_TYPE type : left) {
        CAPTURE(type);
        CHECK(left.empty());
    }
}

TEST_CASE("mechanisms through the group are those of the token")
{
    if (without_lab()) {
        return;
    }
    const Sides sides;
    const auto list_of = [](const Caller& caller) {
        CK_SESSION_INFO session{};
        REQUIRE(caller.list->C_GetSessionInfo(caller.session, &session) == CKR_OK);
        std::vector<CK_MECHANISM_TYPE> types(500);
        CK_ULONG count = 500;
        REQUIRE(caller.list->C_GetMechanismList(session.slotID, types.data(), &count) == CKR_OK);
        types.resize(count);
        std::string infos;
        for (const CK_MECHANISM_TYPE type : types) {
            CK_MECHANISM_INFO info{};
            CHECK(caller.list->C_GetMechanismInfo(session.slotID, type, &info) == CKR_OK);
            infos += std::to_string(type) + ": " + std::to_string(info.flags) + " " +
                     std::to_string(info.ulMinKeySize) + " " + std::to_string(info.ulMaxKeySize) +
                     "\n";
        }
        return infos;
    };
    CHECK(list_of(sides.here().caller) == list_of(sides.there().caller));
}

}  // namespace hasim::test
