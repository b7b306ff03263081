#include "sim/appliance/appliance.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace hasim::sim {
namespace {

// Later than any run: an answer that far away never comes.
constexpr Duration kForever = Duration::max();

}  // namespace

Duration times(Duration duration, std::uint32_t factor_milli)
{
    if (factor_milli == 1000 || duration == Duration::zero()) {
        return duration;
    }
    if (factor_milli != 0 && duration.count() / 1000 >= kForever.count() / factor_milli - 1) {
        return kForever;
    }
    const std::int64_t factor = factor_milli;
    return Duration(duration.count() / 1000 * factor + duration.count() % 1000 * factor / 1000);
}

std::string signature_of(std::string_view data)
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : data) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    std::string bytes(8, '\0');
    for (char& byte : bytes) {
        byte = static_cast<char>(static_cast<unsigned char>(hash >> 56));
        hash <<= 8;
    }
    return bytes;
}

Appliance::Appliance(ApplianceOptions options, Random random)
    : options_(std::move(options)), random_(random)
{
    for (const PartitionOptions& partition : options_.partitions) {
        add_partition(partition);
    }
}

void Appliance::add_partition(const PartitionOptions& options)
{
    for (const Partition& known : partitions_) {
        if (known.serial == options.serial) {
            return;
        }
    }
    Partition partition;
    partition.serial = options.serial;
    partition.pin = options.pin;
    partition.first_pin = options.pin;
    partition.domain = options.domain;
    if (options.domain != nullptr && !options.empty) {
        for (const cryptoki::ObjectNumber object : options.domain->objects()) {
            partition.objects.insert(object);
            options.domain->hold(object);
        }
    }
    partitions_.push_back(std::move(partition));
}

void Appliance::step(const ApplianceEvent& event, Instant now, ApplianceEffects& effects)
{
    HASIM_ASSERT(now >= now_);
    now_ = now;
    effects_ = &effects;
    const Door before = door();
    const bool was_expired = certificate_expired_;
    std::visit([this](const auto& happened) { on(happened); }, event);
    if (certificate_expired_ != was_expired) {
        effects.emplace_back(SetCertificate{certificate_expired_});
    }
    if (door() != before) {
        effects.emplace_back(SetDoor{door()});
    }
    effects_ = nullptr;
}

std::optional<Instant> Appliance::next_deadline() const
{
    if (due_.empty()) {
        return state_ends_;
    }
    return state_ends_ ? std::min(*state_ends_, due_.front().at) : due_.front().at;
}

Door Appliance::door() const
{
    if (!powered() || cable_out_ || silence_in_ || silence_out_) {
        return Door::silent;
    }
    return state_ == ServiceState::running && !refuse_ ? Door::open : Door::refused;
}

bool Appliance::serves(Serial serial) const
{
    const auto partition = std::find_if(partitions_.begin(), partitions_.end(),
                                        [&](const Partition& one) { return one.serial == serial; });
    const bool dead =
        std::any_of(connections_.begin(), connections_.end(),
                    [](const Connection& connection) { return connection.dead || connection.cut; });
    return state_ == ServiceState::running && !dead && !idle_cut_ &&
           partition != partitions_.end() && partition->activated && partition->assigned &&
           !partition->zeroised && partition->busy == Duration::zero() &&
           partition->factor_milli == 1000 && !partition->injection;
}

ApplianceView Appliance::view() const
{
    ApplianceView view;
    view.name = options_.name;
    view.state = state_;
    view.door = door();
    for (const Partition& partition : partitions_) {
        PartitionView& shown = view.partitions.emplace_back();
        shown.serial = partition.serial;
        shown.activated = partition.activated;
        shown.assigned = partition.assigned;
        shown.zeroised = partition.zeroised;
        shown.pin_locked = partition.pin_locked;
        shown.failed_logins = partition.failed_logins;
        shown.busy = partition.busy;
        shown.factor_milli = partition.factor_milli;
        if (partition.injection) {
            shown.returns = partition.injection->code;
        }
    }
    for (const Connection& connection : connections_) {
        const bool opened = connection.partition != kUnopened;
        view.connections.push_back({connection.id,
                                    opened ? partitions_[connection.partition].serial : Serial{},
                                    connection.logged_in, connection.dead});
    }
    return view;
}

// ---- Connections --------------------------------------------------------------------------------------------------

Appliance::Connection* Appliance::find(ConnectionId id)
{
    const auto at = std::lower_bound(
        connections_.begin(), connections_.end(), id,
        [](const Connection& known, ConnectionId wanted) { return known.id < wanted; });
    return at != connections_.end() && at->id == id ? &*at : nullptr;
}

