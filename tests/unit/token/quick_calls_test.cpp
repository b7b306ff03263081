// Goal: a call that may hold up the loop is never made on it; what measures quick is.
#include "token/quick_calls.hpp"

#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::token;
using namespace std::chrono_literals;

namespace {

cryptoki::Call random_bytes(std::uint64_t count)
{
    cryptoki::Call call;
    call.function = cryptoki::Function::generate_random;
    call.number = count;
    return call;
}

void note_often(QuickCalls& calls, Duration took, int times)
{
    for (int i = 0; i < times; ++i) {
        calls.note(random_bytes(32), took);
    }
}

}  // namespace

TEST_CASE("a call is taken for quick only after it has measured so")
{
    QuickCalls calls;
    CHECK_FALSE(calls.is_quick(random_bytes(32)));
    note_often(calls, 3us, 50);
    CHECK(calls.is_quick(random_bytes(32)));
}

TEST_CASE("calls that stay slow never count as quick")
{
    QuickCalls calls;
    note_often(calls, 80us, 1000);
    CHECK_FALSE(calls.is_quick(random_bytes(32)));
}

TEST_CASE("one slow call is enough to send the next to the threads, and quick ones bring it back")
{
    QuickCalls calls;
    note_often(calls, 3us, 50);
    note_often(calls, 5ms, 1);
    CHECK_FALSE(calls.is_quick(random_bytes(32)));
    note_often(calls, 3us, 100);
    CHECK(calls.is_quick(random_bytes(32)));
}

TEST_CASE("much at once, and what uses a key, is never quick")
{
    QuickCalls calls;
    note_often(calls, 3us, 50);
    CHECK(calls.is_quick(random_bytes(QuickCalls::kMostBytes)));
    CHECK_FALSE(calls.is_quick(random_bytes(QuickCalls::kMostBytes + 1)));
    cryptoki::Call sign;
    sign.function = cryptoki::Function::sign;
    for (int i = 0; i < 50; ++i) {
        calls.note(sign, 3us);
    }
    CHECK_FALSE(calls.is_quick(sign));
}
