// PKCS#11 calls, and the objects of partitions. The token, which does the cryptography, has one set of objects for a
// whole cloning domain; what a partition holds of them, and what a client may see of that, is decided here.
#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "sim/appliance/appliance.hpp"

namespace hasim::sim {

namespace {

using cryptoki::Call;
using cryptoki::Function;
using cryptoki::Kind;
using cryptoki::ObjectNumber;

// Attributes of PKCS#11 2.40 that decide who may see an object that is to be made.
constexpr std::uint64_t kClass = 0x0;
constexpr std::uint64_t kToken = 0x1;
constexpr std::uint64_t kPrivate = 0x2;
constexpr std::uint64_t kPublicKey = 2;
constexpr std::uint64_t kCertificate = 1;

/// A CK_BBOOL, or a CK_ULONG that is not too large, in a template.
std::optional<std::uint64_t> value_in(const cryptoki::Template& attributes, std::uint64_t type)
{
    for (const cryptoki::Attribute& attribute : attributes) {
        if (attribute.type == type && !attribute.value.empty()) {
            return static_cast<unsigned char>(attribute.value[0]);
        }
    }
    return std::nullopt;
}

// Codes of PKCS#11 2.40 that nothing else in hasim answers.
constexpr Code kSessionReadOnly{0x000000b5};
constexpr Code kPinLenRange{0x000000a2};
constexpr Code kWrappingKeyInvalid{0x00000113};
constexpr Code kUnwrappingKeyInvalid{0x000000f0};

bool makes_objects(Function function)
{
    return cryptoki::row_of(function).kind == Kind::writing &&
           function != Function::destroy_object && function != Function::set_attribute_value;
}

/// A call that is about an object as such, not about what a key can do.
bool is_about_an_object(Function function)
{
    switch (function) {
    case Function::copy_object:
    case Function::destroy_object:
    case Function::get_object_size:
    case Function::get_attribute_value:
    case Function::set_attribute_value: return true;
    default: return false;
    }
}

/// Which code says that handle number `index` of the call is none.
Code no_such_object(Function function, std::size_t index)
{
    if (is_about_an_object(function)) {
        return Code::object_handle_invalid;
    }
    if (function == Function::unwrap_key) {
        return kUnwrappingKeyInvalid;
    }
    return function == Function::wrap_key && index == 0 ? kWrappingKeyInvalid
                                                        : Code::key_handle_invalid;
}

/// What an object would be that `call` makes of its template number `index`: as the template says, else a copy as its
/// original; else it ends with its session, and is for users alone unless it is a public key or a certificate (as
/// SoftHSM2 has it).
ObjectFacts would_be(const Call& call, std::size_t index, const CloningDomain& domain)
{
    const cryptoki::Template& attributes = call.templates[index];
    ObjectFacts facts;
    facts.is_token = false;
    const auto kind = value_in(attributes, kClass);
    if (call.function == Function::copy_object) {
        facts = *domain.find(call.objects.front());
    } else if (call.function == Function::generate_key_pair) {
        facts.is_private = index == 1;
    } else {
        facts.is_private = call.function != Function::create_object ||
                           (kind != kPublicKey && kind != kCertificate);
    }
    facts.is_token = value_in(attributes, kToken).value_or(facts.is_token ? 1 : 0) != 0;
    facts.is_private = value_in(attributes, kPrivate).value_or(facts.is_private ? 1 : 0) != 0;
    return facts;
}

}  // namespace

// ---- What is where ------------------------------------------------------------------------------------------------

bool Appliance::holds(const Connection& connection, ObjectNumber object) const
{
    return partitions_[connection.partition].objects.contains(object) ||
           connection.session_objects.contains(object);
}

void Appliance::hold(Connection& connection, const ObjectFacts& facts)
{
    Partition& partition = partitions_[connection.partition];
    auto& objects = facts.is_token ? partition.objects : connection.session_objects;
    if (objects.insert(facts.number).second) {
        partition.domain->hold(facts.number);
    }
}

void Appliance::give_up(CloningDomain& domain, ObjectNumber object)
{
    Call call;
    call.function = Function::destroy_object;
    call.objects = {object};
    effects_->emplace_back(Execute{{.function = call.function}, domain.number(), std::move(call)});
}

/// The partition, and this session when one is given, do not have it any more; the token does not when nobody has.
void Appliance::let_go(Partition& partition, Connection* connection, ObjectNumber object)
{
    const bool had = partition.objects.erase(object) > 0 ||
                     (connection != nullptr && connection->session_objects.erase(object) > 0);
    if (had && partition.domain->let_go(object)) {
        give_up(*partition.domain, object);
    }
}

/// What ends with a connection: its session objects and its operations.
void Appliance::end_sessions(Connection& connection)
{
    if (connection.partition != kUnopened && partitions_[connection.partition].domain != nullptr) {
        CloningDomain& domain = *partitions_[connection.partition].domain;
        for (const ObjectNumber object : std::exchange(connection.session_objects, {})) {
            if (domain.let_go(object)) {
                give_up(domain, object);
            }
        }
    }
    if (std::exchange(connection.executes, false)) {
        effects_->emplace_back(ForgetOperations{connection.id});
    }
}

/// A logout ends the private objects of sessions (PKCS#11 2.40, C_Logout).
void Appliance::end_private_objects(Connection& connection)
{
    if (partitions_[connection.partition].domain == nullptr) {
        return;
    }
    CloningDomain& domain = *partitions_[connection.partition].domain;
    for (const ObjectNumber object : std::set(connection.session_objects)) {
        if (const ObjectFacts* facts = domain.find(object); facts != nullptr && facts->is_private) {
            let_go(partitions_[connection.partition], &connection, object);
        }
    }
}

// ---- Calls --------------------------------------------------------------------------------------------------------

/// ok when every handle of the call is that of an object which this client may use here, and so.
Code Appliance::objects_of(const Call& call, const Connection& connection) const
{
    const CloningDomain& domain = *partitions_[connection.partition].domain;
    for (std::size_t index = 0; index < call.objects.size(); ++index) {
        const ObjectFacts* const facts = domain.find(call.objects[index]);
        if (facts == nullptr || !holds(connection, call.objects[index])) {
            return no_such_object(call.function, index);
        }
        if (facts->is_private && !connection.logged_in) {
            return is_about_an_object(call.function) ? Code::object_handle_invalid
                                                     : Code::user_not_logged_in;
        }
        const bool changes = call.function == Function::destroy_object ||
                             call.function == Function::set_attribute_value;
        if (changes && call.reads_only && facts->is_token) {
            return kSessionReadOnly;
        }
    }
    return Code::ok;
}

Code Appliance::may_make(const Call& call, const Connection& connection) const
{
    if (!makes_objects(call.function)) {
        return Code::ok;
    }
    const Partition& partition = partitions_[connection.partition];
    for (std::size_t index = 0; index < call.templates.size(); ++index) {
        const ObjectFacts facts = would_be(call, index, *partition.domain);
        if (facts.is_token && call.reads_only) {
            return kSessionReadOnly;
        }
        if (facts.is_private && !connection.logged_in) {
            return Code::user_not_logged_in;
        }
        if (facts.is_token && partition.full) {
            return Code::device_memory;
        }
    }
    return Code::ok;
}

/// C_SetPIN: whoever knows the PIN may make it another.
Code Appliance::set_pin(Partition& partition, const Call& call)
{
    if (call.reads_only) {
        return kSessionReadOnly;
    }
    if (const Code code = check_pin(partition, call.data); code != Code::ok) {
        return code;
    }
    if (call.more.size() < cryptoki::kShortestPin || call.more.size() > cryptoki::kLongestPin) {
        return kPinLenRange;
    }
    partition.pin = call.more;
    return Code::ok;
}

void Appliance::call(Connection& connection, const RequestArrived& request)
{
    Partition& partition = partitions_[connection.partition];
    std::optional<Call> call = cryptoki::decode_call(request.body);
    if (!call) {
        close(request.connection, Ending::fin, "what came is no PKCS#11 call");
        return;
    }
    const auto just = [&](Code code) { answer(connection, request.id, &partition, {code, {}}); };
    if (partition.domain == nullptr) {
        just(Code::function_not_supported);
        return;
    }
    if (connection.expired) {
        just(Code::session_handle_invalid);
        return;
    }
    if (const auto code = injected(partition)) {
        just(*code);
        return;
    }
    if (call->function == Function::login) {  // for one operation (CKA_ALWAYS_AUTHENTICATE)
        just(connection.logged_in ? check_pin(partition, call->data) : Code::user_not_logged_in);
        return;
    }
    if (call->function == Function::set_pin) {
        just(set_pin(partition, *call));
        return;
    }
    const bool writes = cryptoki::row_of(call->function).kind == Kind::writing;
    if (const Transaction* known =
            writes ? partition.domain->transaction(call->transaction) : nullptr) {
        if (known->running) {
            waiting_.push_back(
                {connection.id, request.id, connection.partition, call->transaction});
        } else {
            take_over(connection, call->transaction);
            answer(connection, request.id, &partition, {known->code, {}, known->result});
        }
        return;
    }
    Code refused = objects_of(*call, connection);
    if (refused == Code::ok) {
        refused = call->function == Function::destroy_object ? destroy(connection, *call)
                                                             : may_make(*call, connection);
    }
    if (refused != Code::ok) {
        just(refused);
        return;
    }
    if (call->function == Function::destroy_object) {
        answer(connection, request.id, &partition,
               {Code::ok, {}, cryptoki::encode(cryptoki::Result{})});
        return;
    }
    if (writes && call->transaction != 0) {
        partition.domain->begin(call->transaction);
    }
    ++connection.waiting;
    connection.executes = true;
    const CallKey key{connection.id, request.id, connection.partition, call->function,
                      call->transaction};
    effects_->emplace_back(Execute{key, partition.domain->number(), std::move(*call)});
}

Code Appliance::destroy(Connection& connection, const Call& call)
{
    Partition& partition = partitions_[connection.partition];
    const ObjectFacts facts = *partition.domain->find(call.objects.front());
    if (!facts.may_be_destroyed) {
        return Code::action_prohibited;
    }
    if (facts.is_token) {
        partition.destroyed.push_back(facts.number);
    }
    let_go(partition, &connection, facts.number);
    if (call.transaction != 0) {
        Transaction& transaction = partition.domain->begin(call.transaction);
        transaction.running = false;
        transaction.result = cryptoki::encode(cryptoki::Result{});
        transaction.destroyed = {facts.number};
    }
    return Code::ok;
}

/// What a transaction made is here too from now on, and what it destroyed is not.
void Appliance::take_over(Connection& connection, std::uint64_t name)
{
    Partition& partition = partitions_[connection.partition];
    const Transaction* const transaction = partition.domain->transaction(name);
    if (transaction == nullptr) {
        return;
    }
    for (const ObjectNumber object : transaction->made) {
        if (const ObjectFacts* facts = partition.domain->find(object)) {
            hold(connection, *facts);
        }
    }
    for (const ObjectNumber object : transaction->destroyed) {
        let_go(partition, &connection, object);
    }
}

void Appliance::on(const Executed& event)
{
    if (event.key.connection == ConnectionId{}) {
        return;  // the end of an object that nobody held any more
    }
    Partition& partition = partitions_[event.key.partition];
    CloningDomain& domain = *partition.domain;
    Connection* const connection = find(event.key.connection);
    const bool waits = connection != nullptr && !connection->dead;
    cryptoki::Result result = event.result;
    Transaction* const transaction = domain.transaction(event.key.transaction);
    for (const ObjectFacts& facts : event.made) {
        domain.add(facts);
        if (waits) {
            hold(*connection, facts);
        } else if (facts.is_token) {
            domain.hold(facts.number);
            partition.objects.insert(facts.number);
        } else {
            domain.hold(facts.number);
            static_cast<void>(domain.let_go(facts.number));
            give_up(domain, facts.number);
        }
    }
    if (transaction != nullptr && event.code == Code::ok) {
        transaction->running = false;
        transaction->result = cryptoki::encode(result);
        for (const ObjectFacts& facts : event.made) {
            transaction->made.push_back(facts.number);
        }
    } else if (transaction != nullptr) {
        domain.forget(event.key.transaction);
    }
    if (!waits) {
        return;
    }
    --connection->waiting;
    if (event.key.function == Function::find_objects_init) {
        std::erase_if(result.numbers, [&](ObjectNumber object) {
            const ObjectFacts* const facts = domain.find(object);
            return facts == nullptr || !holds(*connection, object) ||
                   (facts->is_private && !connection->logged_in);
        });
    }
    // The token's own time has passed already; `slow` makes it longer.
    const Duration longer = times(event.took, partition.factor_milli) - event.took;
    Outcome outcome{event.code, std::max(longer, Duration::zero()), cryptoki::encode(result)};
    outcome.stretched = true;
    answer(*connection, event.key.id, &partition, std::move(outcome));
}

/// Requests for a transaction that another member was busy with when they came.
void Appliance::on(const TransactionOver& event)
{
    for (const WaitingCall& waiting : std::exchange(waiting_, {})) {
        if (waiting.transaction != event.name) {
            waiting_.push_back(waiting);
            continue;
        }
        Connection* const connection = find(waiting.connection);
        if (connection == nullptr || connection->dead) {
            continue;
        }
        Partition& partition = partitions_[waiting.partition];
        const Transaction* const transaction = partition.domain->transaction(event.name);
        Outcome outcome{Code::device_error, {}, {}};
        if (transaction != nullptr) {
            take_over(*connection, event.name);
            outcome = {transaction->code, {}, transaction->result};
        }
        answer(*connection, waiting.id, &partition, std::move(outcome));
    }
}

// ---- Cloning ------------------------------------------------------------------------------------------------------

/// What another member needs: of one transaction, or (0) all that this client sees here.
Appliance::Outcome Appliance::clone_out(const Connection& connection, std::string_view body)
{
    const Partition& partition = partitions_[connection.partition];
    const auto name = cryptoki::decode_transaction(body);
    if (!name || partition.domain == nullptr) {
        return {Code::function_not_supported, {}};
    }
    cryptoki::Clone clone;
    if (*name != 0) {
        if (const Transaction* transaction = partition.domain->transaction(*name)) {
            clone.objects = transaction->made;
            clone.destroyed = transaction->destroyed;
        }
    } else {
        clone.objects.assign(partition.objects.begin(), partition.objects.end());
        clone.objects.insert(clone.objects.end(), connection.session_objects.begin(),
                             connection.session_objects.end());
        // What no partition has any more needs nobody to be told of.
        std::copy_if(partition.destroyed.begin(), partition.destroyed.end(),
                     std::back_inserter(clone.destroyed), [&](ObjectNumber object) {
                         return partition.domain->find(object) != nullptr;
                     });
    }
    return {Code::ok, {}, cryptoki::encode(clone)};
}

Appliance::Outcome Appliance::clone_in(Connection& connection, std::string_view body)
{
    Partition& partition = partitions_[connection.partition];
    const auto clone = cryptoki::decode_clone(body);
    if (!clone || partition.domain == nullptr) {
        return {Code::function_not_supported, {}};
    }
    if (partition.full &&
        std::any_of(clone->objects.begin(), clone->objects.end(), [&](ObjectNumber object) {
            const ObjectFacts* const facts = partition.domain->find(object);
            return facts != nullptr && facts->is_token && !partition.objects.contains(object);
        })) {
        return {Code::device_memory, {}};
    }
    for (const ObjectNumber object : clone->objects) {
        if (const ObjectFacts* facts = partition.domain->find(object)) {
            hold(connection, *facts);
        }
    }
    for (const ObjectNumber object : clone->destroyed) {
        if (partition.objects.contains(object)) {
            partition.destroyed.push_back(object);
        }
        let_go(partition, &connection, object);
    }
    return {Code::ok, {}};
}

}  // namespace hasim::sim
