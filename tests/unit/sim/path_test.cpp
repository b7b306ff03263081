// Goal: a pipe does to bytes what each network fault says, in order, and nothing else. Method: offer, look at the next
// due time, take.
#include "sim/network/path.hpp"

#include "support/catch.hpp"

#include <bit>

using namespace hasim;
using namespace hasim::sim;
using namespace std::chrono_literals;

namespace {

Instant moment(Duration since_start)
{
    return kStart + since_start;
}

struct PipeBench {
    explicit PipeBench(Direction direction = Direction::to_client) : pipe(faults, direction) {}

    void offer(std::string_view bytes, Duration now = {})
    {
        pipe.offer(bytes, moment(now), random);
    }
    void offer_end(Ending ending, Duration now = {})
    {
        pipe.offer_end(ending, moment(now), random);
    }
    void apply(const Fault& fault) { faults.apply(fault); }
    void apply(FaultKind kind) { faults.apply(Fault{.kind = kind}); }

    // What has arrived, pieces kept apart by '|'; an end is "fin" or "reset" in angle brackets.
    std::string taken(Duration now = {})
    {
        std::string text;
        while (const auto piece = pipe.take(moment(now))) {
            text += text.empty() ? "" : "|";
            text += piece->bytes;
            if (piece->ending) {
                text += *piece->ending == Ending::fin ? "<fin>" : "<reset>";
            }
        }
        return text;
    }

    PathFaults faults;
    Random random{1};
    Pipe pipe;
};

}  // namespace

TEST_CASE("a sound pipe is transparent, and passes on what is offered all the same")
{
    PipeBench bench;
    CHECK(bench.pipe.transparent());
    bench.offer("one");
    CHECK_FALSE(bench.pipe.transparent());
    bench.offer("two");
    CHECK(bench.pipe.next_due() == kStart);
    CHECK(bench.taken() == "one|two");
    CHECK(bench.pipe.transparent());
    CHECK_FALSE(bench.pipe.next_due());
    bench.offer("");
    CHECK_FALSE(bench.pipe.next_due());
}

TEST_CASE("silence holds bytes and endings, in its direction, and lets all go at once")
{
    const auto [kind, direction, silent] = GENERATE(table<FaultKind, Direction, bool>({
        {FaultKind::cable_out, Direction::to_client, true},
        {FaultKind::cable_out, Direction::to_appliance, true},
        {FaultKind::silence_in, Direction::to_client, false},
        {FaultKind::silence_in, Direction::to_appliance, true},
        {FaultKind::silence_out, Direction::to_client, true},
        {FaultKind::silence_out, Direction::to_appliance, false},
    }));
    PipeBench bench(direction);
    bench.apply(kind);
    CHECK(bench.pipe.transparent() == !silent);
    bench.offer("one", 1s);
    bench.offer("two", 2s);
    bench.offer_end(Ending::fin, 3s);
    if (silent) {
        CHECK_FALSE(bench.pipe.next_due());
        CHECK(bench.taken(10s).empty());
        CHECK(bench.pipe.held() == 6);
        bench.apply(kind == FaultKind::cable_out ? FaultKind::cable_in : FaultKind::heal);
    }
    CHECK(bench.pipe.next_due() == moment(1s));
    CHECK(bench.taken(10s) == "one|two|<fin>");
    CHECK(bench.pipe.held() == 0);
}

TEST_CASE("without power there is silence both ways, which no heal ends")
{
    PipeBench bench;
    bench.faults.set_powered(false);
    bench.offer("one");
    bench.apply(FaultKind::heal_all);
    CHECK(bench.taken(1s).empty());
    bench.faults.set_powered(true);
    CHECK(bench.taken(1s) == "one");
}

TEST_CASE("a delay comes before every byte and ending, one that is healed is over at once")
{
    PipeBench bench(Direction::to_appliance);
    bench.apply(Fault{.kind = FaultKind::delay, .duration = 100ms});
    bench.offer("one", 0ms);
    bench.offer_end(Ending::fin, 50ms);
    CHECK(bench.pipe.next_due() == moment(100ms));
    CHECK(bench.taken(99ms).empty());
    CHECK(bench.taken(100ms) == "one");
    CHECK(bench.pipe.next_due() == moment(150ms));
    bench.apply(FaultKind::heal);
    CHECK(bench.taken(101ms) == "<fin>");
}

