// The order of calls, and lengths: PKCS#11 2.40, 5.2 and 5.8 to 5.12.
#include "unit/pkcs11/calls.hpp"

#include <functional>
#include <initializer_list>

namespace hasim::test {
namespace {

using Two = CK_RV (*)(CK_SESSION_HANDLE, CK_BYTE*, CK_ULONG);
using Three = CK_RV (*)(CK_SESSION_HANDLE, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*);

/// One kind of operation in the shape that all kinds share.
struct Kind {
    std::string what;
    std::function<CK_RV(CK_MECHANISM*)> init;
    std::function<CK_RV(CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*)> once;
    std::function<CK_RV(CK_BYTE*, CK_ULONG)> part;  ///< output, if any, is dropped
    std::function<CK_RV(CK_BYTE*, CK_ULONG*)> end;
    Mechanism mechanism;
    std::string data;     ///< what it is done to
    std::string outcome;  ///< what must come of it
};

constexpr std::size_t kRoomForParts = 4096;

std::function<CK_RV(CK_BYTE*, CK_ULONG)> with_output(Three update, CK_SESSION_HANDLE session)
{
    return [=](CK_BYTE* part, CK_ULONG length) {
        std::string room(kRoomForParts, '\0');
        auto given = length_of(room);
        return update(session, part, length, bytes_of(room), &given);
    };
}

std::function<CK_RV(CK_BYTE*, CK_ULONG)> without_output(Two update, CK_SESSION_HANDLE session)
{
    return [=](CK_BYTE* part, CK_ULONG length) { return update(session, part, length); };
}

template <class Init>
std::function<CK_RV(CK_MECHANISM*)> with_key(Init init, CK_SESSION_HANDLE session,
                                             CK_OBJECT_HANDLE key)
{
    return [=](CK_MECHANISM* mechanism) { return init(session, mechanism, key); };
}

std::function<CK_RV(CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*)> once(Three function,
                                                                   CK_SESSION_HANDLE session)
{
    return [=](CK_BYTE* data, CK_ULONG length, CK_BYTE* out, CK_ULONG* out_length) {
        return function(session, data, length, out, out_length);
    };
}

template <class End>
std::function<CK_RV(CK_BYTE*, CK_ULONG*)> end(End function, CK_SESSION_HANDLE session)
{
    return [=](CK_BYTE* out, CK_ULONG* length) { return function(session, out, length); };
}

/// Encryption, decryption, digest and signature, each with data of a few blocks.
std::vector<Kind> kinds(const Caller& caller)
{
    const CK_FUNCTION_LIST& list = *caller.list;
    const CK_SESSION_HANDLE session = caller.session;
    const CK_OBJECT_HANDLE aes = caller.create(secret_key(CKK_AES, std::string(16, 'a')));
    const CK_OBJECT_HANDLE hmac =
        caller.create(secret_key(CKK_GENERIC_SECRET, std::string(32, 'h')));
    const Mechanism cbc(CKM_AES_CBC_PAD, std::string(16, 'i'));
    const std::string text(40, 't');
    const std::string encrypted = caller.encrypt(cbc, aes, text).out;
    const std::string digest = caller.digest(Mechanism(CKM_SHA256), text).out;
    const std::string signature = caller.sign(Mechanism(CKM_SHA256_HMAC), hmac, text).out;
    REQUIRE(encrypted.size() == 48);
    REQUIRE(digest.size() == 32);
    REQUIRE(signature.size() == 32);
    return {
        {"encrypt", with_key(list.C_EncryptInit, session, aes), once(list.C_Encrypt, session),
         with_output(list.C_EncryptUpdate, session), end(list.C_EncryptFinal, session), cbc, text,
         encrypted},
        {"decrypt", with_key(list.C_DecryptInit, session, aes), once(list.C_Decrypt, session),
         with_output(list.C_DecryptUpdate, session), end(list.C_DecryptFinal, session), cbc,
         encrypted, text},
        {"digest", [&list, session](CK_MECHANISM* how) { return list.C_DigestInit(session, how); },
         once(list.C_Digest, session), without_output(list.C_DigestUpdate, session),
         end(list.C_DigestFinal, session), Mechanism(CKM_SHA256), text, digest},
        {"sign", with_key(list.C_SignInit, session, hmac), once(list.C_Sign, session),
         without_output(list.C_SignUpdate, session), end(list.C_SignFinal, session),
         Mechanism(CKM_SHA256_HMAC), text, signature},
    };
}

/// The operation in one part, with room enough.
std::string all_at_once(Kind& kind)
{
    std::string out(kRoomForParts, '\0');
    auto length = length_of(out);
    CHECK(name(kind.once(bytes_of(kind.data), length_of(kind.data), bytes_of(out), &length)) ==
          name(CKR_OK));
    return out.substr(0, length);
}

}  // namespace

TEST_CASE("an operation that no Init has begun is told")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    CK_FUNCTION_LIST& list = module();
    const CK_SESSION_HANDLE session = application.caller().session;
    std::string out(64, '\0');
    auto length = length_of(out);
    for (const Kind& kind : kinds(application.caller())) {
        CAPTURE(kind.what);
        CHECK(name(kind.once(bytes_of("data"), 4, bytes_of(out), &length)) ==
              name(CKR_OPERATION_NOT_INITIALIZED));
        CHECK(name(kind.once(bytes_of("data"), 4, nullptr, &length)) ==
              name(CKR_OPERATION_NOT_INITIALIZED));
        CHECK(name(kind.part(bytes_of("data"), 4)) == name(CKR_OPERATION_NOT_INITIALIZED));
        CHECK(name(kind.end(bytes_of(out), &length)) == name(CKR_OPERATION_NOT_INITIALIZED));
    }
    CHECK(name(list.C_Verify(session, bytes_of("data"), 4, bytes_of(out), length)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));
    CHECK(name(list.C_VerifyUpdate(session, bytes_of("data"), 4)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));
    CHECK(name(list.C_VerifyFinal(session, bytes_of(out), length)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));
    CHECK(name(list.C_DigestKey(session, kNoObject)) == name(CKR_OPERATION_NOT_INITIALIZED));
    CHECK(name(list.C_SignRecover(session, bytes_of("data"), 4, bytes_of(out), &length)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));
    CHECK(name(list.C_VerifyRecover(session, bytes_of("data"), 4, bytes_of(out), &length)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));
    CK_OBJECT_HANDLE found = 0;
    CK_ULONG count = 0;
    CHECK(name(list.C_FindObjects(session, &found, 1, &count)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));
    CHECK(name(list.C_FindObjectsFinal(session)) == name(CKR_OPERATION_NOT_INITIALIZED));
}

