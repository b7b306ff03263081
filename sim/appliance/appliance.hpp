/// The simulated appliance: a machine that is told what happens to it and says what it does. Same state, same event,
/// same time: same effects; it never reads a clock, a socket or a random device. Messages are its grain: bytes are
/// src/wire's, and what a network does to them on their way is sim/network/path's. What each fault means:
/// docs/faults.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cryptoki/call.hpp"
#include "hasim/exchange.hpp"
#include "hasim/fault.hpp"
#include "hasim/time.hpp"
#include "sim/appliance/cloning_domain.hpp"
#include "sim/network/network.hpp"
#include "base/random.hpp"

namespace hasim::sim {

inline constexpr std::uint32_t kMaxFailedLogins = 10;  ///< then the PIN is locked (chosen)
inline constexpr Duration kNtlsRestartTime = std::chrono::seconds(10);  ///< of `ntls restart` without a D (chosen)
inline constexpr Duration kRebootTime = std::chrono::seconds(60);       ///< of `reboot` without a D (chosen)
/// Requests of one connection that may wait for their answers; with one more it is closed (chosen).
inline constexpr std::uint32_t kMaxWaiting = 65536;

/// How long the appliance works on each operation that it carries out. 0: answered in the step the request came in.
/// What is refused takes no such time (chosen), but for an injected return code.
struct ServiceTimes {
    Duration open{};
    Duration login{};
    Duration logout{};
    Duration sign = std::chrono::milliseconds(1);
};

struct PartitionOptions {
    Serial serial{};
    std::string pin = "userpin";
    CloningDomain* domain = nullptr;  ///< not owned; null: the partition holds no objects and makes no calls
    bool empty = false;               ///< it holds nothing yet, whatever its domain has
};

struct ApplianceOptions {
    std::string name;
    std::vector<PartitionOptions> partitions;
    ServiceTimes service;
};

// ---- The NTLS service and the power: one machine, because NTLS starts with the appliance (chosen) -----------------

enum class ServiceState : std::uint8_t {
    running,          ///< power is on, NTLS accepts connections and answers
    ntls_stopped,     ///< power is on, NTLS is stopped: connections are refused
    ntls_restarting,  ///< the same, until a deadline
    rebooting,        ///< no power until a deadline: nothing answers, standing connections are forgotten
    off,              ///< no power, until power on
};

/// What moves it.
enum class ServiceEvent : std::uint8_t {
    ntls_stop,
    ntls_start,
    ntls_restart,
    power_off,
    power_on,
    reboot,
    time_over,  ///< the deadline of ntls_restarting or rebooting was reached
    heal,       ///< `heal` or `heal all`
};

inline constexpr std::array kServiceStates{
    ServiceState::running,   ServiceState::ntls_stopped, ServiceState::ntls_restarting,
    ServiceState::rebooting, ServiceState::off,
};
inline constexpr std::array kServiceEvents{
    ServiceEvent::ntls_stop, ServiceEvent::ntls_start, ServiceEvent::ntls_restart,
    ServiceEvent::power_off, ServiceEvent::power_on,   ServiceEvent::reboot,
    ServiceEvent::time_over, ServiceEvent::heal,
};

/// Names, spelt like the enumerators.
[[nodiscard]] std::string_view name_of(ServiceState state);
[[nodiscard]] std::string_view name_of(ServiceEvent event);

/// The state that `event` leads to from `state`, which may be the same one entered anew; nothing when `event` means
/// nothing there (a service of an appliance without power cannot be commanded).
[[nodiscard]] std::optional<ServiceState> next_state(ServiceState state, ServiceEvent event);

// ---- Events -------------------------------------------------------------------------------------------------------

/// A client's connection was accepted. The id is fresh.
struct ConnectionAccepted {
    ConnectionId connection{};
};

/// The client's side ended it, or the connection is gone for another reason.
struct ConnectionClosed {
    ConnectionId connection{};
};

/// A whole request. `body` needs to stay where it is for this step only.
struct RequestArrived {
    ConnectionId connection{};
    RequestId id{};
    Operation operation = Operation::open;
    std::string_view body;
};

/// What the connection carries is no request: the appliance closes it.
struct GarbageArrived {
    ConnectionId connection{};
};

/// A fault of a scenario. Faults that are none of an appliance's business change nothing here.
struct FaultApplied {
    Fault fault;
    Serial partition{};  ///< the partition it is done to; empty: every partition of this appliance
};

/// Which call of whom the token works on.
struct CallKey {
    ConnectionId connection{};
    RequestId id{};
    std::uint32_t partition = 0;
    cryptoki::Function function = cryptoki::Function::generate_random;
    std::uint64_t transaction = 0;
    friend bool operator==(const CallKey&, const CallKey&) = default;
};

/// The token has done what Execute asked for, in so much time.
struct Executed {
    CallKey key;
    Code code = Code::ok;
    cryptoki::Result result;
    std::vector<ObjectFacts> made;  ///< objects that did not exist before
    Duration took{};
};

/// A transaction that some appliance of the domain was busy with has ended.
struct TransactionOver {
    std::uint64_t name = 0;
};

/// next_deadline() is reached. Early or needless ones do nothing.
struct DeadlineReached {};

using ApplianceEvent = std::variant<ConnectionAccepted, ConnectionClosed, RequestArrived,
                                    GarbageArrived, FaultApplied, Executed,
                                    TransactionOver, DeadlineReached>;

// ---- Effects: to be carried out in their order, after step returned -----------------------------------------------

struct SendReply {
    ConnectionId connection{};
    Reply reply;
    friend bool operator==(const SendReply&, const SendReply&) = default;
};

/// The appliance ends a connection; it knows it no longer.
struct CloseConnection {
    ConnectionId connection{};
    Ending ending = Ending::fin;
    std::string_view reason;  ///< for a diagnostic: cause, no full stop; empty when it is only what a fault asked for
    friend bool operator==(const CloseConnection&, const CloseConnection&) = default;
};

/// What answers connection attempts from now on. Only sent when it changes; at the start the door is open.
struct SetDoor {
    Door door = Door::open;
    friend bool operator==(const SetDoor&, const SetDoor&) = default;
};

/// Have the token of the domain make this call; answered by Executed. A key without a connection: nobody waits for it.
struct Execute {
    CallKey key;
    std::uint32_t domain = 0;  ///< number of the CloningDomain
    cryptoki::Call call;
    friend bool operator==(const Execute&, const Execute&) = default;
};

/// The operations of several parts that the token has begun for this connection are over.
struct ForgetOperations {
    ConnectionId connection{};
    friend bool operator==(const ForgetOperations&, const ForgetOperations&) = default;
};

/// The certificate that is shown to new connections has expired, or has not any more.
struct SetCertificate {
    bool expired = false;
    friend bool operator==(const SetCertificate&, const SetCertificate&) = default;
};

using ApplianceEffect = std::variant<SendReply, CloseConnection, SetDoor, Execute, ForgetOperations,
                                     SetCertificate>;
using ApplianceEffects = std::vector<ApplianceEffect>;

// ---- Views --------------------------------------------------------------------------------------------------------

struct PartitionView {
    Serial serial{};
    bool activated = true;
    bool assigned = true;
    bool zeroised = false;
    bool pin_locked = false;
    std::uint32_t failed_logins = 0;  ///< in a row
    Duration busy{};
    std::uint32_t factor_milli = 1000;
    std::optional<Code> returns;      ///< an injected return code
};

struct ConnectionView {
    ConnectionId connection{};
    Serial partition{};      ///< empty until it is opened
    bool logged_in = false;
    bool dead = false;       ///< the appliance lost its power since: the next request gets a reset
};

struct ApplianceView {
    std::string name;
    ServiceState state = ServiceState::running;
    Door door = Door::open;
    std::vector<PartitionView> partitions;
    std::vector<ConnectionView> connections;  ///< in the order of their ids
};

// ---- The machine --------------------------------------------------------------------------------------------------

class Appliance {
public:
    /// `random` is what return codes with a probability are drawn from.
    explicit Appliance(ApplianceOptions options, Random random = Random(0));