TEST_CASE("a long delay that was healed does not hold up what comes after it")
{
    PipeBench bench;
    bench.apply(Fault{.kind = FaultKind::delay, .duration = 1h});
    bench.offer("one");
    bench.apply(FaultKind::heal);
    CHECK(bench.taken(1s) == "one");
    bench.apply(Fault{.kind = FaultKind::delay, .duration = 10ms});
    bench.offer("two", 2s);
    CHECK(bench.pipe.next_due() == moment(2s + 10ms));
}

TEST_CASE("jitter is drawn per piece, and nothing overtakes")
{
    PipeBench bench;
    bench.apply(Fault{.kind = FaultKind::delay, .duration = 10ms, .jitter = 10ms});
    Instant last = kStart;
    bool varied = false;
    for (int i = 0; i < 200; ++i) {
        const Duration now = i * 25ms;
        bench.offer("x", now);
        const auto due = bench.pipe.next_due();
        REQUIRE(due);
        CHECK(*due >= moment(now + 10ms));
        CHECK(*due <= moment(now + 20ms));
        varied = varied || *due - moment(now) != last - moment(now - 25ms);
        last = *due;
        CHECK(bench.taken(now + 20ms) == "x");
    }
    CHECK(varied);
    // Many at one time: each due no sooner than the one before.
    for (int i = 0; i < 200; ++i) {
        bench.offer(std::string(1, static_cast<char>('0' + i % 10)), 10s);
    }
    std::string arrived;
    while (const auto due = bench.pipe.next_due()) {
        CHECK(*due >= last);
        last = *due;
        arrived += bench.pipe.take(*due)->bytes;
    }
    CHECK(arrived.substr(0, 20) == "01234567890123456789");
}

TEST_CASE("bandwidth carries one piece after the other")
{
    PipeBench bench;
    bench.apply(Fault{.kind = FaultKind::bandwidth, .count = 1000});
    bench.offer(std::string(100, 'a'));
    bench.offer(std::string(200, 'b'));
    CHECK(bench.pipe.next_due() == moment(100ms));
    CHECK(bench.taken(299ms).size() == 100);
    CHECK(bench.pipe.next_due() == moment(300ms));
    CHECK(bench.taken(300ms).size() == 200);
    bench.offer("c", 10s);
    CHECK(bench.pipe.next_due() == moment(10s + 1ms));
    // Both directions have it whole, the connections of one direction share it.
    Pipe other(bench.faults, Direction::to_client);
    Pipe back(bench.faults, Direction::to_appliance);
    other.offer("d", moment(10s), bench.random);
    back.offer("e", moment(10s), bench.random);
    CHECK(other.next_due() == moment(10s + 2ms));
    CHECK(back.next_due() == moment(10s + 1ms));
}

TEST_CASE("sliced bytes arrive one at a time")
{
    PipeBench bench;
    bench.apply(FaultKind::slice);
    bench.offer("abc");
    bench.offer("d");
    CHECK(bench.pipe.held() == 4);
    CHECK(bench.pipe.take(kStart)->bytes == "a");
    CHECK(bench.pipe.held() == 3);
    CHECK(bench.taken() == "b|c|d");
    bench.offer("ef");
    CHECK(bench.pipe.take(kStart)->bytes == "e");
    bench.apply(FaultKind::heal);
    CHECK(bench.taken() == "f");
    CHECK(bench.pipe.held() == 0);
}

TEST_CASE("corrupt turns one bit of each frame")
{
    PipeBench bench;
    bench.apply(FaultKind::corrupt);
    const std::string frame(40, '\0');
    for (int i = 0; i < 50; ++i) {
        bench.offer(frame);
        int wrong = 0;
        const auto piece = bench.pipe.take(kStart);
        for (const char c : piece->bytes) {
            wrong += std::popcount(static_cast<unsigned char>(c));
        }
        CHECK(piece->bytes.size() == frame.size());
        CHECK(wrong == 1);
    }
}

