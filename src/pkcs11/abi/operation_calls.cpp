#include "pkcs11/abi/operation_calls.hpp"

#include <array>
#include <cstring>

#include "cryptoki/native.hpp"
#include "pkcs11/abi/entry.hpp"

namespace hasim::pkcs11::abi {

namespace {

using cryptoki::Call;
using cryptoki::Function;

constexpr Function kNone = Function::initialize;

constexpr std::array kOperationFunctions{
    OperationFunctions{OperationKind::encrypt, Function::encrypt_init, Function::encrypt,
                       Function::encrypt_update, Function::encrypt_final},
    OperationFunctions{OperationKind::decrypt, Function::decrypt_init, Function::decrypt,
                       Function::decrypt_update, Function::decrypt_final},
    OperationFunctions{OperationKind::digest, Function::digest_init, Function::digest,
                       Function::digest_update, Function::digest_final},
    OperationFunctions{OperationKind::sign, Function::sign_init, Function::sign,
                       Function::sign_update, Function::sign_final},
    OperationFunctions{OperationKind::verify, Function::verify_init, Function::verify,
                       Function::verify_update, Function::verify_final},
    OperationFunctions{OperationKind::sign_recover, Function::sign_recover_init,
                       Function::sign_recover, kNone, kNone},
    OperationFunctions{OperationKind::verify_recover, Function::verify_recover_init,
                       Function::verify_recover, kNone, kNone},
};

std::optional<ActiveOperation>& operation_of(Session& session, OperationKind kind)
{
    return session.operations[static_cast<std::size_t>(kind)];
}

/// What an Init was: the same one need not be asked about again.
std::string key_of(Function init, const ActiveOperation& operation)
{
    Call call;
    call.function = init;
    call.mechanism = operation.mechanism;
    call.objects = operation.key;
    return cryptoki::encode(call);
}

/// A call of an operation, and what it was made with.
struct Asked {
    Function function;
    std::string_view input;
};

/// The output that the same call had before, when there was no room for it.
std::optional<std::string> kept_output(const ActiveOperation& operation, const Asked& asked)
{
    const auto& kept = operation.kept;
    return kept && kept->function == asked.function && kept->input == asked.input
               ? std::optional(kept->output)
               : std::nullopt;
}

/// A part that the token has taken already, although its output found no room, cannot be taken back: then another call
/// than that one comes too late.
bool is_too_late(const ActiveOperation& operation, const Asked& asked)
{
    return operation.several && operation.kept && !kept_output(operation, asked);
}

/// Hands `output` out, or says how long it is and keeps it. True when it was handed out.
bool hand_out(const std::string& output, const Room& out, ActiveOperation& operation,
              const Asked& asked, CK_RV& code)
{
    const CK_ULONG given = *out.length;
    *out.length = static_cast<CK_ULONG>(output.size());
    if (out.bytes == nullptr || given < output.size()) {
        code = out.bytes == nullptr ? CKR_OK : CKR_BUFFER_TOO_SMALL;
        operation.kept = ActiveOperation::Kept{asked.function, std::string(asked.input), output};
        return false;
    }
    if (!output.empty()) {
        std::memcpy(out.bytes, output.data(), output.size());
    }
    operation.kept.reset();
    code = CKR_OK;
    return true;
}

/// The Init goes along with the call.
void bring_init(Call& call, const ActiveOperation& operation)
{
    call.mechanism = operation.mechanism;
    call.objects = operation.key;
    call.authenticated = operation.authenticated;
}

/// `body` gets the active operation of a session. Every call that goes on with one ends it, unless it says that there
/// is no room, or how much is needed (5.8 to 5.12); so do arguments that are bad.
template <class Body>
CK_RV with_operation(CK_SESSION_HANDLE handle, OperationKind kind, bool arguments_good, Body body)
{
    return with_session(handle, [&](Library& library, Session& session) -> CK_RV {
        std::optional<ActiveOperation>& operation = operation_of(session, kind);
        if (!arguments_good) {
            operation.reset();
            return CKR_ARGUMENTS_BAD;
        }
        return operation ? body(library, session, operation) : CKR_OPERATION_NOT_INITIALIZED;
    });
}

using Active = std::optional<ActiveOperation>;

/// The call of `function` on an operation of several parts; the first brings the Init along.
Reply next_part(Library& library, Session& session, ActiveOperation& operation, Function function,
                std::string data, std::string more)
{
    Call call = call_of(function, session);
    call.data = std::move(data);
    call.more = std::move(more);
    if (!operation.several) {
        operation.kept.reset();  // of a one-part call that had no room
        call.begins = true;
        bring_init(call, operation);
        if (cryptoki::row_of(function).shape.objects == 0) {
            call.objects.clear();
        }
    }
    const Route route = operation.several ? Route{ha::Reach::bound, operation.member} : Route{};
    Reply reply = library.call(session.slot, call, route);
    if (reply.code == Code::ok) {
        operation.several = true;
        operation.member = reply.served;
    }
    return reply;
}

}  // namespace

const OperationFunctions& functions_of(OperationKind kind)
{
    return kOperationFunctions[static_cast<std::size_t>(kind)];
}

CK_RV begin(CK_SESSION_HANDLE handle, OperationKind kind, CK_MECHANISM* mechanism,
            const CK_OBJECT_HANDLE* key)
{
    return with_session(handle, [&](Library& library, Session& session) -> CK_RV {
        if (mechanism == nullptr) {
            return CKR_ARGUMENTS_BAD;
        }
        std::optional<ActiveOperation>& place = operation_of(session, kind);
        if (place) {
            return CKR_OPERATION_ACTIVE;
        }
        auto flat = cryptoki::flatten(*mechanism);
        if (!flat) {
            return CKR_MECHANISM_PARAM_INVALID;
        }
        ActiveOperation operation;
        operation.mechanism = std::move(*flat);
        if (key != nullptr) {
            operation.key = {*key};
        }
        const Function init = functions_of(kind).init;
        const std::string known = key_of(init, operation);
        auto accepted = library.accepted_before(session.slot, known);
        if (!accepted) {
            Call call = call_of(init, session);
            call.mechanism = operation.mechanism;
            call.objects = operation.key;
            const Reply reply = library.call(session.slot, call);
            if (reply.code != Code::ok) {
                return rv(reply.code);
            }
            const std::vector<std::uint64_t>& said = reply.result.numbers;
            accepted = {!said.empty() && said.front() == 1};
            library.accepted(session.slot, known, *accepted);
        }
        operation.asks_login = accepted->asks_login;
        place = std::move(operation);
        return CKR_OK;
    });
}

CK_RV one_part(CK_SESSION_HANDLE handle, OperationKind kind, Input data, Room out)
{
    const bool good = out.length != nullptr && readable(data.bytes, data.length);
    return with_operation(
        handle, kind, good, [&](Library& library, Session& session, Active& operation) -> CK_RV {
            if (operation->several) {
                return CKR_OPERATION_NOT_INITIALIZED;
            }
            if (data.length > kMostData) {
                operation.reset();
                return CKR_DATA_LEN_RANGE;
            }
            const std::string input = bytes_in(data.bytes, data.length);
            const Asked asked{functions_of(kind).one_part, input};
            std::optional<std::string> output = kept_output(*operation, asked);
            if (!output) {
                Call call = call_of(asked.function, session);
                bring_init(call, *operation);
                call.data = input;
                call.length_only = out.bytes == nullptr;
                Reply reply = library.call(session.slot, call);
                if (reply.code != Code::ok) {
                    operation.reset();
                    return rv(reply.code);
                }
                if (call.length_only) {
                    *out.length = reply.result.numbers.empty() ? 0 : reply.result.numbers.front();
                    return CKR_OK;
                }
                output = std::move(reply.result.data);
            }
            CK_RV code = CKR_OK;
            if (hand_out(*output, out, *operation, asked, code)) {
                operation.reset();
            }
            return code;
        });
}

CK_RV verify(CK_SESSION_HANDLE handle, Input data, Input signature)
{
    const bool good = readable(data.bytes, data.length) && signature.bytes != nullptr;
    return with_operation(
        handle, OperationKind::verify, good,
        [&](Library& library, Session& session, Active& operation) -> CK_RV {
            if (operation->several) {
                return CKR_OPERATION_NOT_INITIALIZED;
            }
            Call call = call_of(Function::verify, session);
            bring_init(call, *operation);
            operation.reset();
            if (data.length > kMostData || signature.length > kMostData - data.length) {
                return CKR_DATA_LEN_RANGE;
            }
            call.data = bytes_in(data.bytes, data.length);
            call.more = bytes_in(signature.bytes, signature.length);
            return rv(library.call(session.slot, call).code);
        });
}

CK_RV update(CK_SESSION_HANDLE handle, OperationKind kind, Input data, Room out)
{
    const bool good = out.length != nullptr && readable(data.bytes, data.length);
    return with_operation(
        handle, kind, good, [&](Library& library, Session& session, Active& operation) -> CK_RV {
            if (data.length > kMostData) {
                operation.reset();
                return CKR_DATA_LEN_RANGE;
            }
            if (out.bytes == nullptr) {
                // No cipher gives more than it was given and the block that it held back.
                constexpr CK_ULONG kBlock = 64;
                *out.length = data.length + kBlock;
                return CKR_OK;
            }
            const std::string input = bytes_in(data.bytes, data.length);
            const Asked asked{functions_of(kind).update, input};
            if (is_too_late(*operation, asked)) {
                operation.reset();
                return CKR_FUNCTION_FAILED;
            }
            std::optional<std::string> output = kept_output(*operation, asked);
            if (!output) {
                Reply reply = next_part(library, session, *operation, asked.function, input, {});
                if (reply.code != Code::ok) {
                    operation.reset();
                    return rv(reply.code);
                }
                output = std::move(reply.result.data);
            }
            CK_RV code = CKR_OK;
            static_cast<void>(hand_out(*output, out, *operation, asked, code));
            return code;
        });
}

CK_RV update(CK_SESSION_HANDLE handle, OperationKind kind, Input data)
{
    const bool good = readable(data.bytes, data.length);
    return with_operation(
        handle, kind, good, [&](Library& library, Session& session, Active& operation) -> CK_RV {
            // However much it is: these take data in pieces of any size.
            CK_ULONG done = 0;
            do {
                const CK_ULONG size = std::min(data.length - done, kMostData);
                const Reply reply = next_part(
                    library, session, *operation, functions_of(kind).update,
                    bytes_in(data.bytes == nullptr ? nullptr : data.bytes + done, size), {});
                if (reply.code != Code::ok) {
                    operation.reset();
                    return rv(reply.code);
                }
                done += size;
            } while (done < data.length);
            return CKR_OK;
        });
}

CK_RV digest_key(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE key)
{
    return with_operation(handle, OperationKind::digest, true,
                          [&](Library& library, Session& session, Active& operation) -> CK_RV {
                              Call call = call_of(Function::digest_key, session);
                              call.objects = {key};
                              if (!operation->several) {
                                  operation->kept.reset();
                                  call.begins = true;
                                  call.mechanism = operation->mechanism;
                              }
                              const Route route = operation->several
                                                      ? Route{ha::Reach::bound, operation->member}
                                                      : Route{};
                              const Reply reply = library.call(session.slot, call, route);
                              if (reply.code != Code::ok) {
                                  operation.reset();
                                  return rv(reply.code);
                              }
                              operation->several = true;
                              operation->member = reply.served;
                              return CKR_OK;
                          });
}

CK_RV finish(CK_SESSION_HANDLE handle, OperationKind kind, Room out)
{
    return with_operation(handle, kind, out.length != nullptr,
                          [&](Library& library, Session& session, Active& operation) -> CK_RV {
                              const Asked asked{functions_of(kind).final, {}};
                              if (is_too_late(*operation, asked)) {
                                  operation.reset();
                                  return CKR_FUNCTION_FAILED;
                              }
                              std::optional<std::string> output = kept_output(*operation, asked);
                              if (!output) {
                                  Reply reply = next_part(library, session, *operation,
                                                          asked.function, {}, {});
                                  if (reply.code != Code::ok) {
                                      operation.reset();
                                      return rv(reply.code);
                                  }
                                  output = std::move(reply.result.data);
                              }
                              CK_RV code = CKR_OK;
                              if (hand_out(*output, out, *operation, asked, code)) {
                                  operation.reset();
                              }
                              return code;
                          });
}

CK_RV verify_final(CK_SESSION_HANDLE handle, Input signature)
{
    return with_operation(handle, OperationKind::verify, signature.bytes != nullptr,
                          [&](Library& library, Session& session, Active& operation) -> CK_RV {
                              if (signature.length > kMostData) {
                                  operation.reset();
                                  return CKR_SIGNATURE_LEN_RANGE;
                              }
                              const Reply reply =
                                  next_part(library, session, *operation, Function::verify_final,
                                            {}, bytes_in(signature.bytes, signature.length));
                              operation.reset();
                              return rv(reply.code);
                          });
}

}  // namespace hasim::pkcs11::abi
