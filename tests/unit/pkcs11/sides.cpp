#include "unit/pkcs11/sides.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace hasim::test {

namespace {

/// A difference between the token and the group that is meant to be.
struct Difference {
    const char* what;  ///< words in what is done; all of them if null
    CK_RV here;        ///< what the token says
    CK_RV there;       ///< what the group says
    const char* reason;
};

constexpr Difference kDifferences[] = {
    {"parameter", CKR_OK, CKR_MECHANISM_PARAM_INVALID,
     "a parameter of a mechanism that takes none: it could hold pointers, and is not sent"},
    {"with a parameter", CKR_GENERAL_ERROR, CKR_MECHANISM_PARAM_INVALID,
     "likewise, where the data are bad too"},
    {"parameter of", CKR_ARGUMENTS_BAD, CKR_MECHANISM_PARAM_INVALID,
     "a structure of another size is refused before anybody is asked, with the code for it"},
    {"null parameter", CKR_ARGUMENTS_BAD, CKR_MECHANISM_PARAM_INVALID,
     "a null pointer that says it has bytes is refused before anybody is asked"},
    {"DES-ECB with a", CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID,
     "where OpenSSL has no DES any more: the parameter is looked at first"},
};

bool meant(const std::string& what, CK_RV here, CK_RV there)
{
    for (const Difference& known : kDifferences) {
        const bool fits = known.what == nullptr || what.find(known.what) != std::string::npos;
        if (fits && known.here == here && known.there == there) {
            return true;
        }
    }
    return false;
}

/// A pair that is made on one side and then given to both.
struct PairRow {
    const char* name;
    CK_MECHANISM_TYPE generate;
    CK_KEY_TYPE type;
    Attributes public_key;  ///< for C_GenerateKeyPair
    std::vector<CK_ATTRIBUTE_TYPE> public_values;
    std::vector<CK_ATTRIBUTE_TYPE> private_values;
};

std::vector<PairRow> pair_rows()
{
    Attributes rsa;
    rsa.number(CKA_MODULUS_BITS, 2048).bytes(CKA_PUBLIC_EXPONENT, from_hex("010001"));
    const std::vector<CK_ATTRIBUTE_TYPE> rsa_private{
        CKA_MODULUS, CKA_PUBLIC_EXPONENT, CKA_PRIVATE_EXPONENT, CKA_PRIME_1,
        CKA_PRIME_2, CKA_EXPONENT_1,      CKA_EXPONENT_2,       CKA_COEFFICIENT};
    const std::vector<CK_ATTRIBUTE_TYPE> curve_public{CKA_EC_PARAMS, CKA_EC_POINT};
    const std::vector<CK_ATTRIBUTE_TYPE> curve_private{CKA_EC_PARAMS, CKA_VALUE};
    const std::vector<CK_ATTRIBUTE_TYPE> dsa{CKA_PRIME, CKA_SUBPRIME, CKA_BASE, CKA_VALUE};
    const std::vector<CK_ATTRIBUTE_TYPE> dh{CKA_PRIME, CKA_BASE, CKA_VALUE};
    return {
        {"rsa",
         CKM_RSA_PKCS_KEY_PAIR_GEN,
         CKK_RSA,
         rsa,
         {CKA_MODULUS, CKA_PUBLIC_EXPONENT},
         rsa_private},
        {"ec", CKM_EC_KEY_PAIR_GEN, CKK_EC, Attributes().bytes(CKA_EC_PARAMS, curve_p256()),
         curve_public, curve_private},
        {"ed", CKM_EC_EDWARDS_KEY_PAIR_GEN, CKK_EC_EDWARDS,
         Attributes().bytes(CKA_EC_PARAMS, curve_ed25519()), curve_public, curve_private},
        {"dsa", CKM_DSA_KEY_PAIR_GEN, CKK_DSA, dsa_parameters(), dsa, dsa},
        {"dh", CKM_DH_PKCS_KEY_PAIR_GEN, CKK_DH, dh_parameters(), dh, dh},
    };
}

/// The values of an object, as a template for another one like it.
Attributes values_of(const Caller& caller, CK_OBJECT_HANDLE object,
                     const std::vector<CK_ATTRIBUTE_TYPE>& types)
{
    Attributes values;
    for (const CK_ATTRIBUTE_TYPE type : types) {
        const Answer answer = caller.attribute(object, type);
        REQUIRE(name(answer.code) == name(CKR_OK));
        values.bytes(type, answer.out);
    }
    return values;
}

}  // namespace

