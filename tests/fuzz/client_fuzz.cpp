// Plays a hostile appliance to the module's half of a world: an application calls, and what comes back is what the
// input says: any bytes, answers to nobody, to the wrong one, late, twice, or none. Each byte of the input is something
// that happens. Holds: every call returns once, at the latest a while after the appliances fell silent; what it
// returned with can be read or refused; and nothing is sent on an end that is gone.
#include "harness.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "conf/configuration.hpp"
#include "cryptoki/call.hpp"
#include "pkcs11/client_world.hpp"
#include "pkcs11/configuration.hpp"
#include "wire/frame_reader.hpp"

namespace {

using namespace hasim;
using namespace std::chrono_literals;
using sim::ClientEnd;

constexpr std::string_view kConfiguration =
    "VirtualToken = { VirtualToken00Label = fuzz; VirtualToken00SN = 11; VirtualToken00Members = "
    "21,22,23; VirtualTokenActiveRecovery = activeEnhanced; }\n"
    "HASynchronize = { fuzz = 1; }\nLunaSA Client = { ReceiveTimeout = 500; }\n"
    "HAConfiguration = { HAOnly = 1; reconnAtt = 3; }\n";

constexpr Code kCodes[] = {Code::ok,
                           Code::device_error,
                           Code::pin_incorrect,
                           Code::pin_locked,
                           Code::device_memory,
                           Code::object_handle_invalid,
                           Code::user_not_logged_in,
                           Code::partition_not_activated};

/// The input, a byte at a time; 0 when it is used up.
class Input {
public:
    explicit Input(std::string_view bytes) : left_(bytes) {}
    [[nodiscard]] bool empty() const { return left_.empty(); }
    std::size_t byte()
    {
        if (left_.empty()) {
            return 0;
        }
        const auto value = static_cast<unsigned char>(left_.front());
        left_.remove_prefix(1);
        return value;
    }
    std::string_view bytes(std::size_t count)
    {
        const std::string_view taken = left_.substr(0, count);
        left_.remove_prefix(taken.size());
        return taken;
    }

private:
    std::string_view left_;
};

/// Where the client's bytes go: requests are kept until the input answers them.
class Wires final : public sim::Network {
public:
    struct Asked {
        ClientEnd end{};
        Request request;
    };

    void connect(ClientEnd end, ApplianceIndex, Instant) override { attempts.push_back(end); }
    void send_from_client(ClientEnd end, std::string_view bytes, Instant) override
    {
        HASIM_ASSERT(open.contains(end));
        wire::FrameReader reader(wire::FrameKind::request);
        reader.feed(bytes);
        while (reader.next() == wire::ReadStatus::frame) {
            asked.push_back({end, reader.request()});
        }
    }
    void close_client(ClientEnd end, sim::Ending, Instant) override { forget(end); }
    void send_from_server(ConnectionId, std::string_view, Instant) override {}
    void close_server(ConnectionId, sim::Ending, Instant) override {}
    void set_door(ApplianceIndex, sim::Door, Instant) override {}

    void forget(ClientEnd end)
    {
        open.erase(end);
        std::erase(attempts, end);
        std::erase_if(asked, [&](const Asked& one) { return one.end == end; });
    }

    std::vector<ClientEnd> attempts;
    std::set<ClientEnd> open;
    std::vector<Asked> asked;
};

class Game final : public sim::WorldObserver {
public:
    explicit Game(std::string_view input) : input_(input)
    {
        world_.watch(*this);
        world_.at(now_).initialize(0);
    }

    void play()
    {
        while (!input_.empty()) {
            happen(input_.byte());
        }
        // From now on nobody answers anything.
        pass(60s);
        for (const auto& [call, made] : calls_) {
            HASIM_ASSERT(made == 1);
        }
    }

    void on_call_made(CallId call, sim::ClientIndex, sim::GroupIndex, sim::CallKind,
                      Instant) override
    {
        calls_.try_emplace(call, 0);
    }
    void on_answer(const ha::Answer& answer, Instant) override
    {
        ++calls_[answer.call];
        static_cast<void>(cryptoki::decode_result(answer.body));
    }

private:
    static sim::WorldOptions options(const Settings& settings)
    {
        sim::WorldOptions made;
        made.settings = settings;
        made.clients = {{"app", Pid{1}}};
        made.has_objects = true;
        return made;
    }
    static Settings settings() { return conf::read(kConfiguration, "fuzz").settings; }

    void happen(std::size_t what)
    {
        switch (what % 8) {
        case 0: pass(std::chrono::milliseconds(20 * (1 + input_.byte()))); break;
        case 1: call(input_.byte()); break;
        case 2: decide(input_.byte()); break;
        case 3: answer_well(); break;
        case 4: answer_badly(); break;
        case 5: babble(); break;
        case 6: hang_up(); break;
        default: be_honest(); break;
        }
    }

