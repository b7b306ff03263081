// Goal: what a partition holds, and what a client may see of it: views of one token, cloning, transactions that are
// done once, and objects that end with their session. Method: two appliances of one domain on a bench; the token is
// played by hand.
#include "sim/appliance/appliance.hpp"

#include <algorithm>

#include "support/catch.hpp"

#include "appliance_bench.hpp"

using namespace hasim;
using namespace hasim::sim;
using namespace hasim::test;
using cryptoki::Call;
using cryptoki::Function;

namespace {

constexpr std::uint64_t kClient = 1;

std::string flag(bool value)
{
    return std::string(1, value ? '\1' : '\0');
}

Call about(Function function, std::vector<cryptoki::ObjectNumber> objects)
{
    Call call;
    call.function = function;
    call.objects = std::move(objects);
    if (cryptoki::row_of(function).shape.mechanism) {
        call.mechanism.emplace();
    }
    call.templates.resize(cryptoki::row_of(function).shape.templates);
    return call;
}

Call generate(std::uint64_t transaction = 0, bool lasts = true, bool is_private = true)
{
    Call call = about(Function::generate_key, {});
    call.transaction = transaction;
    call.templates[0] = {{0x1, flag(lasts)}, {0x2, flag(is_private)}};
    return call;
}

/// One of the two appliances, and its token.
class Side {
public:
    explicit Side(CloningDomain& domain)
        : appliance({"hsm", {{serial(kFirst), "userpin", &domain}}, {.sign = {}}})
    {
        step(ConnectionAccepted{ConnectionId{kClient}});
        ask(Operation::open, kFirst);
    }

    ApplianceEffects step(const ApplianceEvent& event)
    {
        ApplianceEffects effects;
        appliance.step(event, kStart, effects);
        return effects;
    }
    ApplianceEffects ask(Operation operation, std::string_view what)
    {
        return step(RequestArrived{ConnectionId{kClient}, RequestId{++last_}, operation, what});
    }
    /// The code of the reply; nothing when there was none.
    std::optional<Code> code(const ApplianceEffects& effects)
    {
        for (const ApplianceEffect& effect : effects) {
            if (const auto* reply = std::get_if<SendReply>(&effect)) {
                body = reply->reply.body;
                return reply->reply.code;
            }
        }
        return std::nullopt;
    }
    void login() { REQUIRE(code(ask(Operation::login, "userpin")) == Code::ok); }
    std::optional<Code> call(const Call& what) { return code(begin(what)); }
    ApplianceEffects begin(const Call& what)
    {
        ApplianceEffects effects = ask(Operation::call, cryptoki::encode(what));
        executed.reset();
        for (const ApplianceEffect& effect : effects) {
            if (const auto* execute = std::get_if<Execute>(&effect)) {
                executed = *execute;
            }
        }
        return effects;
    }
    /// The token has done what was begun last.
    ApplianceEffects end(std::vector<ObjectFacts> made = {},
                         std::vector<std::uint64_t> numbers = {}, Code result = Code::ok)
    {
        REQUIRE(executed);
        Executed event{executed->key, result, {}, made, {}};
        event.result.numbers = std::move(numbers);
        for (const ObjectFacts& facts : made) {
            event.result.numbers.push_back(facts.number);
        }
        return step(event);
    }
    /// Makes an object of that number.
    void make(const Call& what, const ObjectFacts& facts)
    {
        begin(what);
        REQUIRE(code(end({facts})) == Code::ok);
    }
    [[nodiscard]] bool has(cryptoki::ObjectNumber object)
    {
        return call(about(Function::get_object_size, {object})) != Code::object_handle_invalid;
    }
    std::string clone(std::uint64_t transaction)
    {
        REQUIRE(code(ask(Operation::clone_out, cryptoki::encode_transaction(transaction))) ==
                Code::ok);
        return body;
    }

    Appliance appliance;
    std::optional<Execute> executed;
    std::string body;

private:
    std::uint64_t last_ = 0;
};

Lines destroyed_in(const ApplianceEffects& effects)
{
    Lines lines;
    for (const ApplianceEffect& effect : effects) {
        if (std::holds_alternative<Execute>(effect)) {
            lines.push_back(describe(effect));
        }
    }
    return lines;
}

}  // namespace