TEST_CASE("a second Init is refused, and the first goes on")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    for (Kind& kind : kinds(application.caller())) {
        CAPTURE(kind.what);
        CHECK(name(kind.init(kind.mechanism.get())) == name(CKR_OK));
        CHECK(name(kind.init(kind.mechanism.get())) == name(CKR_OPERATION_ACTIVE));
        CHECK(all_at_once(kind) == kind.outcome);
        CHECK(name(kind.init(nullptr)) == name(CKR_ARGUMENTS_BAD));
        CHECK(name(kind.part(bytes_of("x"), 1)) == name(CKR_OPERATION_NOT_INITIALIZED));
    }
    CK_FUNCTION_LIST& list = module();
    const CK_SESSION_HANDLE session = application.caller().session;
    CHECK(name(list.C_FindObjectsInit(session, nullptr, 0)) == name(CKR_OK));
    CHECK(name(list.C_FindObjectsInit(session, nullptr, 0)) == name(CKR_OPERATION_ACTIVE));
    CHECK(name(list.C_FindObjectsFinal(session)) == name(CKR_OK));
    CHECK(name(list.C_FindObjectsFinal(session)) == name(CKR_OPERATION_NOT_INITIALIZED));
}

TEST_CASE("one part: the length is told, a short buffer keeps the operation, room ends it")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    for (Kind& kind : kinds(application.caller())) {
        CAPTURE(kind.what);
        CK_BYTE* const data = bytes_of(kind.data);
        const CK_ULONG size = length_of(kind.data);
        const CK_ULONG needed = length_of(kind.outcome);
        std::string out(256, '#');
        CHECK(name(kind.init(kind.mechanism.get())) == name(CKR_OK));
        CK_ULONG length = 0;
        CHECK(name(kind.once(data, size, nullptr, &length)) == name(CKR_OK));
        CHECK(length >= needed);
        length = needed - 1;
        CHECK(name(kind.once(data, size, bytes_of(out), &length)) == name(CKR_BUFFER_TOO_SMALL));
        CHECK(length >= needed);
        length = 0;
        CHECK(name(kind.once(data, size, bytes_of(out), &length)) == name(CKR_BUFFER_TOO_SMALL));
        CHECK(length >= needed);
        CHECK(out == std::string(256, '#'));
        length = length_of(out);
        CHECK(name(kind.once(data, size, bytes_of(out), &length)) == name(CKR_OK));
        CHECK(out.substr(0, length) == kind.outcome);
        CHECK(out.substr(length) == std::string(256 - length, '#'));
        CHECK(name(kind.once(data, size, bytes_of(out), &length)) ==
              name(CKR_OPERATION_NOT_INITIALIZED));
    }
}