    void pass(Duration time)
    {
        const Instant until = now_ + time;
        while (const auto due = world_.next_deadline()) {
            if (*due > until) {
                break;
            }
            now_ = std::max(now_, *due);
            world_.step(now_);
        }
        now_ = until;
    }

    void call(std::size_t what)
    {
        sim::Workstation& workstation = world_.at(now_);
        cryptoki::Call call;
        ha::Command command;
        command.operation = Operation::call;
        switch (what % 5) {
        case 0: workstation.login(0, 0, "userpin"); return;
        case 1: workstation.logout(0, 0); return;
        case 2:
            call.function = cryptoki::Function::generate_random;
            call.number = 8;
            break;
        case 3:
            call.function = cryptoki::Function::create_object;
            call.templates.emplace_back();
            call.transaction = ++transactions_;
            command.reach = ha::Reach::writing;
            command.transaction = call.transaction;
            break;
        default:
            call.function = cryptoki::Function::digest_final;
            command.reach = ha::Reach::bound;
            command.bound = LinkId{input_.byte()};
            break;
        }
        command.body = cryptoki::encode(call);
        workstation.command(0, 0, sim::CallKind::other, std::move(command));
    }

    void decide(std::size_t how)
    {
        if (wires_.attempts.empty()) {
            return;
        }
        const ClientEnd end = wires_.attempts[how % wires_.attempts.size()];
        std::erase(wires_.attempts, end);
        if (how >= 200) {
            world_.on_connect_failed(end, Code::unable_to_connect, now_);
        } else {
            wires_.open.insert(end);
            world_.on_connected(end, now_);
        }
    }

    void send(ClientEnd end, std::string_view bytes)
    {
        if (wires_.open.contains(end)) {
            world_.on_client_bytes(end, bytes, now_);
        }
    }

    void reply(const Wires::Asked& asked, RequestId id, Code code, std::string_view body)
    {
        std::string bytes;
        wire::encode(Reply{id, code, std::string(body)}, bytes);
        send(asked.end, bytes);
    }

    /// What an appliance of good will would say.
    void be_honest()
    {
        for (const Wires::Asked& asked : std::exchange(wires_.asked, {})) {
            const bool result = asked.request.operation == Operation::call;
            const bool clone = asked.request.operation == Operation::clone_out;
            reply(asked, asked.request.id, Code::ok,
                  result  ? cryptoki::encode(cryptoki::Result{{1, 1}, {}, "12345678"})
                  : clone ? cryptoki::encode(cryptoki::Clone{{1}, {2}})
                          : std::string{});
        }
    }

    /// One of the requests, answered with a code and a body of the input's choosing; it may be asked again.
    void answer_well()
    {
        if (wires_.asked.empty()) {
            return;
        }
        const std::size_t which = input_.byte() % wires_.asked.size();
        const Wires::Asked asked = wires_.asked[which];
        const Code code = kCodes[input_.byte() % std::size(kCodes)];
        const std::string_view body = input_.bytes(input_.byte() % 32);
        if (input_.byte() % 4 != 0) {
            wires_.asked.erase(wires_.asked.begin() + static_cast<std::ptrdiff_t>(which));
        }
        reply(asked, asked.request.id, code, body);
    }

    /// An answer to what nobody asked, or asked somebody else.
    void answer_badly()
    {
        if (wires_.asked.empty()) {
            return;
        }
        const Wires::Asked asked = wires_.asked[input_.byte() % wires_.asked.size()];
        reply(asked, RequestId{input_.byte()}, kCodes[input_.byte() % std::size(kCodes)],
              input_.bytes(input_.byte() % 32));
    }

    [[nodiscard]] ClientEnd some_end()
    {
        const std::size_t number = input_.byte();
        return wires_.open.empty()
                   ? ClientEnd{}
                   : *std::next(wires_.open.begin(),
                                static_cast<std::ptrdiff_t>(number % wires_.open.size()));
    }

    void babble()
    {
        const ClientEnd end = some_end();
        send(end, input_.bytes(1 + input_.byte() % 64));
    }

    void hang_up()
    {
        const ClientEnd end = some_end();
        if (wires_.open.contains(end)) {
            wires_.forget(end);
            world_.on_client_closed(end, sim::Ending::reset, now_);
        }
    }

    Input input_;
    Settings settings_ = settings();
    pkcs11::KnownAppliances appliances_{settings_, {}};
    Wires wires_;
    pkcs11::ClientWorld world_{options(settings_), appliances_, wires_};
    Instant now_ = kStart;
    std::map<CallId, int> calls_;  ///< how often each was answered
    std::uint64_t transactions_ = 0;
};

}  // namespace

HASIM_FUZZ(client)
(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kMost = 4096;
    const std::string bytes(data, data + std::min(size, kMost));
    Game(bytes).play();
    return 0;
}
