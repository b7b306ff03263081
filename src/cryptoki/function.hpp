/// The 68 functions of PKCS#11 2.40 (section 5), one row each: who has to do with a call, and what it may carry. The
/// module, the appliance, the tests and docs/pkcs11.md all read this one table.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hasim::cryptoki {

/// In the order of CK_FUNCTION_LIST.
enum class Function : std::uint8_t {
    initialize,
    finalize,
    get_info,
    get_function_list,
    get_slot_list,
    get_slot_info,
    get_token_info,
    get_mechanism_list,
    get_mechanism_info,
    init_token,
    init_pin,
    set_pin,
    open_session,
    close_session,
    close_all_sessions,
    get_session_info,
    get_operation_state,
    set_operation_state,
    login,
    logout,
    create_object,
    copy_object,
    destroy_object,
    get_object_size,
    get_attribute_value,
    set_attribute_value,
    find_objects_init,
    find_objects,
    find_objects_final,
    encrypt_init,
    encrypt,
    encrypt_update,
    encrypt_final,
    decrypt_init,
    decrypt,
    decrypt_update,
    decrypt_final,
    digest_init,
    digest,
    digest_update,
    digest_key,
    digest_final,
    sign_init,
    sign,
    sign_update,
    sign_final,
    sign_recover_init,
    sign_recover,
    verify_init,
    verify,
    verify_update,
    verify_final,
    verify_recover_init,
    verify_recover,
    digest_encrypt_update,
    decrypt_digest_update,
    sign_encrypt_update,
    decrypt_verify_update,
    generate_key,
    generate_key_pair,
    wrap_key,
    unwrap_key,
    derive_key,
    seed_random,
    generate_random,
    get_function_status,
    cancel_function,
    wait_for_slot_event,
};

inline constexpr std::size_t kFunctions = 68;

/// Where a call goes, and what becomes of it when its member fails (docs/pkcs11.md).
enum class Kind : std::uint8_t {
    local,    ///< nobody: the module answers it
    free,     ///< the least busy member; the next one when that fails, unseen
    writing,  ///< the least busy member, then what came of it goes to the others; never done twice
    bound,    ///< the member that has the operation; CKR_DEVICE_ERROR when that fails
    all,      ///< every active member
    own,      ///< the partition of a physical slot; refused on a group
    refused,  ///< CKR_FUNCTION_NOT_SUPPORTED
};

/// What a Call of a function has with it; anything else is no call of that function.
struct Shape {
    bool mechanism = false;
    std::uint8_t objects = 0;  ///< handles: keys and objects
    std::uint8_t templates = 0;
    bool data = false;
    bool more = false;  ///< a second piece of data: the signature that is verified, the new PIN
};

struct FunctionRow {
    Function function;
    std::string_view name;  ///< "C_Sign"
    Kind kind;
    Shape shape;
};