    /// Adds a partition, in its state at the start. One that is there already stays as it is.
    void add_partition(const PartitionOptions& options);

    /// Takes one event and appends what is to be done to `effects`. Total; `now` never goes back (asserted).
    void step(const ApplianceEvent& event, Instant now, ApplianceEffects& effects);

    /// When to post DeadlineReached, if nothing else happens before.
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    [[nodiscard]] const std::string& name() const { return options_.name; }
    [[nodiscard]] ServiceState state() const { return state_; }
    /// Without power nothing reaches the appliance and nothing leaves it: whoever carries the bytes holds them.
    [[nodiscard]] bool powered() const
    {
        return state_ != ServiceState::off && state_ != ServiceState::rebooting;
    }
    [[nodiscard]] Door door() const;
    /// A command on a connection that has that partition open is carried out, in its usual time.
    [[nodiscard]] bool serves(Serial partition) const;
    [[nodiscard]] ApplianceView view() const;
    /// It was accepted, and is not closed yet.
    [[nodiscard]] bool has(ConnectionId connection) const;

private:
    /// Commands return a code instead of being carried out.
    struct Injection {
        Code code = Code::ok;
        std::uint64_t left = 0;        ///< times it is still returned; 0: until healed
        std::uint32_t per_mille = 0;   ///< how often; 0: always
    };

