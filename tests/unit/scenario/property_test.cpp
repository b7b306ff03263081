// Goal: print then parse gives the same scenario, whatever is in it; and what was printed is canonical. Method: random
// scenarios over every field of every value, drawn from seeds.
#include <cstdint>
#include <string>
#include <vector>

#include "hasim/scenario.hpp"
#include "scenario/faults.hpp"
#include "scenario/parse.hpp"
#include "scenario/values.hpp"

#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::scenario;
using namespace std::chrono_literals;

namespace {

// splitmix64: small, and the same with every compiler.
class Draw {
public:
    explicit Draw(std::uint64_t seed) : state_(seed) {}

    std::uint64_t bits()
    {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    std::uint64_t upto(std::uint64_t most)
    {
        return most == UINT64_MAX ? bits() : bits() % (most + 1);
    }
    std::uint64_t between(std::uint64_t least, std::uint64_t most)
    {
        return least + upto(most - least);
    }
    bool coin() { return upto(1) == 1; }
    template <class Item>
    const Item& one_of(const std::vector<Item>& items)
    {
        return items[upto(items.size() - 1)];
    }

    // Of all sizes, nanoseconds to decades, round and not.
    Duration duration()
    {
        static const std::vector<std::int64_t> kUnits{1,
                                                      1'000,
                                                      1'000'000,
                                                      1'000'000'000,
                                                      60'000'000'000,
                                                      3'600'000'000'000,
                                                      86'400'000'000'000};
        std::int64_t sum = static_cast<std::int64_t>(between(1, 999)) * one_of(kUnits);
        if (coin()) {
            sum += static_cast<std::int64_t>(between(0, 999)) * one_of(kUnits);
        }
        return Duration(sum);
    }
    Instant instant() { return kStart + (upto(4) == 0 ? Duration::zero() : duration()); }

    std::string text(std::size_t least)
    {
        static const std::string kLetters = "abcXYZ019 ._:/@+-\"\\#=<>\t%\xc3\xa4";
        std::string text;
        for (std::size_t n = between(least, 12); n > 0; --n) {
            text += kLetters[upto(kLetters.size() - 1)];
        }
        return text;
    }
    std::string name() { return one_of<std::string>({"app", "batch-2", "a.b_c", "pid", "x9"}); }
    std::string comment()
    {
        std::string text;
        for (std::size_t n = upto(3); n > 0; --n) {
            text += text.empty() ? "" : " ";
            text += one_of<std::string>({"why", "#", "\"open", "two blanks", "hasim"});
        }
        return text;
    }
    std::vector<std::string> comments()
    {
        std::vector<std::string> list;
        for (std::size_t n = upto(2); n > 0; --n) {
            list.push_back(comment());
        }
        return list;
    }
    Serial serial()
    {
        std::string digits;
        for (std::size_t n = between(1, Serial::kMaxDigits); n > 0; --n) {
            digits += static_cast<char>('0' + upto(9));
        }
        return Serial::parse(digits).value();
    }

private:
    std::uint64_t state_;
};

LogPattern draw_pattern(Draw& draw)
{
    LogPattern pattern;
    pattern.form = static_cast<LogForm>(draw.upto(kLogForms - 1));
    pattern.group = draw.coin() ? draw.text(1) : "";
    pattern.member = draw.coin() ? draw.serial() : Serial{};
    const bool numbered = pattern.form == LogForm::recovered ||
                          pattern.form == LogForm::recovery_failed ||
                          pattern.form == LogForm::unrecoverable;
    pattern.attempt =
        numbered && draw.coin() ? static_cast<std::uint32_t>(draw.between(1, UINT32_MAX)) : 0;
    pattern.client = draw.coin() ? draw.name() : "";
    return pattern;
}

Trigger draw_trigger(Draw& draw)
{
    switch (draw.upto(2)) {
    case 0: return At{draw.instant()};
    case 1: {
        Every every;
        every.period = draw.duration();
        every.jitter = draw.coin() ? every.period / 2 : Duration::zero();
        if (draw.coin()) {
            every.from = draw.instant();
        }
        if (draw.coin()) {
            every.until = draw.instant();
        } else if (draw.coin()) {
            every.times = draw.between(1, kMaxFirings);
        }
        return every;
    }
    default: break;
    }
    On on;
    switch (draw.upto(2)) {
    case 0:
        on.condition = NthOperation{draw.one_of<Operation>({Operation::open, Operation::login,
                                                            Operation::logout, Operation::sign}),
                                    draw.between(1, 1'000'000'000'000)};
        break;
    case 1: on.condition = draw_pattern(draw); break;
    default:
        on.condition =
            StateReached{kMemberStates[draw.upto(kMemberStates.size() - 1)], draw.serial()};
        break;
    }
    on.after = draw.coin() ? draw.duration() : Duration::zero();
    on.each = draw.coin();
    return on;
}

Target draw_target(Draw& draw, const FaultInfo& info)
{
    Target target;
    do {
        target.kind =
            static_cast<Target::Kind>(draw.upto(static_cast<std::uint64_t>(Target::Kind::all)));
    } while ((info.targets & bit(target.kind)) == 0);
    switch (target.kind) {
    case Target::Kind::hsm:
        target.first = static_cast<std::uint32_t>(draw.between(1, 100'000));
        target.last = draw.coin() ? target.first
                                  : static_cast<std::uint32_t>(draw.between(target.first, 100'000));
        break;
    case Target::Kind::appliance:
    case Target::Kind::group: target.name = draw.text(1); break;
    case Target::Kind::member: target.serial = draw.serial(); break;
    case Target::Kind::client: target.name = draw.coin() ? draw.name() : ""; break;
    case Target::Kind::any:
    case Target::Kind::all: break;
    }
    return target;
}

void draw_parameter(Draw& draw, const FaultParameter& parameter, bool left_out, Fault& fault)
{
    switch (parameter.kind) {
    case ParameterKind::none: break;
    case ParameterKind::duration:
        fault.duration = left_out ? Duration(parameter.otherwise) : draw.duration();
        if (fault.kind == FaultKind::flap_cable || fault.kind == FaultKind::flap_ntls) {
            fault.duration = std::max(fault.duration, kShortestFlap);
        }
        break;
    case ParameterKind::signed_duration:
        fault.duration = draw.coin() ? draw.duration() : -draw.duration();
        break;
    case ParameterKind::jitter: fault.jitter = left_out ? Duration::zero() : draw.duration(); break;
    case ParameterKind::pause: fault.pause = left_out ? Duration::zero() : draw.duration(); break;
    case ParameterKind::count:
    case ParameterKind::limit:
        fault.count = left_out ? static_cast<std::uint64_t>(parameter.otherwise)
                               : draw.between(1, scenario::fault_info(fault.kind).most);
        break;
    case ParameterKind::pid: fault.count = left_out ? 0 : draw.between(1, UINT32_MAX); break;
    case ParameterKind::bandwidth:
        fault.count = draw.between(1, 1'000'000'000) * draw.one_of<unsigned>({1, 1000});
        break;
    case ParameterKind::percent:
        fault.per_mille = left_out ? 0 : static_cast<std::uint32_t>(draw.between(1, 1000));
        break;
    case ParameterKind::factor:
        fault.factor_milli = static_cast<std::uint32_t>(draw.between(1, 1'000'000'000));
        break;
    case ParameterKind::code:
        fault.code =
            draw.coin() ? Code::device_error : static_cast<Code>(draw.between(1, UINT32_MAX));
        break;
    case ParameterKind::serial: fault.serial = draw.serial(); break;
    case ParameterKind::text:
        fault.text = left_out ? "" : draw.one_of<std::string>({draw.text(1), "for", "#"});
        break;
    case ParameterKind::mode: fault.enhanced = draw.coin(); break;
    }
}

Event draw_event(Draw& draw)
{
    const FaultInfo& info = fault_table()[draw.upto(fault_table().size() - 1)];
    Event event;
    event.trigger = draw_trigger(draw);
    event.target = draw_target(draw, info);
    event.fault.kind = info.kind;
    bool written = false;
    for (const FaultParameter& parameter : info.parameters) {
        written = !parameter.optional || (draw.coin() && !(parameter.instead && written));
        draw_parameter(draw, parameter, !written, event.fault);
    }
    if (info.may_last && draw.coin()) {
        event.fault.lasts = draw.duration();
    }
    event.remarks = {draw.comments(), draw.comment()};
    return event;
}

Range draw_range(Draw& draw)
{
    const Instant from = draw.instant();
    return {from, from + (draw.coin() ? Duration::zero() : draw.duration())};
}

Expectation draw_expectation(Draw& draw)
{
    Expectation expectation;
    switch (draw.upto(4)) {
    case 4: {
        ExpectGroup group{draw.text(1), kGroupStates[draw.upto(kGroupStates.size() - 1)], {}};
        if (draw.coin()) {
            group.at = draw.instant();
        }
        expectation.what = group;
        break;
    }
    case 0: {
        ExpectLog log;
        if (draw.coin()) {
            log.range = draw_range(draw);
        }
        log.amount.bound = static_cast<Amount::Bound>(draw.upto(2));
        const bool none = log.amount.bound == Amount::Bound::exactly && draw.coin();
        log.amount.count = none ? 0 : draw.between(1, kMaxFirings);
        log.pattern = draw_pattern(draw);
        expectation.what = log;
        break;
    }
    case 1:
        expectation.what =
            ExpectOps{draw.coin() ? std::optional(draw_range(draw)) : std::nullopt,
                      static_cast<ExpectOps::Counter>(draw.upto(2)),
                      {static_cast<Amount::Bound>(draw.upto(2)), draw.upto(UINT64_MAX)}};
        break;
    case 2: expectation.what = ExpectStall{draw.duration()}; break;
    default: {
        ExpectState state{kMemberStates[draw.upto(kMemberStates.size() - 1)], draw.serial(), {}};
        if (draw.coin()) {
            state.at = draw.instant();
        }
        expectation.what = state;
        break;
    }
    }
    expectation.remarks = {draw.comments(), draw.comment()};
    return expectation;
}

void draw_header(Draw& draw, Scenario& scenario)
{
    scenario.opening = draw.comments();
    switch (draw.upto(2)) {
    case 0:
        scenario.conf = ConfPath{draw.one_of<std::string>({draw.text(1), "a.conf", "<<"})};
        break;
    case 1: scenario.conf = ConfText{draw.coin() ? "" : "A = {\n\n# kept\n >>\n}\n"}; break;
    default: break;
    }
    if (draw.coin()) {
        scenario.start =
            WallTime(Duration(static_cast<std::int64_t>(draw.upto(7'000'000'000)) * 1'000'000'000) +
                     Duration(static_cast<std::int64_t>(draw.upto(999)) * 1'000'000));
    }
    scenario.timezone = draw.coin() ? "America/Toronto" : "";
    if (draw.coin()) {
        scenario.clients = {{{}, "app", Pid{17469}}, {{}, "x9", Pid{UINT32_MAX}}};
    }
    if (draw.coin()) {
        scenario.seed = draw.bits();
    }
    if (draw.coin()) {
        scenario.length = draw.duration();
    }
    scenario.load_none = draw.coin();
    if (!scenario.load_none && draw.coin()) {
        Load load;
        load.count = static_cast<std::uint32_t>(draw.between(1, 1'000'000));
        load.per = draw.one_of<Duration>({1s, 1min, 1h});
        load.threads = static_cast<std::uint32_t>(draw.between(1, 1024));
        load.group = draw.coin() ? draw.text(1) : "";
        load.client = draw.coin() ? draw.name() : "";
        scenario.loads = {load};
    }
    if (draw.coin()) {
        scenario.placements = {
            {{}, draw.serial(), static_cast<std::uint32_t>(draw.between(1, 100'000))}};
    }
    if (draw.coin()) {
        scenario.messages = draw.coin() ? MessageSet::all : MessageSet::current;
        scenario.stamp = draw.coin() ? StampStyle::ctime : StampStyle::note;
        scenario.pin = draw.text(1);
        scenario.port = static_cast<std::uint16_t>(draw.between(1, 65535));
    }
    scenario.live_no = draw.coin() ? draw.text(1) : "";
}

Scenario draw_scenario(std::uint64_t seed)
{
    Draw draw(seed);
    Scenario scenario;
    draw_header(draw, scenario);
    for (std::size_t n = draw.upto(6); n > 0; --n) {
        scenario.events.push_back(draw_event(draw));
    }
    for (std::size_t n = draw.upto(4); n > 0; --n) {
        scenario.expectations.push_back(draw_expectation(draw));
    }
    if (draw.coin()) {
        scenario.log = LogBlock{{}, 0, {}, draw.comments()};
        if (draw.coin()) {
            scenario.log->lines = {"a line", "", "# no comment", ">> ", "hasim 1"};
        }
    }
    return scenario;
}

}  // namespace

TEST_CASE("any scenario that is printed is read back the same")
{
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        const Scenario scenario = draw_scenario(seed);
        const std::string text = print(scenario);
        Scenario again;
        Findings findings("t");
        read_scenario(text, again, findings);
        const std::vector<Finding> list = findings.take();
        INFO("seed " << seed << "\n" << text << (list.empty() ? "" : to_text(list.front())));
        REQUIRE(list.empty());
        REQUIRE(again == scenario);
        REQUIRE(print(again) == text);
    }
}
