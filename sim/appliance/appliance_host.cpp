#include "sim/appliance/appliance_host.hpp"

#include <algorithm>
#include <utility>

#include "wire/frame.hpp"

namespace hasim::sim {

ApplianceHost::ApplianceHost(ApplianceIndex index, ApplianceOptions options, Network& network,
                             TokenService* tokens, const Random& random)
    : index_(index),
      machine_(std::move(options), random.fork("appliance")),
      network_(network),
      tokens_(tokens),
      random_(random.fork("path"))
{
}

// ---- What the network tells -------------------------------------------------------------------------------------

void ApplianceHost::accepted(ConnectionId connection, Instant now)
{
    connections_.try_emplace(connection, faults_);
    step(ConnectionAccepted{connection}, now);
}

void ApplianceHost::bytes(ConnectionId id, std::string_view bytes, Instant now)
{
    const auto found = connections_.find(id);
    if (found == connections_.end()) {
        return;
    }
    Pipe& in = found->second.in;
    if (in.transparent()) {
        read(id, bytes, now);
    } else {
        in.offer(bytes, now, random_);
        restless_[id] = &found->second;
        drain(id, now);
    }
}

bool ApplianceHost::request(ConnectionId id, const Request& request, Instant now)
{
    const auto found = connections_.find(id);
    if (found == connections_.end() || !found->second.in.transparent() ||
        found->second.reader.inside_frame()) {
        return false;
    }
    step(RequestArrived{id, request.id, request.operation, request.body}, now);
    return true;
}

void ApplianceHost::closed(ConnectionId id, Ending ending, Instant now)
{
    const auto found = connections_.find(id);
    if (found == connections_.end()) {
        return;
    }
    Pipe& in = found->second.in;
    if (in.transparent()) {
        forget(id);
        step(ConnectionClosed{id}, now);
    } else {
        in.offer_end(ending, now, random_);
        restless_[id] = &found->second;
        drain(id, now);
    }
}

/// Bytes that got through to the appliance.
void ApplianceHost::read(ConnectionId id, std::string_view bytes, Instant now)
{
    auto found = connections_.find(id);
    if (found == connections_.end()) {
        return;
    }
    found->second.reader.feed(bytes);
    // A request may end the connection, so it is looked up again each time.
    while ((found = connections_.find(id)) != connections_.end()) {
        wire::FrameReader& reader = found->second.reader;
        const wire::ReadStatus status = reader.next();
        if (status == wire::ReadStatus::need_more) {
            watch_frame(id, found->second, now);
            return;
        }
        if (status == wire::ReadStatus::error) {
            garbage_ = "garbage on a connection of appliance " + machine_.name() + ": " +
                       std::string(reader.error()) + "; the connection is closed";
            step(GarbageArrived{id}, now);
            return;
        }
        const wire::Frame& frame = reader.frame();
        step(RequestArrived{id, frame.id, frame.operation, frame.body}, now);
    }
}

/// A frame that has begun must be whole before long: a slow sender ends its own connection, and nothing else.
void ApplianceHost::watch_frame(ConnectionId id, Connection& connection, Instant now)
{
    if (!connection.reader.inside_frame()) {
        connection.frame_due.reset();
    } else if (!connection.frame_due) {
        connection.frame_due = now + kSlowestFrame;
        restless_[id] = &connection;
    }
}

// ---- What the machine does --------------------------------------------------------------------------------------

void ApplianceHost::step(const ApplianceEvent& event, Instant now)
{
    ApplianceEffects effects = std::exchange(effects_, {});
    machine_.step(event, now, effects);
    for (const ApplianceEffect& effect : effects) {
        execute(effect, now);
    }
    effects.clear();
    effects_ = std::move(effects);  // keeps its room
    for (const Executed& executed : std::exchange(executed_, {})) {
        step(executed, now);
    }
}

void ApplianceHost::execute(const ApplianceEffect& effect, Instant now)
{
    if (const auto* reply = std::get_if<SendReply>(&effect)) {
        const auto found = connections_.find(reply->connection);
        if (found == connections_.end()) {
            return;
        }
        if (found->second.out.transparent()) {
            network_.send_reply(reply->connection, reply->reply, now);
        } else {
            scratch_.clear();
            wire::encode(reply->reply, scratch_);
            found->second.out.offer(scratch_, now, random_);
            restless_[reply->connection] = &found->second;
            drain(reply->connection, now);
        }
    } else if (const auto* close = std::get_if<CloseConnection>(&effect)) {
        const auto found = connections_.find(close->connection);
        if (found == connections_.end()) {
            return;
        }
        if (!close->reason.empty() && garbage_.empty()) {
            garbage_ = "appliance " + machine_.name() +
                       " closes a connection: " + std::string(close->reason);
        }
        if (found->second.out.transparent()) {
            forget(close->connection);
            network_.close_server(close->connection, close->ending, now);
        } else {
            found->second.out.offer_end(close->ending, now, random_);
            restless_[close->connection] = &found->second;
            drain(close->connection, now);
        }
    } else if (const auto* door = std::get_if<SetDoor>(&effect)) {
        network_.set_door(index_, door->door, now);
    } else if (const auto* job = std::get_if<Execute>(&effect)) {
        if (auto executed = tokens_->execute(index_, *job)) {
            executed_.push_back(std::move(*executed));
        }
    } else if (const auto* certificate = std::get_if<SetCertificate>(&effect)) {
        network_.set_certificate_expired(index_, certificate->expired);
    } else if (const auto* over = std::get_if<ForgetOperations>(&effect)) {
        tokens_->forget(over->connection);
    }
}

/// Delivers what a connection's pipes let through by now. A request that comes through may put a reply into a pipe,
/// of this connection or of another, and so ask for a drain inside a drain: that one is noted, and done by the drain
/// that is under way. So a connection's reader is never fed while it reads.
void ApplianceHost::drain(ConnectionId id, Instant now)
{
    to_drain_.push_back(id);
    if (std::exchange(draining_, true)) {
        return;
    }
    for (std::size_t next = 0; next < to_drain_.size(); ++next) {
        drain_one(to_drain_[next], now);
    }
    to_drain_.clear();
    draining_ = false;
}

/// Each arrival may change everything, so all is looked up anew.
void ApplianceHost::drain_one(ConnectionId id, Instant now)
{
    while (true) {
        const auto found = connections_.find(id);
        if (found == connections_.end()) {
            return;
        }
        bool inward = true;
        auto arrival = found->second.in.take(now);
        if (!arrival) {
            inward = false;
            arrival = found->second.out.take(now);
        }
        if (!arrival) {
            if (is_calm(found->second)) {
                restless_.erase(id);
            }
            return;
        }
        if (arrival->ending) {
            forget(id);
            step(ConnectionClosed{id}, now);
            network_.close_server(id, *arrival->ending, now);
        } else if (inward) {
            read(id, arrival->bytes, now);
        } else {
            network_.send_from_server(id, arrival->bytes, now);
        }
    }
}

// ---- Faults and deadlines ---------------------------------------------------------------------------------------

void ApplianceHost::apply(const Fault& fault, Serial partition, Instant now)
{
    if (fault.kind == FaultKind::flap_cable || fault.kind == FaultKind::flap_ntls) {
        flap(fault, now);
        return;
    }
    const bool heals = fault.kind == FaultKind::heal || fault.kind == FaultKind::heal_all;
    if (heals && flapping_ && (!fault.only || *fault.only == flapping_->pattern)) {
        end_flapping(now);
    }
    step(FaultApplied{fault, partition}, now);
    faults_.apply(fault);
    faults_.no_power = !machine_.powered();
    ask_restless(now);
}

void ApplianceHost::flap(const Fault& fault, Instant now)
{
    const bool cable = fault.kind == FaultKind::flap_cable;
    Flapping flapping;
    flapping.pattern = fault.kind;
    flapping.down = cable ? FaultKind::cable_out : FaultKind::ntls_stop;
    flapping.up = cable ? FaultKind::cable_in : FaultKind::ntls_start;
    flapping.period = fault.duration;
    flapping.duty = fault.duration * static_cast<std::int64_t>(fault.per_mille) / 1000;
    flapping.next = now;
    flapping_ = flapping;
    handle_due(now);
}

void ApplianceHost::end_flapping(Instant now)
{
    Fault up;
    up.kind = flapping_->up;
    flapping_.reset();
    apply(up, {}, now);
}

void ApplianceHost::handle_due(Instant now)
{
    while (flapping_ && flapping_->next <= now) {
        Flapping& flapping = *flapping_;
        flapping.is_down = !flapping.is_down;
        flapping.next += flapping.is_down ? flapping.duty : flapping.period - flapping.duty;
        Fault part;
        part.kind = flapping.is_down ? flapping.down : flapping.up;
        apply(part, {}, now);
    }
    if (const auto due = machine_.next_deadline(); due && *due <= now) {
        step(DeadlineReached{}, now);
        faults_.no_power = !machine_.powered();
    }
    ask_restless(now);
}

void ApplianceHost::ask_restless(Instant now)
{
    std::vector<ConnectionId> restless;
    for (const auto& [id, connection] : restless_) {
        restless.push_back(id);
    }
    for (const ConnectionId id : restless) {
        drain(id, now);
        const auto found = restless_.find(id);
        if (found != restless_.end() && found->second->frame_due &&
            *found->second->frame_due <= now) {
            found->second->frame_due.reset();
            garbage_ = "a connection of appliance " + machine_.name() +
                       " did not finish its frame in time; the connection is closed";
            step(GarbageArrived{id}, now);
        }
    }
}

void ApplianceHost::forget(ConnectionId id)
{
    restless_.erase(id);
    connections_.erase(id);
}

/// Nothing of it is held back, now or from now on, and it is inside no frame.
bool ApplianceHost::is_calm(const Connection& connection)
{
    return !connection.frame_due && connection.in.transparent() && connection.out.transparent();
}

std::optional<Instant> ApplianceHost::next_deadline() const
{
    Instant due = machine_.next_deadline().value_or(kNever);
    if (flapping_) {
        due = std::min(due, flapping_->next);
    }
    for (const auto& [id, connection] : restless_) {
        due = std::min({due, connection->in.next_due().value_or(kNever),
                        connection->out.next_due().value_or(kNever),
                        connection->frame_due.value_or(kNever)});
    }
    return due == kNever ? std::nullopt : std::optional(due);
}

}  // namespace hasim::sim
