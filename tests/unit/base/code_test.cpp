// Goal: every code that hasim writes has the name the public lists give it, and a name finds its code again.
#include "hasim/code.hpp"

#include "support/catch.hpp"

#include <utility>

using hasim::Code;
using hasim::code_named;
using hasim::name_of;

TEST_CASE("codes hasim produces have their public names")
{
    const auto [code, name] = GENERATE(table<Code, std::string_view>({
        {Code::ok, "CKR_OK"},
        {Code::general_error, "CKR_GENERAL_ERROR"},
        {Code::arguments_bad, "CKR_ARGUMENTS_BAD"},
        {Code::device_error, "CKR_DEVICE_ERROR"},
        {Code::function_not_supported, "CKR_FUNCTION_NOT_SUPPORTED"},
        {Code::pin_incorrect, "CKR_PIN_INCORRECT"},
        {Code::pin_locked, "CKR_PIN_LOCKED"},
        {Code::session_handle_invalid, "CKR_SESSION_HANDLE_INVALID"},
        {Code::token_not_present, "CKR_TOKEN_NOT_PRESENT"},
        {Code::user_already_logged_in, "CKR_USER_ALREADY_LOGGED_IN"},
        {Code::user_not_logged_in, "CKR_USER_NOT_LOGGED_IN"},
        {Code::cryptoki_not_initialized, "CKR_CRYPTOKI_NOT_INITIALIZED"},
        {Code::cryptoki_already_initialized, "CKR_CRYPTOKI_ALREADY_INITIALIZED"},
        {Code::partition_not_assigned, "RC_TOKEN_NOT_PRESENT"},
        {Code::operation_timed_out, "RC_OPERATION_TIMED_OUT"},
        {Code::socket_read_error, "RC_SOCKET_READ_ERROR"},
        {Code::server_disconnected, "RC_SERVER_DISCONNECTED"},
        {Code::host_resolution_error, "RC_HOST_RESOLUTION_ERROR"},
        {Code::ssl_failed_handshake, "RC_SSL_FAILED_HANDSHAKE"},
        {Code::partition_not_activated, "RC_PARTITION_NOT_ACTIVATED"},
        {Code::unable_to_connect, "RC_UNABLE_TO_CONNECT"},
    }));
    CHECK(name_of(code) == name);
    CHECK(code_named(name) == code);
}

TEST_CASE("a code nobody names is UNKNOWN")
{
    CHECK(name_of(Code{0x00000004}) == "UNKNOWN");
    CHECK(name_of(Code{0xffffffff}) == "UNKNOWN");
}

TEST_CASE("names are found in any case, and numbers with 0x")
{
    CHECK(code_named("ckr_pin_locked") == Code::pin_locked);
    CHECK(code_named("Rc_Unable_To_Connect") == Code::unable_to_connect);
    CHECK(code_named("0xc0001100") == Code::unable_to_connect);
    CHECK(code_named("0XC0001100") == Code::unable_to_connect);
    CHECK(code_named("0x30") == Code::device_error);
    CHECK(code_named("0xdeadbeef") == Code{0xdeadbeef});
}

TEST_CASE("what is neither name nor number is no code")
{
    const auto text = GENERATE(as<std::string_view>{}, "", "UNKNOWN", "CKR_", "CKR_PIN_LOCKED ",
                               "30", "0x", "0x-1", "0x123456789", "0xfg", "0x30 ");
    CAPTURE(text);
    CHECK_FALSE(code_named(text).has_value());
}
