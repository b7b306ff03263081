/// Return and error codes: PKCS#11's CKR_ values and the vendor's RC_ values, with their names.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hasim {

/// A 32-bit return code. The enumerators are those hasim itself produces; any other value may be injected or read.
/// Values and names: PKCS#11 2.40 (CKR_...), the vendor's open-source Python binding (RC_...).
enum class Code : std::uint32_t {
    ok = 0x00000000,                           ///< CKR_OK
    general_error = 0x00000005,                ///< CKR_GENERAL_ERROR
    arguments_bad = 0x00000007,                ///< CKR_ARGUMENTS_BAD
    device_error = 0x00000030,                 ///< CKR_DEVICE_ERROR: nobody is left, or the device says so
    device_memory = 0x00000031,                ///< CKR_DEVICE_MEMORY: the partition has no room left
    action_prohibited = 0x0000001b,            ///< CKR_ACTION_PROHIBITED
    function_not_supported = 0x00000054,       ///< CKR_FUNCTION_NOT_SUPPORTED
    key_handle_invalid = 0x00000060,           ///< CKR_KEY_HANDLE_INVALID
    object_handle_invalid = 0x00000082,        ///< CKR_OBJECT_HANDLE_INVALID
    operation_active = 0x00000090,             ///< CKR_OPERATION_ACTIVE: another C_Login or C_Logout is under way
    pin_incorrect = 0x000000a0,                ///< CKR_PIN_INCORRECT
    pin_locked = 0x000000a4,                   ///< CKR_PIN_LOCKED
    session_handle_invalid = 0x000000b3,       ///< CKR_SESSION_HANDLE_INVALID
    token_not_present = 0x000000e0,            ///< CKR_TOKEN_NOT_PRESENT: the partition is gone (zeroised)
    user_already_logged_in = 0x00000100,       ///< CKR_USER_ALREADY_LOGGED_IN
    user_not_logged_in = 0x00000101,           ///< CKR_USER_NOT_LOGGED_IN
    cryptoki_not_initialized = 0x00000190,     ///< CKR_CRYPTOKI_NOT_INITIALIZED
    cryptoki_already_initialized = 0x00000191, ///< CKR_CRYPTOKI_ALREADY_INITIALIZED
    partition_not_assigned = 0xc0000104,       ///< RC_TOKEN_NOT_PRESENT: not assigned to this client (revoked)
    operation_timed_out = 0xc0000303,          ///< RC_OPERATION_TIMED_OUT: no answer in ReceiveTimeout
    socket_read_error = 0xc0000502,            ///< RC_SOCKET_READ_ERROR: garbage on the wire
    server_disconnected = 0xc0000504,          ///< RC_SERVER_DISCONNECTED: closed on us
    host_resolution_error = 0xc0000509,        ///< RC_HOST_RESOLUTION_ERROR
    ssl_failed_handshake = 0xc0000711,         ///< RC_SSL_FAILED_HANDSHAKE
    partition_not_activated = 0xc0001001,      ///< RC_PARTITION_NOT_ACTIVATED
    unable_to_connect = 0xc0001100,            ///< RC_UNABLE_TO_CONNECT: no connection, refused or timed out
};

/// The name of `code` as a log line prints it; "UNKNOWN" for a value that no public list names.
[[nodiscard]] std::string_view name_of(Code code);

/// The code called `name` ("CKR_PIN_LOCKED", any case), or written as hex digits with "0x" in front.
[[nodiscard]] std::optional<Code> code_named(std::string_view name);

}  // namespace hasim