    struct Partition {
        Serial serial{};
        std::string pin;
        std::string first_pin;         ///< the PIN at the start, that heal brings back
        bool activated = true;
        bool assigned = true;
        bool zeroised = false;
        bool full = false;             ///< takes no more token objects
        bool pin_locked = false;
        std::uint32_t failed_logins = 0;
        Duration busy{};
        std::uint32_t factor_milli = 1000;
        std::optional<Injection> injection;
        CloningDomain* domain = nullptr;
        std::set<cryptoki::ObjectNumber> objects{};  ///< of its domain's token, that this partition holds
        std::vector<cryptoki::ObjectNumber> destroyed{};  ///< here, by a client

        [[nodiscard]] bool serves_calls() const { return assigned && !zeroised && activated; }
    };

    static constexpr std::uint32_t kUnopened = 0xffffffff;

    struct Connection {
        ConnectionId id{};
        std::uint32_t partition = kUnopened;  ///< index
        std::uint32_t waiting = 0;            ///< its requests that wait for their answers
        bool logged_in = false;
        bool expired = false;                 ///< its sessions were forgotten; the next login makes new ones
        bool mute = false;                    ///< accepted to be never answered
        bool cut = false;                     ///< something on the way has forgotten it
        Instant heard{};                      ///< when it carried something last; kept while idle_cut_ is in force
        bool dead = false;
        bool executes = false;                ///< the token has worked for it
        std::set<cryptoki::ObjectNumber> session_objects{};
    };

    struct Due {
        Instant at{};
        std::uint64_t sequence = 0;
        SendReply answer;
    };

    /// What a request is answered with, before busy and slow.
    struct Outcome {
        Code code = Code::ok;
        Duration service{};
        std::string body{};
        bool stretched = false;  ///< `service` has `slow` in it already
    };

    /// Asked for while another appliance was busy with it.
    struct WaitingCall {
        ConnectionId connection{};
        RequestId id{};
        std::uint32_t partition = 0;
        std::uint64_t transaction = 0;
    };

    void on(const ConnectionAccepted& event);
    void on(const ConnectionClosed& event);
    void on(const RequestArrived& event);
    void on(const GarbageArrived& event);
    void on(const FaultApplied& event);
    void on(const Executed& event);
    void on(const TransactionOver& event);
    void on(const DeadlineReached& event);

