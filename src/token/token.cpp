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
    const CK_RV code =
        functions_.C_Login(keeper_, CKU_USER, bytes_of(pin_), static_cast<CK_ULONG>(pin_.size()));
    return code == CKR_OK ? catalogue() : code;
}

/// What the token has from before. The only search that it ever makes: nobody makes objects meanwhile.
CK_RV Token::catalogue()
{
    CK_RV code = functions_.C_FindObjectsInit(keeper_, nullptr, 0);
    constexpr CK_ULONG kAtOnce = 1024;
    CK_OBJECT_HANDLE found[kAtOnce];
    std::vector<CK_OBJECT_HANDLE> objects;
    for (CK_ULONG count = kAtOnce; code == CKR_OK && count == kAtOnce;) {
        code = functions_.C_FindObjects(keeper_, found, kAtOnce, &count);
        objects.insert(objects.end(), found, found + count);
    }
    functions_.C_FindObjectsFinal(keeper_);
    for (const CK_OBJECT_HANDLE object : objects) {
        catalogue_.note(keeper_, object);
    }
    return code;
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
    std::vector<sim::ObjectFacts> objects;
    const Lease lease(*this);
    for (const std::uint64_t object : catalogue_.find(lease.session(), {})) {
        objects.push_back(facts_of(lease.session(), static_cast<CK_OBJECT_HANDLE>(object)));
    }
    return objects;
}

sim::ObjectFacts Token::facts_of(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
    CK_BBOOL is_private = CK_FALSE;
    CK_BBOOL is_token = CK_TRUE;
    CK_BBOOL may_be_destroyed = CK_TRUE;
    CK_ATTRIBUTE asked[] = {{CKA_PRIVATE, &is_private, sizeof is_private},
                            {CKA_TOKEN, &is_token, sizeof is_token},
                            {CKA_DESTROYABLE, &may_be_destroyed, sizeof may_be_destroyed}};
    // What an object does not have stays as it is.
    static_cast<void>(functions_.C_GetAttributeValue(session, object, asked, 3));
    return {object, is_private != CK_FALSE, is_token != CK_FALSE, may_be_destroyed != CK_FALSE};
}

}  // namespace hasim::token