bool Appliance::has(ConnectionId connection) const
{
    return std::ranges::binary_search(connections_, connection, {}, &Connection::id);
}

// Answers that the connection still waits for are thrown away when they are due.
void Appliance::close(ConnectionId id, Ending ending, std::string_view reason)
{
    if (Connection* connection = find(id)) {
        end_sessions(*connection);
    }
    std::erase_if(connections_, [&](const Connection& connection) { return connection.id == id; });
    effects_->emplace_back(CloseConnection{id, ending, reason});
}

void Appliance::on(const ConnectionAccepted& event)
{
    Connection connection;
    connection.id = event.connection;
    // Real sockets may have accepted just before the door closed.
    connection.dead = !powered();
    if (powered() && (state_ != ServiceState::running || refuse_)) {
        effects_->emplace_back(CloseConnection{event.connection, Ending::reset, {}});
        return;
    }
    const auto standing = std::count_if(connections_.begin(), connections_.end(),
                                        [](const Connection& known) { return !known.dead; });
    if (connection_limit_ && static_cast<std::uint64_t>(standing) >= *connection_limit_) {
        effects_->emplace_back(CloseConnection{event.connection, Ending::fin, {}});
        return;
    }
    connection.mute = accept_then_silence_;
    connection.heard = now_;
    const auto at =
        std::lower_bound(connections_.begin(), connections_.end(), connection.id,
                         [](const Connection& known, ConnectionId id) { return known.id < id; });
    HASIM_ASSERT(at == connections_.end() || at->id != connection.id);
    connections_.insert(at, connection);
}

void Appliance::on(const ConnectionClosed& event)
{
    if (Connection* connection = find(event.connection)) {
        end_sessions(*connection);
    }
    std::erase_if(connections_,
                  [&](const Connection& connection) { return connection.id == event.connection; });
}

void Appliance::on(const GarbageArrived& event)
{
    if (const Connection* connection = find(event.connection)) {
        const Ending ending = connection->dead ? Ending::reset : Ending::fin;
        close(event.connection, ending, "what came is no request");
    }
}

// ---- Requests -----------------------------------------------------------------------------------------------------

void Appliance::on(const RequestArrived& event)
{
    Connection* connection = find(event.connection);
    if (connection == nullptr || !powered()) {
        return;
    }
    if (connection->dead) {
        close(event.connection, Ending::reset, {});
        return;
    }
    cut_idle(*connection);
    if (connection->mute || connection->cut) {
        return;
    }
    if (connection->waiting >= kMaxWaiting) {
        close(event.connection, Ending::reset, "too many requests wait for their answers");
        return;
    }
    if (event.operation == Operation::open) {
        open(*connection, event);
        return;
    }
    if (connection->partition == kUnopened) {
        close(event.connection, Ending::fin, "a request before a partition was opened");
        return;
    }
    Partition& partition = partitions_[connection->partition];
    if (event.operation == Operation::call && partition.serves_calls()) {
        call(*connection, event);
        return;
    }
    Outcome outcome;
    if (!partition.assigned) {
        outcome.code = Code::partition_not_assigned;
    } else if (partition.zeroised) {
        outcome.code = Code::token_not_present;
    } else if (!partition.activated) {
        outcome.code = Code::partition_not_activated;
    } else {
        switch (event.operation) {
        case Operation::open:
        case Operation::call: break;
        case Operation::clone_out: outcome = clone_out(*connection, event.body); break;
        case Operation::clone_in: outcome = clone_in(*connection, event.body); break;
        case Operation::login: outcome = login(*connection, partition, event.body); break;
        case Operation::logout: outcome = logout(*connection); break;
        case Operation::sign: outcome = sign(*connection, partition, event.body); break;
        }
        if (event.operation == Operation::logout && outcome.code == Code::ok) {
            end_private_objects(*connection);
            connection->logged_in = false;
        }
    }
    answer(*connection, event.id, &partition, std::move(outcome));
}