TEST_CASE("several parts: the last tells its length, and a short buffer keeps the operation")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    for (Kind& kind : kinds(application.caller())) {
        CAPTURE(kind.what);
        CK_BYTE* const data = bytes_of(kind.data);
        CHECK(name(kind.init(kind.mechanism.get())) == name(CKR_OK));
        for (std::size_t i = 0; i < kind.data.size(); i += 8) {
            CHECK(name(kind.part(data + i, 8)) == name(CKR_OK));
        }
        std::string out(256, '#');
        CK_ULONG length = length_of(out);
        CHECK(name(kind.once(data, 8, bytes_of(out), &length)) != name(CKR_OK));
        length = 0;
        CHECK(name(kind.end(nullptr, &length)) == name(CKR_OK));
        CHECK(length > 0);
        CHECK(length <= 64);
        length = 0;
        CHECK(name(kind.end(bytes_of(out), &length)) == name(CKR_BUFFER_TOO_SMALL));
        CHECK(out == std::string(256, '#'));
        length = length_of(out);
        CHECK(name(kind.end(bytes_of(out), &length)) == name(CKR_OK));
        REQUIRE(length <= kind.outcome.size());
        // Ciphers have given out all but the end already.
        CHECK(out.substr(0, length) == kind.outcome.substr(kind.outcome.size() - length));
        CHECK(name(kind.end(bytes_of(out), &length)) == name(CKR_OPERATION_NOT_INITIALIZED));
    }
}

TEST_CASE("parts of a cipher give what one part gives, with short buffers on the way")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    CK_FUNCTION_LIST& list = module();
    const CK_OBJECT_HANDLE key = caller.create(secret_key(CKK_AES, std::string(16, 'a')));
    Mechanism cbc(CKM_AES_CBC_PAD, std::string(16, 'i'));
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text.push_back(static_cast<char>(i));
    }
    REQUIRE(name(list.C_EncryptInit(caller.session, cbc.get(), key)) == name(CKR_OK));
    std::string encrypted;
    for (std::size_t i = 0; i < text.size(); i += 20) {
        CK_ULONG length = 0;
        CHECK(name(list.C_EncryptUpdate(caller.session, bytes_of(text) + i, 20, nullptr,
                                        &length)) == name(CKR_OK));
        CHECK(length >= 16);
        std::string out(length, '\0');
        length = 1;
        CHECK(name(list.C_EncryptUpdate(caller.session, bytes_of(text) + i, 20, bytes_of(out),
                                        &length)) == name(CKR_BUFFER_TOO_SMALL));
        REQUIRE(length <= out.size());
        CHECK(name(list.C_EncryptUpdate(caller.session, bytes_of(text) + i, 20, bytes_of(out),
                                        &length)) == name(CKR_OK));
        encrypted += out.substr(0, length);
    }
    std::string last(16, '\0');
    CK_ULONG length = 16;
    CHECK(name(list.C_EncryptFinal(caller.session, bytes_of(last), &length)) == name(CKR_OK));
    encrypted += last.substr(0, length);
    CHECK(encrypted == caller.encrypt(cbc, key, text).out);
    CHECK(caller.decrypt(cbc, key, encrypted).out == text);
}