// ---- SoftHSM2 in this process -------------------------------------------------------------------------------------

InProcess::InProcess()
{
    const std::string tokens = (directory_.path() / "tokens").string();
    std::filesystem::create_directories(tokens);
    const std::string conf = (directory_.path() / "softhsm2.conf").string();
    write_file(conf, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n" +
                         "log.level = ERROR\n");
    ::setenv("SOFTHSM2_CONF", conf.c_str(), 1);
    library_ = ::dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);
    REQUIRE(library_ != nullptr);
    const auto get = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library_, "C_GetFunctionList"));
    REQUIRE(get != nullptr);
    REQUIRE(get(&caller_.list) == CKR_OK);
    REQUIRE(caller_.list->C_Initialize != module().C_Initialize);
    REQUIRE(name(caller_.list->C_Initialize(nullptr)) == name(CKR_OK));
    make_token();
}

void InProcess::make_token()
{
    CK_FUNCTION_LIST& list = *caller_.list;
    CK_SLOT_ID slots[4];
    CK_ULONG count = 4;
    constexpr std::string_view kOfficer = "officer";
    const std::string label = "in process" + std::string(22, ' ');
    REQUIRE(name(list.C_GetSlotList(CK_TRUE, slots, &count)) == name(CKR_OK));
    REQUIRE(count == 1);
    REQUIRE(name(list.C_InitToken(slots[0], bytes_of(kOfficer), length_of(kOfficer),
                                  bytes_of(label))) == name(CKR_OK));
    count = 4;
    REQUIRE(name(list.C_GetSlotList(CK_TRUE, slots, &count)) == name(CKR_OK));
    slot_ = slots[0];
    REQUIRE(name(list.C_OpenSession(slot_, kWrites, nullptr, nullptr, &caller_.session)) ==
            name(CKR_OK));
    REQUIRE(name(list.C_Login(caller_.session, CKU_SO, bytes_of(kOfficer), length_of(kOfficer))) ==
            name(CKR_OK));
    REQUIRE(name(list.C_InitPIN(caller_.session, bytes_of(kPin), length_of(kPin))) == name(CKR_OK));
    REQUIRE(name(list.C_Logout(caller_.session)) == name(CKR_OK));
    REQUIRE(name(log_in(caller_)) == name(CKR_OK));
}

InProcess::~InProcess()
{
    caller_.list->C_Finalize(nullptr);
    ::dlclose(library_);
    ::unsetenv("SOFTHSM2_CONF");
}

// ---- Both ---------------------------------------------------------------------------------------------------------

Sides::Sides() : here_{in_process_.caller(), {}}, there_{application_.caller(), {}}
{
    import_secrets();
    import_pairs();
}

void Sides::import_secrets()
{
    std::string bytes;
    for (int i = 0; i < 64; ++i) {
        bytes.push_back(static_cast<char>(17 * i + 3));
    }
    const std::tuple<const char*, CK_KEY_TYPE, std::size_t> rows[] = {
        {"aes", CKK_AES, 16},   {"aes32", CKK_AES, 32}, {"des", CKK_DES, 8},
        {"des2", CKK_DES2, 16}, {"des3", CKK_DES3, 24}, {"generic", CKK_GENERIC_SECRET, 64}};
    for (Side* const side : {&here_, &there_}) {
        for (const auto& [called, type, size] : rows) {
            side->keys[called] = side->caller.create(secret_key(type, bytes.substr(0, size)));
        }
    }
}

