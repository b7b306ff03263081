// Goal: calls and results survive the way over the wire, and nothing else is taken for one.
#include "cryptoki/call.hpp"

#include <string>
#include <vector>

#include "base/random.hpp"
#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::cryptoki;

namespace {

std::string bytes_of(Random& random, std::size_t most)
{
    std::string bytes(static_cast<std::size_t>(random.below(most + 1)), '\0');
    for (char& byte : bytes) {
        byte = static_cast<char>(random.below(256));
    }
    return bytes;
}

Template template_of(Random& random)
{
    Template attributes(static_cast<std::size_t>(random.below(4)));
    for (Attribute& attribute : attributes) {
        attribute = {random.below(1000), bytes_of(random, 40), random.below(2) == 0};
    }
    return attributes;
}

/// A call of that function with everything that its row allows.
Call call_of(Function function, Random& random)
{
    const FunctionRow& row = row_of(function);
    Call call;
    call.function = function;
    call.transaction = random.below(1U << 30U);
    call.session = random.below(100);
    const bool bound = row.kind == Kind::bound;
    call.begins = bound && random.below(2) == 0;
    call.length_only = random.below(2) == 0;
    call.reads_only = random.below(2) == 0;
    if (row.shape.mechanism && (!bound || call.begins)) {
        call.mechanism = Mechanism{random.below(5000), bytes_of(random, 30)};
    }
    if (!bound || call.begins || function == Function::digest_key) {
        call.objects.resize(row.shape.objects, random.below(100));
    }
    for (std::uint8_t i = 0; i < row.shape.templates; ++i) {
        call.templates.push_back(template_of(random));
    }
    call.data = row.shape.data ? bytes_of(random, 100) : "";
    call.more = row.shape.more ? bytes_of(random, 100) : "";
    call.number = function == Function::generate_random ? random.below(kMaxRandom) : 0;
    return call;
}

}  // namespace

TEST_CASE("the table of functions is in the order of their numbers")
{
    for (std::size_t i = 0; i < kFunctions; ++i) {
        CHECK(static_cast<std::size_t>(kFunctionTable[i].function) == i);
        CHECK(function_named(kFunctionTable[i].name) == kFunctionTable[i].function);
    }
    CHECK(function_named("c_sign") == Function::sign);
    CHECK_FALSE(function_named("C_Signs"));
}

TEST_CASE("every call that goes to a member is read as it was written")
{
    Random random(1);
    for (const FunctionRow& row : kFunctionTable) {
        if (!goes_to_a_member(row.function)) {
            continue;
        }
        for (int i = 0; i < 50; ++i) {
            const Call call = call_of(row.function, random);
            INFO(row.name);
            CHECK(decode_call(encode(call)) == call);
        }
    }
}

TEST_CASE("a call cut short, or with a byte too many, is none")
{
    Random random(2);
    for (const FunctionRow& row : kFunctionTable) {
        if (!goes_to_a_member(row.function)) {
            continue;
        }
        const std::string bytes = encode(call_of(row.function, random));
        INFO(row.name);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            CHECK_FALSE(decode_call(std::string_view(bytes).substr(0, size)));
        }
        CHECK_FALSE(decode_call(bytes + "x"));
    }
}

TEST_CASE("a call has what its function has, and nothing more")
{
    Random random(3);
    const auto refused = [](const Call& call) { return !decode_call(encode(call)); };
    Call sign = call_of(Function::sign, random);
    REQUIRE_FALSE(refused(sign));
    SECTION("a function that no member serves")
    {
        sign.function = GENERATE(Function::initialize, Function::open_session,
                                 Function::find_objects, Function::init_token);
        CHECK(refused(sign));
    }
    SECTION("a key too many, or none")
    {
        sign.objects = GENERATE(std::vector<ObjectNumber>{}, std::vector<ObjectNumber>{1, 2});
        CHECK(refused(sign));
    }
    SECTION("no mechanism")
    {
        sign.mechanism.reset();
        CHECK(refused(sign));
    }
    SECTION("a template")
    {
        sign.templates.emplace_back();
        CHECK(refused(sign));
    }
    SECTION("a second piece of data")
    {
        sign.more = "signature";
        CHECK(refused(sign));
    }
    SECTION("a beginning of several parts")
    {
        sign.begins = true;
        CHECK(refused(sign));
    }
    SECTION("more random bytes than one call gives")
    {
        Call random_bytes = call_of(Function::generate_random, random);
        random_bytes.number = kMaxRandom + 1;
        CHECK(refused(random_bytes));
    }
}

TEST_CASE("a count that the bytes cannot hold is refused before anything is made of it")
{
    Result result;
    result.numbers = {1, 2, 3};
    std::string bytes = encode(result);
    bytes[7] = '\x7f';  // 127 numbers, of which 3 are there
    CHECK_FALSE(decode_result(bytes));
    bytes[0] = '\x7f';
    CHECK_FALSE(decode_result(bytes));
}

TEST_CASE("results, clones and transactions are read as they were written")
{
    Random random(4);
    for (int i = 0; i < 50; ++i) {
        Result result;
        result.numbers.resize(static_cast<std::size_t>(random.below(5)), random.below(1000));
        result.attributes = template_of(random);
        result.data = bytes_of(random, 200);
        CHECK(decode_result(encode(result)) == result);
        const Clone clone{{random.below(9), 5}, {random.below(9)}};
        CHECK(decode_clone(encode(clone)) == clone);
        const std::uint64_t name = random.below(1U << 30U);
        CHECK(decode_transaction(encode_transaction(name)) == name);
    }
    CHECK_FALSE(decode_clone("no clone"));
    CHECK_FALSE(decode_transaction("1234567"));
    CHECK_FALSE(decode_transaction("123456789"));
}
