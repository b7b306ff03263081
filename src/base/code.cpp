#include "hasim/code.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/words.hpp"

namespace hasim {
namespace {

struct NamedCode {
    std::uint32_t value;
    std::string_view name;
};

// Ascending by value, so that a name is found by bisection. Three families: PKCS#11 2.40 (CKR_, 0x000...), the HSM
// firmware's own codes (LUNA_RET_, a CKR_ value shifted left by 16 bits), and the vendor's client library (CKR_ from
// 0x80000000 on, RC_ from 0xc0000000 on; names and values as in the vendor's open-source Python binding).
constexpr auto kNamedCodes = std::to_array<NamedCode>({
    {0x00000000, "CKR_OK"},
    {0x00000001, "CKR_CANCEL"},
    {0x00000002, "CKR_HOST_MEMORY"},
    {0x00000003, "CKR_SLOT_ID_INVALID"},
    {0x00000005, "CKR_GENERAL_ERROR"},
    {0x00000006, "CKR_FUNCTION_FAILED"},
    {0x00000007, "CKR_ARGUMENTS_BAD"},
    {0x00000008, "CKR_NO_EVENT"},
    {0x00000009, "CKR_NEED_TO_CREATE_THREADS"},
    {0x0000000a, "CKR_CANT_LOCK"},
    {0x00000010, "CKR_ATTRIBUTE_READ_ONLY"},
    {0x00000011, "CKR_ATTRIBUTE_SENSITIVE"},
    {0x00000012, "CKR_ATTRIBUTE_TYPE_INVALID"},
    {0x00000013, "CKR_ATTRIBUTE_VALUE_INVALID"},
    {0x0000001b, "CKR_ACTION_PROHIBITED"},
    {0x00000020, "CKR_DATA_INVALID"},
    {0x00000021, "CKR_DATA_LEN_RANGE"},
    {0x00000030, "CKR_DEVICE_ERROR"},
    {0x00000031, "CKR_DEVICE_MEMORY"},
    {0x00000032, "CKR_DEVICE_REMOVED"},
    {0x00000040, "CKR_ENCRYPTED_DATA_INVALID"},
    {0x00000041, "CKR_ENCRYPTED_DATA_LEN_RANGE"},
    {0x00000050, "CKR_FUNCTION_CANCELED"},
    {0x00000051, "CKR_FUNCTION_NOT_PARALLEL"},
    {0x00000054, "CKR_FUNCTION_NOT_SUPPORTED"},
    {0x00000060, "CKR_KEY_HANDLE_INVALID"},
    {0x00000062, "CKR_KEY_SIZE_RANGE"},
    {0x00000063, "CKR_KEY_TYPE_INCONSISTENT"},
    {0x00000064, "CKR_KEY_NOT_NEEDED"},
    {0x00000065, "CKR_KEY_CHANGED"},
    {0x00000066, "CKR_KEY_NEEDED"},
    {0x00000067, "CKR_KEY_INDIGESTIBLE"},
    {0x00000068, "CKR_KEY_FUNCTION_NOT_PERMITTED"},
    {0x00000069, "CKR_KEY_NOT_WRAPPABLE"},
    {0x0000006a, "CKR_KEY_UNEXTRACTABLE"},
    {0x00000070, "CKR_MECHANISM_INVALID"},
    {0x00000071, "CKR_MECHANISM_PARAM_INVALID"},
    {0x00000082, "CKR_OBJECT_HANDLE_INVALID"},
    {0x00000090, "CKR_OPERATION_ACTIVE"},
    {0x00000091, "CKR_OPERATION_NOT_INITIALIZED"},
    {0x000000a0, "CKR_PIN_INCORRECT"},
    {0x000000a1, "CKR_PIN_INVALID"},
    {0x000000a2, "CKR_PIN_LEN_RANGE"},
    {0x000000a3, "CKR_PIN_EXPIRED"},
    {0x000000a4, "CKR_PIN_LOCKED"},
    {0x000000b0, "CKR_SESSION_CLOSED"},
    {0x000000b1, "CKR_SESSION_COUNT"},
    {0x000000b3, "CKR_SESSION_HANDLE_INVALID"},
    {0x000000b4, "CKR_SESSION_PARALLEL_NOT_SUPPORTED"},
    {0x000000b5, "CKR_SESSION_READ_ONLY"},
    {0x000000b6, "CKR_SESSION_EXISTS"},
    {0x000000b7, "CKR_SESSION_READ_ONLY_EXISTS"},
    {0x000000b8, "CKR_SESSION_READ_WRITE_SO_EXISTS"},
    {0x000000c0, "CKR_SIGNATURE_INVALID"},
    {0x000000c1, "CKR_SIGNATURE_LEN_RANGE"},
    {0x000000d0, "CKR_TEMPLATE_INCOMPLETE"},
    {0x000000d1, "CKR_TEMPLATE_INCONSISTENT"},
    {0x000000e0, "CKR_TOKEN_NOT_PRESENT"},
    {0x000000e1, "CKR_TOKEN_NOT_RECOGNIZED"},
    {0x000000e2, "CKR_TOKEN_WRITE_PROTECTED"},
    {0x000000f0, "CKR_UNWRAPPING_KEY_HANDLE_INVALID"},
    {0x000000f1, "CKR_UNWRAPPING_KEY_SIZE_RANGE"},
    {0x000000f2, "CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT"},
    {0x00000100, "CKR_USER_ALREADY_LOGGED_IN"},
    {0x00000101, "CKR_USER_NOT_LOGGED_IN"},
    {0x00000102, "CKR_USER_PIN_NOT_INITIALIZED"},
    {0x00000103, "CKR_USER_TYPE_INVALID"},
    {0x00000104, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN"},
    {0x00000105, "CKR_USER_TOO_MANY_TYPES"},
    {0x00000110, "CKR_WRAPPED_KEY_INVALID"},
    {0x00000112, "CKR_WRAPPED_KEY_LEN_RANGE"},
    {0x00000113, "CKR_WRAPPING_KEY_HANDLE_INVALID"},
    {0x00000114, "CKR_WRAPPING_KEY_SIZE_RANGE"},
    {0x00000115, "CKR_WRAPPING_KEY_TYPE_INCONSISTENT"},
    {0x00000120, "CKR_RANDOM_SEED_NOT_SUPPORTED"},
    {0x00000121, "CKR_RANDOM_NO_RNG"},
    {0x00000130, "CKR_DOMAIN_PARAMS_INVALID"},
    {0x00000140, "CKR_CURVE_NOT_SUPPORTED"},
    {0x00000150, "CKR_BUFFER_TOO_SMALL"},
    {0x00000160, "CKR_SAVED_STATE_INVALID"},
    {0x00000170, "CKR_INFORMATION_SENSITIVE"},
    {0x00000180, "CKR_STATE_UNSAVEABLE"},
    {0x00000190, "CKR_CRYPTOKI_NOT_INITIALIZED"},
    {0x00000191, "CKR_CRYPTOKI_ALREADY_INITIALIZED"},
    {0x000001a0, "CKR_MUTEX_BAD"},
    {0x000001a1, "CKR_MUTEX_NOT_LOCKED"},
    {0x000001b0, "CKR_NEW_PIN_MODE"},
    {0x000001b1, "CKR_NEXT_OTP"},
    {0x000001b5, "CKR_EXCEEDED_MAX_ITERATIONS"},
    {0x000001b6, "CKR_FIPS_SELF_TEST_FAILED"},
    {0x000001b7, "CKR_LIBRARY_LOAD_FAILED"},
    {0x000001b8, "CKR_PIN_TOO_WEAK"},
    {0x000001b9, "CKR_PUBLIC_KEY_INVALID"},
    {0x00000200, "CKR_FUNCTION_REJECTED"},
    {0x00300000, "LUNA_RET_DEVICE_ERROR"},
    {0x00a00000, "LUNA_RET_UM_PIN_INCORRECT"},
    {0x00e00000, "LUNA_RET_TOKEN_NOT_PRESENT"},
    {0x80000004, "CKR_RC_ERROR"},
    {0x80000007, "CKR_USER_LOCKED_OUT"},
    {0x8000001f, "CKR_UNABLE_TO_CONNECT"},
    {0x80000020, "CKR_PARTITION_DISABLED"},
    {0x80000024, "CKR_TIMEOUT"},
    {0x8000002b, "CKR_DEVICE_TIMEOUT"},
    {0x80001604, "CKR_BUSY"},
    {0xc0000104, "RC_TOKEN_NOT_PRESENT"},
    {0xc0000303, "RC_OPERATION_TIMED_OUT"},
    {0xc0000500, "RC_SOCKET_ERROR"},
    {0xc0000501, "RC_SOCKET_WRITE_ERROR"},
    {0xc0000502, "RC_SOCKET_READ_ERROR"},
    {0xc0000504, "RC_SERVER_DISCONNECTED"},
    {0xc0000505, "RC_CLIENT_DISCONNECTED"},
    {0xc0000508, "RC_SOCKET_BAD_FD"},
    {0xc0000509, "RC_HOST_RESOLUTION_ERROR"},
    {0xc0000700, "RC_SSL_ERROR"},
    {0xc0000711, "RC_SSL_FAILED_HANDSHAKE"},
    {0xc0001000, "RC_PARTITION_LOCKED"},
    {0xc0001001, "RC_PARTITION_NOT_ACTIVATED"},
    {0xc0001100, "RC_UNABLE_TO_CONNECT"},
    {0xc0002004, "RC_REMOTE_SIDE_DISCONNECTED"},
    {0xc0002005, "RC_SOCKET_CLOSED"},
});

static_assert(std::ranges::is_sorted(kNamedCodes, {}, &NamedCode::value) &&
                  std::ranges::adjacent_find(kNamedCodes, {}, &NamedCode::value) ==
                      kNamedCodes.end(),
              "name_of bisects this table: values ascend and none stands twice");

std::optional<Code> code_from_hex(std::string_view digits)
{
    std::uint32_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, 16);
    if (error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return Code{value};
}

}  // namespace

std::string_view name_of(Code code)
{
    const auto value = static_cast<std::uint32_t>(code);
    const auto found = std::ranges::lower_bound(kNamedCodes, value, {}, &NamedCode::value);
    return found != kNamedCodes.end() && found->value == value ? found->name : "UNKNOWN";
}

std::optional<Code> code_named(std::string_view name)
{
    if (name.starts_with("0x") || name.starts_with("0X")) {
        return code_from_hex(name.substr(2));
    }
    const auto found = std::ranges::find_if(kNamedCodes, [name](const NamedCode& known) {
        return same_but_for_case(known.name, name);
    });
    return found == kNamedCodes.end() ? std::nullopt : std::optional(Code{found->value});
}

}  // namespace hasim