inline constexpr std::array<FunctionRow, kFunctions> kFunctionTable{{
    {Function::initialize, "C_Initialize", Kind::all, {}},
    {Function::finalize, "C_Finalize", Kind::all, {}},
    {Function::get_info, "C_GetInfo", Kind::local, {}},
    {Function::get_function_list, "C_GetFunctionList", Kind::local, {}},
    {Function::get_slot_list, "C_GetSlotList", Kind::local, {}},
    {Function::get_slot_info, "C_GetSlotInfo", Kind::local, {}},
    {Function::get_token_info, "C_GetTokenInfo", Kind::local, {}},
    {Function::get_mechanism_list, "C_GetMechanismList", Kind::free, {}},
    {Function::get_mechanism_info, "C_GetMechanismInfo", Kind::free, {.mechanism = true}},
    {Function::init_token, "C_InitToken", Kind::refused, {}},
    {Function::init_pin, "C_InitPIN", Kind::refused, {}},
    {Function::set_pin, "C_SetPIN", Kind::own, {.data = true, .more = true}},
    {Function::open_session, "C_OpenSession", Kind::local, {}},
    {Function::close_session, "C_CloseSession", Kind::local, {}},
    {Function::close_all_sessions, "C_CloseAllSessions", Kind::local, {}},
    {Function::get_session_info, "C_GetSessionInfo", Kind::local, {}},
    {Function::get_operation_state, "C_GetOperationState", Kind::refused, {}},
    {Function::set_operation_state, "C_SetOperationState", Kind::refused, {}},
    {Function::login, "C_Login", Kind::all, {.data = true}},
    {Function::logout, "C_Logout", Kind::all, {}},
    {Function::create_object, "C_CreateObject", Kind::writing, {.templates = 1}},
    {Function::copy_object, "C_CopyObject", Kind::writing, {.objects = 1, .templates = 1}},
    {Function::destroy_object, "C_DestroyObject", Kind::writing, {.objects = 1}},
    {Function::get_object_size, "C_GetObjectSize", Kind::free, {.objects = 1}},
    {Function::get_attribute_value,
     "C_GetAttributeValue",
     Kind::free,
     {.objects = 1, .templates = 1}},
    {Function::set_attribute_value,
     "C_SetAttributeValue",
     Kind::writing,
     {.objects = 1, .templates = 1}},
    {Function::find_objects_init, "C_FindObjectsInit", Kind::free, {.templates = 1}},
    {Function::find_objects, "C_FindObjects", Kind::local, {}},
    {Function::find_objects_final, "C_FindObjectsFinal", Kind::local, {}},
    {Function::encrypt_init, "C_EncryptInit", Kind::free, {.mechanism = true, .objects = 1}},
    {Function::encrypt, "C_Encrypt", Kind::free, {.mechanism = true, .objects = 1, .data = true}},
    {Function::encrypt_update,
     "C_EncryptUpdate",
     Kind::bound,
     {.mechanism = true, .objects = 1, .data = true}},
    {Function::encrypt_final, "C_EncryptFinal", Kind::bound, {.mechanism = true, .objects = 1}},
    {Function::decrypt_init, "C_DecryptInit", Kind::free, {.mechanism = true, .objects = 1}},
    {Function::decrypt, "C_Decrypt", Kind::free, {.mechanism = true, .objects = 1, .data = true}},
    {Function::decrypt_update,
     "C_DecryptUpdate",
     Kind::bound,
     {.mechanism = true, .objects = 1, .data = true}},
    {Function::decrypt_final, "C_DecryptFinal", Kind::bound, {.mechanism = true, .objects = 1}},
    {Function::digest_init, "C_DigestInit", Kind::free, {.mechanism = true}},
    {Function::digest, "C_Digest", Kind::free, {.mechanism = true, .data = true}},
    {Function::digest_update, "C_DigestUpdate", Kind::bound, {.mechanism = true, .data = true}},
    {Function::digest_key, "C_DigestKey", Kind::bound, {.mechanism = true, .objects = 1}},
    {Function::digest_final, "C_DigestFinal", Kind::bound, {.mechanism = true}},
    {Function::sign_init, "C_SignInit", Kind::free, {.mechanism = true, .objects = 1}},
    {Function::sign, "C_Sign", Kind::free, {.mechanism = true, .objects = 1, .data = true}},
    {Function::sign_update,
     "C_SignUpdate",
     Kind::bound,
     {.mechanism = true, .objects = 1, .data = true}},
    {Function::sign_final, "C_SignFinal", Kind::bound, {.mechanism = true, .objects = 1}},
    {Function::sign_recover_init,
     "C_SignRecoverInit",
     Kind::free,
     {.mechanism = true, .objects = 1}},
    {Function::sign_recover,
     "C_SignRecover",
     Kind::free,
     {.mechanism = true, .objects = 1, .data = true}},
    {Function::verify_init, "C_VerifyInit", Kind::free, {.mechanism = true, .objects = 1}},
    {Function::verify,
     "C_Verify",
     Kind::free,
     {.mechanism = true, .objects = 1, .data = true, .more = true}},
    {Function::verify_update,
     "C_VerifyUpdate",
     Kind::bound,
     {.mechanism = true, .objects = 1, .data = true}},
    {Function::verify_final,
     "C_VerifyFinal",
     Kind::bound,
     {.mechanism = true, .objects = 1, .more = true}},
    {Function::verify_recover_init,
     "C_VerifyRecoverInit",
     Kind::free,
     {.mechanism = true, .objects = 1}},
    {Function::verify_recover,
     "C_VerifyRecover",
     Kind::free,
     {.mechanism = true, .objects = 1, .data = true}},
    {Function::digest_encrypt_update, "C_DigestEncryptUpdate", Kind::refused, {}},
    {Function::decrypt_digest_update, "C_DecryptDigestUpdate", Kind::refused, {}},
    {Function::sign_encrypt_update, "C_SignEncryptUpdate", Kind::refused, {}},
    {Function::decrypt_verify_update, "C_DecryptVerifyUpdate", Kind::refused, {}},
    {Function::generate_key, "C_GenerateKey", Kind::writing, {.mechanism = true, .templates = 1}},
    {Function::generate_key_pair,
     "C_GenerateKeyPair",
     Kind::writing,
     {.mechanism = true, .templates = 2}},
    {Function::wrap_key, "C_WrapKey", Kind::free, {.mechanism = true, .objects = 2}},
    {Function::unwrap_key,
     "C_UnwrapKey",
     Kind::writing,
     {.mechanism = true, .objects = 1, .templates = 1, .data = true}},
    {Function::derive_key,
     "C_DeriveKey",
     Kind::writing,
     {.mechanism = true, .objects = 1, .templates = 1}},
    {Function::seed_random, "C_SeedRandom", Kind::free, {.data = true}},
    {Function::generate_random, "C_GenerateRandom", Kind::free, {}},
    {Function::get_function_status, "C_GetFunctionStatus", Kind::local, {}},
    {Function::cancel_function, "C_CancelFunction", Kind::local, {}},
    {Function::wait_for_slot_event, "C_WaitForSlotEvent", Kind::local, {}},
}};

[[nodiscard]] constexpr const FunctionRow& row_of(Function function)
{
    return kFunctionTable[static_cast<std::size_t>(function)];
}

[[nodiscard]] constexpr std::string_view name_of(Function function)
{
    return row_of(function).name;
}

/// The function of that name ("C_Sign", any case).
[[nodiscard]] std::optional<Function> function_named(std::string_view name);

/// Whether a call of it goes to a member as a request of its own. C_Login does for one operation
/// (CKU_CONTEXT_SPECIFIC): any member may say whether that is the PIN.
[[nodiscard]] constexpr bool goes_to_a_member(Function function)
{
    const Kind kind = row_of(function).kind;
    return kind == Kind::free || kind == Kind::writing || kind == Kind::bound ||
           kind == Kind::own || function == Function::login;
}

}  // namespace hasim::cryptoki