void Sides::import_pairs()
{
    for (PairRow& row : pair_rows()) {
        CAPTURE(row.name);
        Attributes readable;
        readable.flag(CKA_SENSITIVE, false).flag(CKA_EXTRACTABLE, true);
        const auto [made_public, made_private] =
            here_.caller.generate_pair(row.generate, row.public_key, readable);
        Attributes public_key = values_of(here_.caller, made_public, row.public_values);
        public_key.number(CKA_CLASS, CKO_PUBLIC_KEY).number(CKA_KEY_TYPE, row.type);
        Attributes private_key = values_of(here_.caller, made_private, row.private_values);
        private_key.number(CKA_CLASS, CKO_PRIVATE_KEY).number(CKA_KEY_TYPE, row.type);
        private_key.flag(CKA_SENSITIVE, false).flag(CKA_EXTRACTABLE, true);
        for (const CK_ATTRIBUTE_TYPE can : {CKA_ENCRYPT, CKA_VERIFY, CKA_WRAP}) {
            public_key.flag(can, true);
        }
        for (const CK_ATTRIBUTE_TYPE can : {CKA_DECRYPT, CKA_SIGN, CKA_UNWRAP, CKA_DERIVE}) {
            private_key.flag(can, true);
        }
        for (Side* const side : {&here_, &there_}) {
            side->keys[row.name] = side->caller.create(public_key);
            side->keys[std::string(row.name) + " private"] = side->caller.create(private_key);
        }
    }
}

std::pair<Answer, Answer> Sides::run(const std::string& what, const Step& step)
{
    CAPTURE(what);
    // In sessions of their own: SoftHSM2 keeps some operations active that have failed.
    const auto in_a_new_session = [&](const Side& side, CK_SLOT_ID slot) {
        Side own = side;
        const CK_FUNCTION_LIST& list = *side.caller.list;
        REQUIRE(name(list.C_OpenSession(slot, kWrites, nullptr, nullptr, &own.caller.session)) ==
                name(CKR_OK));
        Answer answer = step(own);
        REQUIRE(name(list.C_CloseSession(own.caller.session)) == name(CKR_OK));
        return answer;
    };
    std::pair<Answer, Answer> answers{in_a_new_session(here_, in_process_.slot()),
                                      in_a_new_session(there_, kGroup)};
    if (!meant(what, answers.first.code, answers.second.code)) {
        CHECK(name(answers.first.code) == name(answers.second.code));
    }
    return answers;
}

void Sides::same(const std::string& what, const Step& step)
{
    CAPTURE(what);
    const auto [mine, theirs] = run(what, step);
    if (mine.code == theirs.code) {
        CHECK((mine.out == theirs.out));
    }
}

void Sides::across(const std::string& what, const Step& make,
                   const std::function<CK_RV(const Side&, const std::string&)>& check)
{
    CAPTURE(what);
    const auto [mine, theirs] = run(what, make);
    if (mine.code == CKR_OK && theirs.code == CKR_OK) {
        CHECK(name(check(there_, mine.out)) == name(CKR_OK));
        CHECK(name(check(here_, theirs.out)) == name(CKR_OK));
    }
}

