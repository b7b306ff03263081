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
    step(ConnectionAccepted{connection}, now);
}

void ApplianceHost::bytes(ConnectionId id, std::string_view bytes, Instant now)
{
    if (transparent(id, Direction::to_appliance)) {
        read(id, bytes, now);
    } else {
        traffic_of(id).in.offer(bytes, now, random_);
        drain(id, now);
    }
}

bool ApplianceHost::request(ConnectionId id, const Request& request, Instant now)
{
    const Traffic* const traffic = find(id);
    if (!transparent(id, Direction::to_appliance) ||
        (traffic != nullptr && traffic->reader.inside_frame())) {
        return false;
    }
    step(RequestArrived{id, request.id, request.operation, request.body}, now);
    return true;
}

void ApplianceHost::closed(ConnectionId id, Ending ending, Instant now)
{
    if (transparent(id, Direction::to_appliance)) {
        forget(id);
        step(ConnectionClosed{id}, now);
    } else {
        traffic_of(id).in.offer_end(ending, now, random_);
        drain(id, now);
    }
}

/// Bytes that got through to the appliance.
void ApplianceHost::read(ConnectionId id, std::string_view bytes, Instant now)
{
    wire::FrameReader reader(wire::FrameKind::request);
    if (Traffic* const traffic = find(id)) {
        std::swap(reader, traffic->reader);
    }
    reader.feed(bytes);
    while (machine_.has(id)) {  // a request may end the connection
        const wire::ReadStatus status = reader.next();
        if (status == wire::ReadStatus::need_more) {
            keep_frame(id, std::move(reader), now);
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
void ApplianceHost::keep_frame(ConnectionId id, wire::FrameReader&& reader, Instant now)
{
    if (reader.inside_frame()) {
        Traffic& traffic = traffic_of(id);
        traffic.reader = std::move(reader);
        traffic.frame_due = traffic.frame_due.value_or(now + kSlowestFrame);
        note_due(id, traffic);
    } else if (Traffic* const traffic = find(id)) {
        traffic->frame_due.reset();
        forget_when_over(id);
    }
}

// ---- Traffic ----------------------------------------------------------------------------------------------------

/// Null when nothing is under way on that connection.
ApplianceHost::Traffic* ApplianceHost::find(ConnectionId id)
{
    const auto found = traffic_.find(id);
    return found == traffic_.end() ? nullptr : &found->second;
}

ApplianceHost::Traffic& ApplianceHost::traffic_of(ConnectionId id)
{
    return traffic_.try_emplace(id, faults_).first->second;
}

/// Bytes and endings go by.
bool ApplianceHost::transparent(ConnectionId id, Direction direction)
{
    const Traffic* const traffic = find(id);
    if (traffic == nullptr) {
        return !faults_.active(direction);
    }
    return (direction == Direction::to_appliance ? traffic->in : traffic->out).transparent();
}

void ApplianceHost::forget(ConnectionId id)
{
    if (const Traffic* const traffic = find(id)) {
        due_.erase({traffic->noted, id});
        traffic_.erase(id);
    }
}

void ApplianceHost::forget_when_over(ConnectionId id)
{
    Traffic* const traffic = find(id);
    if (traffic != nullptr && traffic->over()) {
        forget(id);
    } else if (traffic != nullptr) {
        note_due(id, *traffic);
    }
}

void ApplianceHost::note_due(ConnectionId id, Traffic& traffic)
{
    const Instant due =
        std::min({traffic.in.next_due().value_or(kNever), traffic.out.next_due().value_or(kNever),
                  traffic.frame_due.value_or(kNever)});
    if (due != traffic.noted) {
        due_.erase({std::exchange(traffic.noted, due), id});
        if (due != kNever) {
            due_.emplace(due, id);
        }
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
        if (transparent(reply->connection, Direction::to_client)) {
            network_.send_reply(reply->connection, reply->reply, now);
        } else {
            scratch_.clear();
            wire::encode(reply->reply, scratch_);
            traffic_of(reply->connection).out.offer(scratch_, now, random_);
            drain(reply->connection, now);
        }
    } else if (const auto* close = std::get_if<CloseConnection>(&effect)) {
        if (!close->reason.empty() && garbage_.empty()) {
            garbage_ = "appliance " + machine_.name() +
                       " closes a connection: " + std::string(close->reason);
        }
        if (transparent(close->connection, Direction::to_client)) {
            forget(close->connection);
            network_.close_server(close->connection, close->ending, now);
        } else {
            traffic_of(close->connection).out.offer_end(close->ending, now, random_);
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
        Traffic* const traffic = find(id);
        if (traffic == nullptr) {
            return;
        }
        bool inward = true;
        auto arrival = traffic->in.take(now);
        if (!arrival) {
            inward = false;
            arrival = traffic->out.take(now);
        }
        if (!arrival) {
            forget_when_over(id);
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
    faults_.set_powered(machine_.powered());
    drain_all(now);
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
        const bool had_power = machine_.powered();
        step(DeadlineReached{}, now);
        faults_.set_powered(machine_.powered());
        if (machine_.powered() != had_power) {
            drain_all(now);
        }
    }
    drain_due(now);
}

/// A fault of the path began or ended.
void ApplianceHost::drain_all(Instant now)
{
    std::vector<ConnectionId> all;
    for (const auto& [id, traffic] : traffic_) {
        all.push_back(id);
    }
    drain_each(all, now);
}

void ApplianceHost::drain_due(Instant now)
{
    std::vector<ConnectionId> all;
    for (const auto& [due, id] : due_) {
        if (due > now) {
            break;
        }
        all.push_back(id);
    }
    std::sort(all.begin(), all.end());
    drain_each(all, now);
}

void ApplianceHost::drain_each(const std::vector<ConnectionId>& all, Instant now)
{
    for (const ConnectionId id : all) {
        drain(id, now);
        Traffic* const traffic = find(id);
        if (traffic != nullptr && traffic->frame_due && *traffic->frame_due <= now) {
            traffic->frame_due.reset();
            note_due(id, *traffic);
            garbage_ = "a connection of appliance " + machine_.name() +
                       " did not finish its frame in time; the connection is closed";
            step(GarbageArrived{id}, now);
        }
    }
}

std::optional<Instant> ApplianceHost::next_deadline() const
{
    Instant due = machine_.next_deadline().value_or(kNever);
    if (flapping_) {
        due = std::min(due, flapping_->next);
    }
    if (!due_.empty()) {
        due = std::min(due, due_.begin()->first);
    }
    return due == kNever ? std::nullopt : std::optional(due);
}

}  // namespace hasim::sim