TEST_CASE("a call that fails ends the operation")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    CK_FUNCTION_LIST& list = module();
    const CK_OBJECT_HANDLE key = caller.create(secret_key(CKK_AES, std::string(16, 'a')));
    Mechanism cbc(CKM_AES_CBC, std::string(16, 'i'));
    std::string out(64, '\0');
    auto length = length_of(out);
    REQUIRE(name(list.C_EncryptInit(caller.session, cbc.get(), key)) == name(CKR_OK));
    // No multiple of a block.
    CHECK(name(list.C_Encrypt(caller.session, bytes_of("12345"), 5, bytes_of(out), &length)) ==
          name(CKR_DATA_LEN_RANGE));
    CHECK(name(list.C_Encrypt(caller.session, bytes_of("12345"), 5, bytes_of(out), &length)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));

    const CK_OBJECT_HANDLE hmac = caller.create(secret_key(CKK_GENERIC_SECRET,
                                                           "0123456789abcdef"
                                                           "0123456789abcdef"));
    Mechanism sha(CKM_SHA256_HMAC);
    const std::string signature = caller.sign(sha, hmac, "text").out;
    std::string wrong = signature;
    wrong[3] = static_cast<char>(wrong[3] ^ 1);
    CHECK(name(caller.verify(sha, hmac, "text", signature)) == name(CKR_OK));
    CHECK(name(caller.verify(sha, hmac, "text", wrong)) == name(CKR_SIGNATURE_INVALID));
    CHECK(name(caller.verify(sha, hmac, "text", signature.substr(1))) ==
          name(CKR_SIGNATURE_LEN_RANGE));
    CHECK(name(list.C_VerifyUpdate(caller.session, bytes_of("x"), 1)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));
    CHECK(name(list.C_VerifyInit(caller.session, sha.get(), hmac)) == name(CKR_OK));
    CHECK(name(list.C_VerifyUpdate(caller.session, bytes_of("te"), 2)) == name(CKR_OK));
    CHECK(name(list.C_VerifyUpdate(caller.session, bytes_of("xt"), 2)) == name(CKR_OK));
    CHECK(name(list.C_VerifyFinal(caller.session, bytes_of(signature), 32)) == name(CKR_OK));
    CHECK(name(list.C_VerifyFinal(caller.session, bytes_of(signature), 32)) ==
          name(CKR_OPERATION_NOT_INITIALIZED));
}

TEST_CASE("arguments that are bad end an operation too")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    for (Kind& kind : kinds(application.caller())) {
        CAPTURE(kind.what);
        // "always terminates the active operation unless it returns CKR_BUFFER_TOO_SMALL or is a successful call"
        CHECK(name(kind.init(kind.mechanism.get())) == name(CKR_OK));
        CHECK(name(kind.once(bytes_of("x"), 1, nullptr, nullptr)) == name(CKR_ARGUMENTS_BAD));
        CK_ULONG length = 0;
        CHECK(name(kind.once(bytes_of("x"), 1, nullptr, &length)) ==
              name(CKR_OPERATION_NOT_INITIALIZED));
    }
}

TEST_CASE("after a short buffer the data that come next count, not those of before")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    for (Kind& kind : kinds(application.caller())) {
        CAPTURE(kind.what);
        std::string out(256, '#');
        CK_ULONG length = 1;
        std::string other = kind.data;
        other[0] = static_cast<char>(other[0] ^ 1);
        CHECK(name(kind.init(kind.mechanism.get())) == name(CKR_OK));
        CHECK(name(kind.once(bytes_of(other), length_of(other), bytes_of(out), &length)) ==
              name(CKR_BUFFER_TOO_SMALL));
        CHECK(all_at_once(kind) == kind.outcome);
    }
}

TEST_CASE("after a short buffer of one part, several parts work too")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    for (Kind& kind : kinds(application.caller())) {
        CAPTURE(kind.what);
        std::string out(256, '#');
        CK_ULONG length = 1;
        CHECK(name(kind.init(kind.mechanism.get())) == name(CKR_OK));
        CHECK(name(kind.once(bytes_of(kind.data), length_of(kind.data), bytes_of(out), &length)) ==
              name(CKR_BUFFER_TOO_SMALL));
        CHECK(name(kind.part(bytes_of(kind.data), length_of(kind.data))) == name(CKR_OK));
        length = length_of(out);
        CHECK(name(kind.end(bytes_of(out), &length)) == name(CKR_OK));
        REQUIRE(length <= kind.outcome.size());
        CHECK(out.substr(0, length) == kind.outcome.substr(kind.outcome.size() - length));
    }
}