Answer in_parts(const Caller& caller, Part part, Mechanism how, CK_OBJECT_HANDLE key,
                std::string_view data, std::size_t size)
{
    CK_FUNCTION_LIST& list = *caller.list;
    const CK_SESSION_HANDLE session = caller.session;
    Answer answer;
    switch (part) {
    case Part::encrypt: answer.code = list.C_EncryptInit(session, how.get(), key); break;
    case Part::decrypt: answer.code = list.C_DecryptInit(session, how.get(), key); break;
    case Part::digest: answer.code = list.C_DigestInit(session, how.get()); break;
    case Part::sign: answer.code = list.C_SignInit(session, how.get(), key); break;
    }
    std::string room(data.size() + 1024, '\0');
    for (std::size_t i = 0; answer.code == CKR_OK && i < data.size(); i += size) {
        CK_BYTE* const at = bytes_of(data) + i;
        const auto count = static_cast<CK_ULONG>(std::min(size, data.size() - i));
        CK_ULONG given = 0;
        CK_ULONG length = length_of(room);
        switch (part) {
        case Part::encrypt:
            answer.code = list.C_EncryptUpdate(session, at, count, bytes_of(room), &length);
            given = length;
            break;
        case Part::decrypt:
            answer.code = list.C_DecryptUpdate(session, at, count, bytes_of(room), &length);
            given = length;
            break;
        case Part::digest: answer.code = list.C_DigestUpdate(session, at, count); break;
        case Part::sign: answer.code = list.C_SignUpdate(session, at, count); break;
        }
        answer.out += answer.code == CKR_OK ? room.substr(0, given) : std::string{};
    }
    if (answer.code != CKR_OK) {
        return {answer.code, {}};
    }
    const auto end = part == Part::encrypt   ? list.C_EncryptFinal
                     : part == Part::decrypt ? list.C_DecryptFinal
                     : part == Part::digest  ? list.C_DigestFinal
                                             : list.C_SignFinal;
    CK_ULONG length = length_of(room);
    answer.code = end(session, bytes_of(room), &length);
    answer.out += answer.code == CKR_OK ? room.substr(0, length) : std::string{};
    return answer.code == CKR_OK ? answer : Answer{answer.code, {}};
}

// ---- Parameters ---------------------------------------------------------------------------------------------------

std::string curve_p256()
{
    return from_hex("06082a8648ce3d030107");
}

std::string curve_ed25519()
{
    return from_hex("06032b6570");
}

/// Made for these tests: 1024 and 224 bits.
Attributes dsa_parameters()
{
    Attributes parameters;
    parameters.bytes(CKA_PRIME, from_hex("B1B660B9C3B6F09192EF3F95D017FCC06EECB28F96D09D17965169E1"
                                         "226CD9E687C22C13385AAB4631F928B723805C1D58066A47C5B3D1A7"
                                         "7C206EA48ACA43E410CF8F2E367EDA5948043D622D73652B9E3E3DFB"
                                         "935EAAA188D5394C686878B912F5E4F701042CB9EEC96E15BB903F68"
                                         "996E1EC08768BA6E9433CA33C0775A69"));
    parameters.bytes(CKA_SUBPRIME,
                     from_hex("C43FD83CB3304E46F7F5A24D3EAB929A2954F787156EB74A7236972D"));
    parameters.bytes(CKA_BASE, from_hex("0DCDE52F2B5FC05003FBA98F30D611912D5A61E2076DAE3BDC17A84B"
                                        "4D21A9ABA190041FCA9C82DD0ED96D77F53DAA3C3D150CF676349BF6"
                                        "F895068E3D8E393BAEED5A186F5F114F49CFC52CBC85BBE1468DD6EB"
                                        "3ACFF824A39A3A8E06276C8D383EF3714C229AB7FFB5FBEE1AE0CFCD"
                                        "1C33C69C3F5DFB38F30C44D8FE9EADCB"));
    return parameters;
}

/// Made for these tests: 512 bits.
Attributes dh_parameters()
{
    Attributes parameters;
    parameters.bytes(CKA_PRIME, from_hex("A6A0565A6F227A4F9BAC8C91A58B7AFCBE99F732D83383AA26C9A325"
                                         "5F1F5B35BB2D8F1FD3C9ABBB2703C1F6CCD8C9C71152119FFFB2CBFF"
                                         "B124C112A3699FB7"));
    parameters.bytes(CKA_BASE, from_hex("02"));
    return parameters;
}

}  // namespace hasim::test