TEST_CASE("duplicate sends each frame twice")
{
    PipeBench bench;
    bench.apply(FaultKind::duplicate);
    bench.offer("one");
    bench.offer("two");
    CHECK(bench.taken() == "oneone|twotwo");
}

TEST_CASE("truncate loses the end of the next frame, and then the connection")
{
    PipeBench bench;
    bench.apply(FaultKind::truncate);
    bench.offer("frame");
    bench.offer("never seen");
    bench.offer_end(Ending::reset);
    const std::string arrived = bench.taken();
    REQUIRE(arrived.ends_with("<fin>"));
    const std::string begun = arrived.substr(0, arrived.find_first_of("|<"));
    CHECK(begun.size() < 5);
    CHECK(std::string_view("frame").starts_with(begun));
    CHECK_FALSE(bench.pipe.transparent());
    bench.apply(FaultKind::heal);
    CHECK_FALSE(bench.pipe.transparent());
    bench.offer("after the end");
    CHECK_FALSE(bench.pipe.next_due());
}

TEST_CASE("a connection is cut after so many bytes since the fault")
{
    PipeBench bench;
    bench.offer("before");
    CHECK(bench.taken() == "before");
    bench.apply(Fault{.kind = FaultKind::cut_after, .count = 5});
    bench.offer("abc");
    CHECK(bench.taken() == "abc");
    bench.offer("defg");
    bench.offer("h");
    CHECK(bench.taken() == "de|<reset>");
}

TEST_CASE("a cut counts anew for each fault and each connection, and exactly")
{
    PipeBench bench;
    bench.apply(Fault{.kind = FaultKind::cut_after, .count = 3});
    bench.offer("ab");
    bench.apply(Fault{.kind = FaultKind::cut_after, .count = 3});
    bench.offer("cd");
    CHECK(bench.taken() == "ab|cd");
    Pipe other(bench.faults, Direction::to_client);
    other.offer("xyz", kStart, bench.random);
    CHECK(other.take(kStart)->bytes == "xyz");
    CHECK(other.take(kStart)->ending == Ending::reset);
    bench.apply(FaultKind::heal);
    bench.offer("ef");
    CHECK(bench.taken() == "ef");
    bench.apply(Fault{.kind = FaultKind::cut_after, .count = 0});
    bench.offer("gh");
    CHECK(bench.taken() == "<reset>");
}

TEST_CASE("faults of replies leave requests alone")
{
    const auto kind = GENERATE(FaultKind::corrupt, FaultKind::duplicate, FaultKind::truncate,
                               FaultKind::cut_after);
    PipeBench bench(Direction::to_appliance);
    bench.apply(kind);
    CHECK(bench.pipe.transparent());
    bench.offer("request");
    CHECK(bench.taken() == "request");
}

TEST_CASE("more than four mebibytes held back is thrown away and becomes a reset")
{
    PipeBench bench;
    bench.apply(FaultKind::cable_out);
    const std::string piece(kMaxHeld / 16, 'x');
    for (int i = 0; i < 16; ++i) {
        bench.offer(piece);
    }
    CHECK(bench.pipe.held() == kMaxHeld);
    bench.offer("x");
    CHECK(bench.pipe.held() == 0);
    bench.offer("y");
    bench.offer_end(Ending::fin);
    bench.apply(FaultKind::cable_in);
    CHECK(bench.taken() == "<reset>");
}

TEST_CASE("on the path, a heal that names one kind ends that kind alone")
{
    PipeBench bench;
    for (const FaultKind kind : {FaultKind::cable_out, FaultKind::slice, FaultKind::corrupt}) {
        bench.apply(kind);
    }
    bench.apply(Fault{.kind = FaultKind::heal, .only = FaultKind::slice});
    CHECK(bench.faults.cable_out);
    CHECK_FALSE(bench.faults.slice);
    CHECK(bench.faults.corrupt);
    bench.apply(Fault{.kind = FaultKind::heal});
    CHECK_FALSE(bench.faults.any());
}