    // appliance.cpp
    void open(Connection& connection, const RequestArrived& request);
    [[nodiscard]] static Code check_pin(Partition& partition, std::string_view pin);
    [[nodiscard]] Outcome login(Connection& connection, Partition& partition, std::string_view pin);
    [[nodiscard]] Outcome logout(const Connection& connection) const;
    [[nodiscard]] Outcome sign(const Connection& connection, Partition& partition,
                               std::string_view data);
    [[nodiscard]] std::optional<Code> injected(Partition& partition);
    void answer(Connection& connection, RequestId id, const Partition* partition, Outcome outcome);
    void send_due();
    [[nodiscard]] Connection* find(ConnectionId id);
    void close(ConnectionId id, Ending ending, std::string_view reason);

    // appliance_objects.cpp
    [[nodiscard]] static Code set_pin(Partition& partition, const cryptoki::Call& call);
    void call(Connection& connection, const RequestArrived& request);
    [[nodiscard]] Outcome clone_out(const Connection& connection, std::string_view body);
    [[nodiscard]] Outcome clone_in(Connection& connection, std::string_view body);
    [[nodiscard]] Code objects_of(const cryptoki::Call& call, const Connection& connection) const;
    [[nodiscard]] Code may_make(const cryptoki::Call& call, const Connection& connection) const;
    [[nodiscard]] bool holds(const Connection& connection, cryptoki::ObjectNumber object) const;
    void hold(Connection& connection, const ObjectFacts& facts);
    void let_go(Partition& partition, Connection* connection, cryptoki::ObjectNumber object);
    void give_up(CloningDomain& domain, cryptoki::ObjectNumber object);
    [[nodiscard]] Code destroy(Connection& connection, const cryptoki::Call& call);
    void take_over(Connection& connection, std::uint64_t transaction);
    void end_sessions(Connection& connection);
    void end_private_objects(Connection& connection);

    // appliance_faults.cpp
    void move(ServiceEvent event, Duration lasts);
    void enter(ServiceState state, Duration lasts);
    void close_all(Ending ending, bool dead_too);
    void forget_connections();
    void regain_power();
    void cut_idle(Connection& connection);
    void apply(const Fault& fault, Partition& partition);
    void heal(std::optional<FaultKind> only, Serial which);
    static void heal(Partition& partition, std::optional<FaultKind> only);

    ApplianceOptions options_;
    Random random_;
    std::vector<Partition> partitions_;
    std::vector<Connection> connections_;  ///< ordered by id
    std::vector<Due> due_;                 ///< a heap: the earliest first, among equals the oldest
    std::vector<WaitingCall> waiting_;
    std::uint64_t sequence_ = 0;
    ServiceState state_ = ServiceState::running;
    std::optional<Instant> state_ends_;    ///< of ntls_restarting and rebooting
    bool cable_out_ = false;
    bool silence_in_ = false;
    bool silence_out_ = false;
    bool refuse_ = false;
    bool accept_then_silence_ = false;
    std::optional<Duration> idle_cut_;
    std::optional<Duration> activation_lasts_;
    Instant power_lost_{};                 ///< has a meaning without power
    bool certificate_expired_ = false;
    std::optional<std::uint64_t> connection_limit_;
    Instant now_{};                        ///< of the step under way
    ApplianceEffects* effects_ = nullptr;  ///< of the step under way
};

/// `duration` times a factor in thousandths; longer than any run when that is too long.
[[nodiscard]] Duration times(Duration duration, std::uint32_t factor_milli);

/// The body of a sign reply: eight bytes that depend on `data` alone (FNV-1a, big-endian), so that a client can tell
/// whose answer it got. No signature in any other sense.
[[nodiscard]] std::string signature_of(std::string_view data);

}  // namespace hasim::sim