TEST_CASE("an object is where it was made, and elsewhere when it was cloned there")
{
    CloningDomain domain(0);
    Side first(domain);
    Side second(domain);
    first.login();
    second.login();
    first.make(generate(7), {40});
    CHECK(first.has(40));
    CHECK_FALSE(second.has(40));
    CHECK(second.code(second.ask(Operation::clone_in, first.clone(7))) == Code::ok);
    CHECK(second.has(40));
}

TEST_CASE("a partition begins with what its token holds, a new one with nothing")
{
    CloningDomain domain(0);
    domain.add({5});
    Side side(domain);
    CHECK(side.has(5));
    side.appliance.add_partition({serial(kSecond), "userpin", &domain, true});
    side.step(ConnectionAccepted{ConnectionId{2}});
    side.step(RequestArrived{ConnectionId{2}, RequestId{1}, Operation::open, kSecond});
    const std::string body = cryptoki::encode(about(Function::get_object_size, {5}));
    CHECK(side.code(side.step(RequestArrived{ConnectionId{2}, RequestId{2}, Operation::call,
                                             body})) == Code::object_handle_invalid);
}

TEST_CASE("private objects are not there for who is not logged in")
{
    CloningDomain domain(0);
    domain.add({5, true});
    domain.add({6, false});
    Side side(domain);
    CHECK(side.call(about(Function::get_object_size, {5})) == Code::object_handle_invalid);
    CHECK(side.call(about(Function::sign, {5})) == Code::user_not_logged_in);
    side.begin(about(Function::find_objects_init, {}));
    side.code(side.end({}, {5, 6, 9}));
    CHECK(cryptoki::decode_result(side.body)->numbers == std::vector<std::uint64_t>{6});
    CHECK(side.call(generate()) == Code::user_not_logged_in);
    side.login();
    side.begin(about(Function::find_objects_init, {}));
    side.code(side.end({}, {5, 6, 9}));
    CHECK(cryptoki::decode_result(side.body)->numbers == std::vector<std::uint64_t>{5, 6});
    CHECK_FALSE(side.call(generate()));
}

TEST_CASE("public objects may be made without a login")
{
    CloningDomain domain(0);
    Side side(domain);
    CHECK_FALSE(side.call(generate(0, false, false)));
    Call certificate = about(Function::create_object, {});
    certificate.templates[0] = {{0x0, std::string("\1\0\0\0\0\0\0\0", 8)}};
    CHECK_FALSE(side.call(certificate));
    Call pair = about(Function::generate_key_pair, {});
    CHECK(side.call(pair) == Code::user_not_logged_in);
    pair.templates[1] = {{0x2, flag(false)}};
    CHECK_FALSE(side.call(pair));
}

TEST_CASE("a handle that is none has the code of what it should be")
{
    CloningDomain domain(0);
    Side side(domain);
    side.login();
    CHECK(side.call(about(Function::sign, {9})) == Code::key_handle_invalid);
    CHECK(side.call(about(Function::destroy_object, {9})) == Code::object_handle_invalid);
    CHECK(side.call(about(Function::wrap_key, {9, 9})) == Code{0x113});
    CHECK(side.call(about(Function::unwrap_key, {9})) == Code{0xf0});
}