void Appliance::open(Connection& connection, const RequestArrived& request)
{
    if (certificate_expired_) {
        // The handshake is the simulation's open: what fails there never gets to a partition.
        answer(connection, request.id, nullptr, {Code::ssl_failed_handshake, {}});
        close(request.connection, Ending::fin, {});
        return;
    }
    if (connection.partition != kUnopened) {
        close(request.connection, Ending::fin, "a second open on one connection");
        return;
    }
    const auto serial = Serial::parse(request.body);
    const auto at = std::find_if(
        partitions_.begin(), partitions_.end(),
        [&](const Partition& partition) { return serial && partition.serial == *serial; });
    if (at == partitions_.end()) {
        answer(connection, request.id, nullptr, {Code::partition_not_assigned, {}});
        return;
    }
    Outcome outcome;
    if (!at->assigned) {
        outcome.code = Code::partition_not_assigned;
    } else if (at->zeroised) {
        outcome.code = Code::token_not_present;
    } else {
        connection.partition = static_cast<std::uint32_t>(at - partitions_.begin());
        outcome.service = options_.service.open;
    }
    answer(connection, request.id, &*at, std::move(outcome));
}

Appliance::Outcome Appliance::login(Connection& connection, Partition& partition,
                                    std::string_view pin)
{
    if (connection.logged_in) {
        return {Code::user_already_logged_in, {}};
    }
    if (partition.pin_locked) {
        return {Code::pin_locked, {}};
    }
    if (const auto code = injected(partition)) {
        return {*code, options_.service.login};
    }
    if (const Code code = check_pin(partition, pin); code != Code::ok) {
        return {code, {}};
    }
    connection.logged_in = true;
    connection.expired = false;
    return {Code::ok, options_.service.login};
}

/// Wrong ones are counted, whatever they are given for.
Code Appliance::check_pin(Partition& partition, std::string_view pin)
{
    if (partition.pin_locked) {
        return Code::pin_locked;
    }
    if (pin != partition.pin) {
        ++partition.failed_logins;
        partition.pin_locked = partition.failed_logins >= kMaxFailedLogins;
        return Code::pin_incorrect;
    }
    partition.failed_logins = 0;
    return Code::ok;
}

Appliance::Outcome Appliance::logout(const Connection& connection) const
{
    if (connection.expired) {
        return {Code::session_handle_invalid, {}};
    }
    if (!connection.logged_in) {
        return {Code::user_not_logged_in, {}};
    }
    return {Code::ok, options_.service.logout};
}

Appliance::Outcome Appliance::sign(const Connection& connection, Partition& partition,
                                   std::string_view data)
{
    if (connection.expired) {
        return {Code::session_handle_invalid, {}};
    }
    if (!connection.logged_in) {
        return {Code::user_not_logged_in, {}};
    }
    if (const auto code = injected(partition)) {
        return {*code, options_.service.sign};
    }
    return {Code::ok, options_.service.sign, signature_of(data)};
}

std::optional<Code> Appliance::injected(Partition& partition)
{
    if (!partition.injection) {
        return std::nullopt;
    }
    Injection& injection = *partition.injection;
    if (injection.per_mille != 0 && !random_.chance(injection.per_mille)) {
        return std::nullopt;
    }
    const Code code = injection.code;
    if (injection.left != 0 && --injection.left == 0) {
        partition.injection.reset();
    }
    return code;
}

// ---- Answers ------------------------------------------------------------------------------------------------------

namespace {

// Order of the heap: the standard library puts the greatest in front, so what is due first is the greatest.
constexpr auto kDueLater = [](const auto& a, const auto& b) {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
};

}  // namespace

void Appliance::answer(Connection& connection, RequestId id, const Partition* partition,
                       Outcome outcome)
{
    Instant at = now_;
    if (partition != nullptr) {
        const Duration service =
            outcome.stretched ? outcome.service : times(outcome.service, partition->factor_milli);
        at = after(after(now_, service), partition->busy);
    }
    SendReply reply{connection.id, Reply{id, outcome.code, std::move(outcome.body)}};
    if (at <= now_) {
        effects_->emplace_back(std::move(reply));
        return;
    }
    if (at == kNever) {
        return;
    }
    ++connection.waiting;
    due_.push_back({at, ++sequence_, std::move(reply)});
    std::push_heap(due_.begin(), due_.end(), kDueLater);
}

void Appliance::send_due()
{
    while (!due_.empty() && due_.front().at <= now_) {
        std::pop_heap(due_.begin(), due_.end(), kDueLater);
        SendReply reply = std::move(due_.back().answer);
        due_.pop_back();
        if (Connection* connection = find(reply.connection)) {
            --connection->waiting;
            effects_->emplace_back(std::move(reply));
        }
    }
}

void Appliance::on(const DeadlineReached&)
{
    send_due();
    if (state_ends_ && *state_ends_ <= now_) {
        move(ServiceEvent::time_over, {});
    }
}

}  // namespace hasim::sim
