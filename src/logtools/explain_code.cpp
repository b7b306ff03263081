#include "logtools/explain_code.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace hasim::logtools {
namespace {

struct Meaning {
    std::string_view name;
    std::string_view text;
};

// The codes that lines of outages have. What stands here is what their names and public lists say.
constexpr std::array kMeanings{
    Meaning{"CKR_OK", "success: no error at all"},
    Meaning{"CKR_HOST_MEMORY", "the client machine has too little memory"},
    Meaning{"CKR_GENERAL_ERROR",
            "something failed for which there is no better code; look at the appliance's own log"},
    Meaning{"CKR_FUNCTION_FAILED", "the command could not be carried out; others still may be"},
    Meaning{"CKR_DEVICE_ERROR",
            "the HSM reports trouble of its own: look at the appliance's own log"},
    Meaning{"CKR_DEVICE_MEMORY", "the partition, or the HSM, is full"},
    Meaning{"CKR_DEVICE_REMOVED", "the partition, or its HSM, went away during the command"},
    Meaning{
        "CKR_PIN_INCORRECT",
        "the partition refuses the PIN; a few more wrong ones lock it, so do not simply repeat"},
    Meaning{"CKR_PIN_EXPIRED", "the PIN must be changed before the partition takes it"},
    Meaning{"CKR_PIN_LOCKED",
            "too many wrong PINs: the partition is locked until its security officer resets it"},
    Meaning{"CKR_SESSION_HANDLE_INVALID", "the partition forgot the session, as after a restart"},
    Meaning{"CKR_TOKEN_NOT_PRESENT",
            "the partition is not there for this client: gone, or not assigned to it"},
    Meaning{"CKR_USER_NOT_LOGGED_IN", "the partition forgot the login, or there was none"},
    Meaning{"CKR_USER_PIN_NOT_INITIALIZED", "the partition has no PIN for its user yet"},
    Meaning{"CKR_CRYPTOKI_NOT_INITIALIZED", "C_Initialize was not called, or C_Finalize was"},
    Meaning{"CKR_USER_LOCKED_OUT", "too many wrong PINs: the user is locked out"},
    Meaning{"CKR_UNABLE_TO_CONNECT",
            "no connection to the appliance: address, port, cable, firewall or its NTLS service"},
    Meaning{"CKR_PARTITION_DISABLED", "the partition is disabled on its appliance"},
    Meaning{"CKR_TIMEOUT", "no answer in time"},
    Meaning{"CKR_DEVICE_TIMEOUT", "the HSM gave no answer in time"},
    Meaning{"CKR_BUSY", "the HSM has too much to do: try again later"},
    Meaning{"RC_TOKEN_NOT_PRESENT",
            "the partition is not there for this client: gone, or not assigned to it"},
    Meaning{
        "RC_OPERATION_TIMED_OUT",
        "no answer within ReceiveTimeout: the network or the appliance is silent, or very slow"},
    Meaning{"RC_SOCKET_ERROR", "the connection failed"},
    Meaning{"RC_SOCKET_WRITE_ERROR", "the connection failed while something was sent"},
    Meaning{"RC_SOCKET_READ_ERROR", "the connection failed while an answer was read"},
    Meaning{"RC_SERVER_DISCONNECTED",
            "the appliance closed the connection: NTLS restarted, a limit of connections, a reset"},
    Meaning{"RC_CLIENT_DISCONNECTED", "the client closed the connection"},
    Meaning{"RC_HOST_RESOLUTION_ERROR",
            "the appliance's name has no address: look at ServerNameNN and at the name service"},
    Meaning{"RC_SSL_ERROR", "TLS failed on the connection"},
    Meaning{
        "RC_SSL_FAILED_HANDSHAKE",
        "the two sides do not trust each other: a certificate expired, or was made anew on one"},
    Meaning{"RC_PARTITION_LOCKED", "the partition is locked"},
    Meaning{"RC_PARTITION_NOT_ACTIVATED",
            "the partition waits for its PED key or activation: somebody must activate it"},
    Meaning{"RC_UNABLE_TO_CONNECT",
            "no connection to the appliance: address, port, cable, firewall or its NTLS service"},
    Meaning{"RC_REMOTE_SIDE_DISCONNECTED", "the other side closed the connection"},
    Meaning{"RC_SOCKET_CLOSED", "the connection was closed before the answer came"},
};

std::string_view known_meaning(std::string_view name)
{
    const auto* const found =
        std::find_if(kMeanings.begin(), kMeanings.end(),
                     [&](const Meaning& meaning) { return meaning.name == name; });
    return found == kMeanings.end() ? std::string_view{} : found->text;
}

}  // namespace

std::string code_meaning(Code code)
{
    const auto value = static_cast<std::uint32_t>(code);
    if (const std::string_view text = known_meaning(name_of(code)); !text.empty()) {
        return std::string(text);
    }
    // The firmware's codes are those of PKCS#11, shifted left by 16 bits.
    const auto shifted = static_cast<Code>(value >> 16U);
    if ((value & 0xffffU) == 0 && value < 0x10000000U && name_of(shifted) != "UNKNOWN") {
        const std::string_view text = known_meaning(name_of(shifted));
        return fmt::format("the HSM firmware's form of {}{}{}", name_of(shifted),
                           text.empty() ? "" : ": ", text);
    }
    return value >= 0xc0000000U   ? "a code of the vendor's client library, for its connections"
           : value >= 0x80000000U ? "a code that the vendor added to those of PKCS#11"
           : name_of(code) != "UNKNOWN"
               ? "a return code of PKCS#11; its standard says what it means"
               : "no public list has this code";
}

}  // namespace hasim::logtools
