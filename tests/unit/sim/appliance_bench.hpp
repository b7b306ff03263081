/// An appliance on a bench: hands it events, and writes down what it does as one line of text per effect.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/appliance/appliance.hpp"

#include "support/serial.hpp"

namespace hasim::test {

using namespace hasim::sim;

inline constexpr std::string_view kFirst = "1234840370164";
inline constexpr std::string_view kSecond = "1234924189183";

inline Instant at(Duration since_start)
{
    return kStart + since_start;
}

using Lines = std::vector<std::string>;

inline std::string describe(const ApplianceEffect& effect)
{
    if (const auto* send = std::get_if<SendReply>(&effect)) {
        std::string line = "reply " + std::to_string(send->connection.value);
        line += "/" + std::to_string(send->reply.id.value);
        line += " " + std::string(name_of(send->reply.code));
        return line +
               (send->reply.body.empty() ? "" : " +" + std::to_string(send->reply.body.size()));
    }
    if (const auto* close = std::get_if<CloseConnection>(&effect)) {
        const std::string ending = close->ending == Ending::fin ? "fin " : "reset ";
        return ending + std::to_string(close->connection.value) +
               (close->reason.empty() ? "" : ": " + std::string(close->reason));
    }
    if (const auto* execute = std::get_if<Execute>(&effect)) {
        std::string line = "execute " + std::string(cryptoki::name_of(execute->call.function));
        for (const cryptoki::ObjectNumber object : execute->call.objects) {
            line += " " + std::to_string(object);
        }
        return line;
    }
    if (const auto* over = std::get_if<ForgetOperations>(&effect)) {
        return "forget " + std::to_string(over->connection.value);
    }
    if (const auto* certificate = std::get_if<SetCertificate>(&effect)) {
        return certificate->expired ? "certificate expired" : "certificate good";
    }
    const Door door = std::get<SetDoor>(effect).door;
    return door == Door::open      ? "door open"
           : door == Door::refused ? "door refused"
                                   : "door silent";
}

/// Two partitions; no service times unless the options say so.
class ApplianceBench {
public:
    explicit ApplianceBench(ServiceTimes service = {.sign = {}}, Random random = Random(1))
        : appliance({"hsm1", {{serial(kFirst), "userpin"}, {serial(kSecond), "userpin"}}, service},
                    random)
    {
    }

    Lines step(const ApplianceEvent& event)
    {
        ApplianceEffects effects;
        appliance.step(event, now, effects);
        Lines lines;
        for (const ApplianceEffect& effect : effects) {
            lines.push_back(describe(effect));
        }
        return lines;
    }

    Lines accept(std::uint64_t connection)
    {
        return step(ConnectionAccepted{ConnectionId{connection}});
    }
    Lines close(std::uint64_t connection)
    {
        return step(ConnectionClosed{ConnectionId{connection}});
    }

    Lines ask(std::uint64_t connection, std::uint64_t id, Operation operation,
              std::string_view body = {})
    {
        return step(RequestArrived{ConnectionId{connection}, RequestId{id}, operation, body});
    }

    Lines open(std::uint64_t connection, std::string_view partition = kFirst)
    {
        return ask(connection, 1, Operation::open, partition);
    }
    Lines login(std::uint64_t connection, std::string_view pin = "userpin")
    {
        return ask(connection, 2, Operation::login, pin);
    }
    Lines sign(std::uint64_t connection, std::uint64_t id = 3)
    {
        return ask(connection, id, Operation::sign, "data");
    }

    /// A connection that is accepted, opened and logged in, without looking.
    void ready(std::uint64_t connection, std::string_view partition = kFirst)
    {
        accept(connection);
        open(connection, partition);
        login(connection);
    }

    Lines apply(const Fault& fault, std::string_view partition = {})
    {
        return step(FaultApplied{fault, partition.empty() ? Serial{} : serial(partition)});
    }
    Lines apply(FaultKind kind, std::string_view partition = {})
    {
        return apply(Fault{.kind = kind}, partition);
    }

    /// Reaches every deadline up to `until`, and `until`.
    Lines pass(Duration until)
    {
        Lines lines;
        for (auto due = appliance.next_deadline(); due && *due <= at(until);
             due = appliance.next_deadline()) {
            now = *due;
            for (std::string& line : step(DeadlineReached{})) {
                lines.push_back(std::to_string((now - kStart).count() / 1000000) + " ms " + line);
            }
        }
        now = at(until);
        return lines;
    }

    Appliance appliance;
    Instant now = kStart;
};

}  // namespace hasim::test