TEST_CASE("a transaction that is asked for again is not done again")
{
    CloningDomain domain(0);
    Side first(domain);
    Side second(domain);
    first.login();
    second.login();
    SECTION("after it was done: the other member takes over what came of it")
    {
        first.make(generate(7), {40});
        second.begin(generate(7));
        CHECK_FALSE(second.executed);
        CHECK(second.has(40));
    }
    SECTION("while it is being done: the other member waits for it")
    {
        first.begin(generate(7));
        CHECK_FALSE(second.call(generate(7)));
        CHECK_FALSE(second.executed);
        first.end({{40}});
        CHECK(second.code(second.step(TransactionOver{8})) == std::nullopt);
        CHECK(second.code(second.step(TransactionOver{7})) == Code::ok);
        CHECK(cryptoki::decode_result(second.body)->numbers == std::vector<std::uint64_t>{40});
        CHECK(second.has(40));
    }
    SECTION("although the member that did it is gone")
    {
        first.begin(generate(7));
        first.step(ConnectionClosed{ConnectionId{kClient}});
        first.end({{40}});
        second.begin(generate(7));
        CHECK_FALSE(second.executed);
        CHECK(second.has(40));
    }
    SECTION("when it failed it is done anew")
    {
        first.begin(generate(7));
        first.end({}, {}, Code::device_error);
        second.begin(generate(7));
        CHECK(second.executed);
    }
    SECTION("another one, or one without a name, is another one")
    {
        first.make(generate(7), {40});
        second.begin(generate(8));
        CHECK(second.executed);
        first.make(generate(0), {41});
        second.begin(generate(0));
        CHECK(second.executed);
    }
}

TEST_CASE("what nobody holds any more is destroyed in the token, and not before")
{
    CloningDomain domain(0);
    Side first(domain);
    Side second(domain);
    first.login();
    second.login();
    first.make(generate(7), {40});
    second.ask(Operation::clone_in, first.clone(7));
    Call destroy = about(Function::destroy_object, {40});
    destroy.transaction = 9;
    CHECK(destroyed_in(first.begin(destroy)).empty());
    CHECK_FALSE(first.has(40));
    CHECK(second.has(40));
    CHECK(destroyed_in(second.ask(Operation::clone_in, first.clone(9))) ==
          Lines{"execute C_DestroyObject 40"});
    CHECK_FALSE(second.has(40));
}

TEST_CASE("an object that must not be destroyed is not")
{
    CloningDomain domain(0);
    domain.add({5, false, true, false});
    Side side(domain);
    CHECK(side.call(about(Function::destroy_object, {5})) == Code::action_prohibited);
    CHECK(side.has(5));
}

TEST_CASE("session objects end with their connection, at the last member that has them")
{
    CloningDomain domain(0);
    Side first(domain);
    Side second(domain);
    first.login();
    second.login();
    first.make(generate(7, false), {40, true, false});
    second.ask(Operation::clone_in, first.clone(7));
    CHECK(second.has(40));
    CHECK(destroyed_in(first.step(ConnectionClosed{ConnectionId{kClient}})).empty());
    CHECK(second.has(40));
    const auto how = GENERATE(FaultKind::reset, FaultKind::fin, FaultKind::power_off,
                              FaultKind::expire_sessions);
    CHECK(destroyed_in(second.step(FaultApplied{Fault{.kind = how}, {}})) ==
          Lines{"execute C_DestroyObject 40"});
}

TEST_CASE("a logout ends the private objects of sessions")
{
    CloningDomain domain(0);
    Side side(domain);
    side.login();
    side.make(generate(0, false), {40, true, false});
    side.make(generate(0, false, false), {41, false, false});
    CHECK(destroyed_in(side.ask(Operation::logout, {})) == Lines{"execute C_DestroyObject 40"});
    CHECK(side.has(41));
}

TEST_CASE("a session that only reads changes no token object")
{
    CloningDomain domain(0);
    domain.add({5, false, true});
    Side side(domain);
    side.login();
    side.make(generate(0, false, false), {40, false, false});
    constexpr Code kReadOnly{0xb5};
    const auto reads_only = [](Call call) {
        call.reads_only = true;
        return call;
    };
    CHECK(side.call(reads_only(generate())) == kReadOnly);
    CHECK(side.call(reads_only(about(Function::copy_object, {5}))) == kReadOnly);
    CHECK(side.call(reads_only(about(Function::set_attribute_value, {5}))) == kReadOnly);
    CHECK(side.call(reads_only(about(Function::destroy_object, {5}))) == kReadOnly);
    CHECK(side.call(reads_only(about(Function::destroy_object, {9}))) ==
          Code::object_handle_invalid);
    CHECK_FALSE(side.call(reads_only(generate(0, false))));
    CHECK_FALSE(side.call(reads_only(about(Function::copy_object, {40}))));
    CHECK(side.call(reads_only(about(Function::destroy_object, {40}))) == Code::ok);
}

