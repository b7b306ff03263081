// Feeds any bytes to those who read calls, results, clones and reports, and to an appliance as the body of a call.
// Holds: what is read is written again as the same bytes; what an appliance makes of a call is an answer, work for its
// token, or the end of the connection; and a native structure is made of it or refused, never beyond its bytes.
#include "harness.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "cryptoki/call.hpp"
#include "cryptoki/native.hpp"
#include "lab/events.hpp"
#include "sim/appliance/appliance.hpp"

namespace {

using namespace hasim;

void read_as_call(std::string_view input)
{
    const auto call = cryptoki::decode_call(input);
    if (!call) {
        return;
    }
    HASIM_ASSERT(cryptoki::encode(*call).size() == input.size());
    HASIM_ASSERT(cryptoki::decode_call(cryptoki::encode(*call)) == call);
    if (call->mechanism) {
        if (auto native = cryptoki::NativeMechanism::of(*call->mechanism)) {
            const auto again = cryptoki::flatten(*native->get());
            HASIM_ASSERT(again || native->get()->ulParameterLen == 0);
        }
    }
    for (const cryptoki::Template& attributes : call->templates) {
        static_cast<void>(cryptoki::NativeTemplate::of(attributes));
    }
}

void read_as_others(std::string_view input)
{
    if (const auto result = cryptoki::decode_result(input)) {
        HASIM_ASSERT(cryptoki::decode_result(cryptoki::encode(*result)) == result);
    }
    if (const auto clone = cryptoki::decode_clone(input)) {
        HASIM_ASSERT(cryptoki::encode(*clone) == input);
    }
    if (const auto report = lab::report_in(input)) {
        const std::string line = lab::line_of(*report);
        HASIM_ASSERT(lab::line_of(*lab::report_in(
                         std::string_view(line).substr(0, line.size() - 1))) == line);
    }
}

/// A client that is logged in sends it, as a call and as what is to be cloned; the token does what it is asked for.
void send_to_appliance(std::string_view input)
{
    sim::CloningDomain domain(0);
    domain.add({1, false});
    domain.add({2, true});
    const Serial serial = *Serial::parse("100");
    sim::Appliance appliance({"hsm1", {{serial, "userpin", &domain}}, {.sign = {}}});
    sim::ApplianceEffects effects;
    const ConnectionId connection{1};
    std::uint64_t request = 0;
    const auto ask = [&](Operation operation, std::string_view body) {
        appliance.step(sim::RequestArrived{connection, RequestId{++request}, operation, body},
                       kStart, effects);
    };
    appliance.step(sim::ConnectionAccepted{connection}, kStart, effects);
    ask(Operation::open, "100");
    ask(Operation::login, "userpin");
    effects.clear();
    ask(Operation::call, input);
    ask(Operation::clone_in, input);
    ask(Operation::clone_out, input);
    const sim::ApplianceEffects asked = std::exchange(effects, {});
    HASIM_ASSERT(!asked.empty());
    for (const sim::ApplianceEffect& effect : asked) {
        if (const auto* execute = std::get_if<sim::Execute>(&effect)) {
            sim::Executed event{execute->key, Code::ok, {{1, 2, 3}, {}, {}}, {{7}}, {}};
            appliance.step(event, kStart, effects);
        }
    }
    appliance.step(sim::ConnectionClosed{connection}, kStart, effects);
}

}  // namespace

HASIM_FUZZ(call)
(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read_as_call(input);
    read_as_others(input);
    send_to_appliance(input);
    return 0;
}
