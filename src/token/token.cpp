#include "token/token.hpp"

#include "token/lease.hpp"

namespace hasim::token {

using cryptoki::Call;
using cryptoki::Function;

Token::~Token()
{
    functions_.C_CloseAllSessions(slot_);
}

CK_RV Token::open(std::string_view pin)
{
    for (CK_SESSION_HANDLE* session : {&keeper_, &loop_}) {
        const CK_RV code = functions_.C_OpenSession(slot_, CKF_SERIAL_SESSION | CKF_RW_SESSION,
                                                    nullptr, nullptr, session);
        if (code != CKR_OK) {
            return code;
        }
    }
    pin_ = pin;
    return functions_.C_Login(keeper_, CKU_USER, bytes_of(pin_),
                              static_cast<CK_ULONG>(pin_.size()));
}

CK_SESSION_HANDLE Token::take_session()
{
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            const CK_SESSION_HANDLE session = idle_.back();
            idle_.pop_back();
            return session;
        }
    }
    CK_SESSION_HANDLE session = 0;
    const CK_RV code = functions_.C_OpenSession(slot_, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr,
                                                nullptr, &session);
    return code == CKR_OK ? session : 0;
}

void Token::give_back(CK_SESSION_HANDLE session)
{
    const std::lock_guard lock(mutex_);
    idle_.push_back(session);
}

Outcome Token::execute(const Call& call, ConnectionId connection)
{
    switch (call.function) {
    case Function::get_mechanism_list:
    case Function::get_mechanism_info:
    case Function::seed_random:
    case Function::generate_random: return about_token(call);
    case Function::create_object:
    case Function::copy_object:
    case Function::generate_key:
    case Function::generate_key_pair:
    case Function::unwrap_key:
    case Function::derive_key: return make_object(call);
    case Function::destroy_object:
    case Function::get_object_size:
    case Function::get_attribute_value:
    case Function::set_attribute_value: return about_object(call);
    case Function::find_objects_init: return find(call);
    case Function::wrap_key: return wrap(call);
    case Function::encrypt_init:
    case Function::decrypt_init:
    case Function::digest_init:
    case Function::sign_init:
    case Function::sign_recover_init:
    case Function::verify_init:
    case Function::verify_recover_init: return begin_and_drop(call);
    case Function::encrypt:
    case Function::decrypt:
    case Function::digest:
    case Function::sign:
    case Function::sign_recover:
    case Function::verify:
    case Function::verify_recover: return one_part(call);
    default:
        return cryptoki::row_of(call.function).kind == cryptoki::Kind::bound
                   ? next_part(call, connection)
                   : Outcome{CKR_FUNCTION_NOT_SUPPORTED, {}, {}};
    }
}

void Token::forget(ConnectionId connection)
{
    std::vector<CK_SESSION_HANDLE> over;
    {
        const std::lock_guard lock(mutex_);
        auto at = operations_.lower_bound({connection, 0, 0});
        while (at != operations_.end() && std::get<0>(at->first) == connection) {
            over.push_back(at->second);
            at = operations_.erase(at);
        }
    }
    for (const CK_SESSION_HANDLE session : over) {
        functions_.C_CloseSession(session);
    }
}

std::vector<sim::ObjectFacts> Token::objects()
{
    Call all;
    all.function = Function::find_objects_init;
    all.templates.emplace_back();
    const Outcome found = find(all);
    std::vector<sim::ObjectFacts> objects;
    const Lease lease(*this);
    for (const std::uint64_t object : found.result.numbers) {
        objects.push_back(facts_of(lease.session(), static_cast<CK_OBJECT_HANDLE>(object)));
    }
    return objects;
}

sim::ObjectFacts Token::facts_of(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
    const auto flag = [&](CK_ATTRIBUTE_TYPE type, bool otherwise) {
        CK_BBOOL value = otherwise ? CK_TRUE : CK_FALSE;
        CK_ATTRIBUTE attribute{type, &value, sizeof value};
        const CK_RV code = functions_.C_GetAttributeValue(session, object, &attribute, 1);
        return code == CKR_OK ? value != CK_FALSE : otherwise;
    };
    return {object, flag(CKA_PRIVATE, false), flag(CKA_TOKEN, true), flag(CKA_DESTROYABLE, true)};
}

}  // namespace hasim::token