TEST_CASE("another client's session objects are not there")
{
    CloningDomain domain(0);
    Side side(domain);
    side.login();
    side.make(generate(0, false), {40, false, false});
    side.step(ConnectionAccepted{ConnectionId{2}});
    side.step(RequestArrived{ConnectionId{2}, RequestId{1}, Operation::open, kFirst});
    const std::string body = cryptoki::encode(about(Function::get_object_size, {40}));
    CHECK(side.code(side.step(RequestArrived{ConnectionId{2}, RequestId{2}, Operation::call,
                                             body})) == Code::object_handle_invalid);
}

TEST_CASE("an object that is made for a client that is gone by then does not stay")
{
    CloningDomain domain(0);
    Side side(domain);
    side.login();
    side.begin(generate(7, false));
    side.step(ConnectionClosed{ConnectionId{kClient}});
    CHECK(destroyed_in(side.end({{40, true, false}})) == Lines{"execute C_DestroyObject 40"});
    CHECK(domain.find(40) == nullptr);
}

TEST_CASE("a zeroised partition holds nothing, and what others hold stays")
{
    CloningDomain domain(0);
    domain.add({5});
    Side first(domain);
    Side second(domain);
    CHECK(destroyed_in(first.step(FaultApplied{Fault{.kind = FaultKind::zeroise}, {}})).empty());
    CHECK(first.call(about(Function::get_object_size, {5})) == Code::token_not_present);
    CHECK(second.has(5));
    first.step(FaultApplied{Fault{.kind = FaultKind::heal_all}, {}});
    CHECK_FALSE(first.has(5));
    first.ask(Operation::clone_in, second.clone(0));
    CHECK(first.has(5));
}

TEST_CASE("a member that was away learns what was destroyed meanwhile")
{
    CloningDomain domain(0);
    domain.add({5});
    domain.add({6});
    Side first(domain);
    Side second(domain);
    second.begin(about(Function::destroy_object, {5}));
    CHECK(first.has(5));
    first.ask(Operation::clone_in, second.clone(0));
    CHECK_FALSE(first.has(5));
    CHECK(first.has(6));
}

TEST_CASE("what bad bytes get: a closed connection, or no support")
{
    CloningDomain domain(0);
    Side side(domain);
    SECTION("no call")
    {
        const auto effects = side.ask(Operation::call, "no call");
        REQUIRE(effects.size() == 1);
        CHECK(describe(effects.front()) == "fin 1: what came is no PKCS#11 call");
    }
    SECTION("no clone")
    {
        CHECK(side.code(side.ask(Operation::clone_in, "x")) == Code::function_not_supported);
    }
    SECTION("no transaction")
    {
        CHECK(side.code(side.ask(Operation::clone_out, "x")) == Code::function_not_supported);
    }
}

TEST_CASE("without a domain there are no calls")
{
    ApplianceBench bench;
    bench.ready(1);
    const std::string body = cryptoki::encode(about(Function::get_object_size, {5}));
    CHECK(bench.ask(1, 3, Operation::call, body) == Lines{"reply 1/3 CKR_FUNCTION_NOT_SUPPORTED"});
    CHECK(bench.ask(1, 4, Operation::clone_out, std::string(8, '\0')) ==
          Lines{"reply 1/4 CKR_FUNCTION_NOT_SUPPORTED"});
}

TEST_CASE("faults of a partition strike calls as they strike everything else")
{
    CloningDomain domain(0);
    domain.add({5});
    Side side(domain);
    const Call size = about(Function::get_object_size, {5});
    const auto apply = [&](FaultKind kind) { side.step(FaultApplied{Fault{.kind = kind}, {}}); };
    apply(FaultKind::revoke);
    CHECK(side.call(size) == Code::partition_not_assigned);
    apply(FaultKind::assign);
    apply(FaultKind::deactivate);
    CHECK(side.call(size) == Code::partition_not_activated);
    apply(FaultKind::activate);
    side.step(FaultApplied{
        Fault{.kind = FaultKind::return_code, .count = 1, .code = Code::device_error}, {}});
    CHECK(side.call(size) == Code::device_error);
    CHECK_FALSE(side.call(size));
}