TEST_CASE("an operation goes from one part to several only forward")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    for (Kind& kind : kinds(application.caller())) {
        CAPTURE(kind.what);
        std::string out(256, '\0');
        auto length = length_of(out);
        CHECK(name(kind.init(kind.mechanism.get())) == name(CKR_OK));
        CHECK(name(kind.part(bytes_of(kind.data), 16)) == name(CKR_OK));
        // "must be called without intervening Update calls"
        CHECK(name(kind.once(bytes_of(kind.data), 16, bytes_of(out), &length)) ==
              name(CKR_OPERATION_NOT_INITIALIZED));
    }
}

TEST_CASE("operations of different kinds stand side by side in one session")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    std::vector<Kind> all = kinds(application.caller());
    for (Kind& kind : all) {
        CAPTURE(kind.what);
        CHECK(name(kind.init(kind.mechanism.get())) == name(CKR_OK));
    }
    for (Kind& kind : all) {
        CAPTURE(kind.what);
        CHECK(all_at_once(kind) == kind.outcome);
    }
}

TEST_CASE("900,000 bytes go through a digest in parts as in one")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    const Caller& caller = application.caller();
    CK_FUNCTION_LIST& list = module();
    std::string data(900'000, '\0');
    for (std::size_t i = 0; i < data.size(); ++i) {
        data[i] = static_cast<char>(i * 7 + i / 251);
    }
    Mechanism sha(CKM_SHA512);
    const Answer once = caller.digest(sha, data);
    CHECK(name(once.code) == name(CKR_OK));
    for (const std::size_t part : std::initializer_list<std::size_t>{900'000, 450'000, 123'457}) {
        CAPTURE(part);
        CHECK(name(list.C_DigestInit(caller.session, sha.get())) == name(CKR_OK));
        for (std::size_t i = 0; i < data.size(); i += part) {
            const std::string_view piece = std::string_view(data).substr(i, part);
            CHECK(name(list.C_DigestUpdate(caller.session, bytes_of(piece), length_of(piece))) ==
                  name(CKR_OK));
        }
        std::string digest(64, '\0');
        CK_ULONG length = 64;
        CHECK(name(list.C_DigestFinal(caller.session, bytes_of(digest), &length)) == name(CKR_OK));
        CHECK(digest == once.out);
    }
    // More than one call may carry: in one part refused, in several cut into pieces.
    const std::string large = data + data + data;
    CHECK(name(caller.digest(sha, large).code) == name(CKR_DATA_LEN_RANGE));
    CHECK(name(list.C_DigestInit(caller.session, sha.get())) == name(CKR_OK));
    CHECK(name(list.C_DigestUpdate(caller.session, bytes_of(large), length_of(large))) ==
          name(CKR_OK));
    std::string digest(64, '\0');
    CK_ULONG length = 64;
    CHECK(name(list.C_DigestFinal(caller.session, bytes_of(digest), &length)) == name(CKR_OK));
    // And the same in a cipher, there and back.
    const CK_OBJECT_HANDLE key = caller.create(secret_key(CKK_AES, std::string(32, 'a')));
    const Mechanism cbc(CKM_AES_CBC_PAD, std::string(16, 'i'));
    const Answer encrypted = caller.encrypt(cbc, key, data);
    CHECK(name(encrypted.code) == name(CKR_OK));
    CHECK((caller.decrypt(cbc, key, encrypted.out).out == data));
}

TEST_CASE("random bytes come in any number, and are not the same twice")
{
    if (without_lab()) {
        return;
    }
    const Application application;
    CK_FUNCTION_LIST& list = module();
    const CK_SESSION_HANDLE session = application.caller().session;
    CHECK(name(list.C_GenerateRandom(session, nullptr, 5)) == name(CKR_ARGUMENTS_BAD));
    CHECK(name(list.C_SeedRandom(session, nullptr, 5)) == name(CKR_ARGUMENTS_BAD));
    CHECK(name(list.C_SeedRandom(session, bytes_of("seed"), 4)) == name(CKR_OK));
    std::string first(1'500'000, '\0');
    CHECK(name(list.C_GenerateRandom(session, bytes_of(first), length_of(first))) == name(CKR_OK));
    CHECK(first.substr(0, 32) != std::string(32, '\0'));
    CHECK(first.substr(first.size() - 32) != std::string(32, '\0'));
    std::string second(32, '\0');
    CHECK(name(list.C_GenerateRandom(session, bytes_of(second), 32)) == name(CKR_OK));
    CHECK(second != first.substr(0, 32));
}

}  // namespace hasim::test
