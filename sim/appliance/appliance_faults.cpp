// What is done to an appliance: its service and power, and the faults of its partitions.
#include <algorithm>

#include "sim/appliance/appliance.hpp"

namespace hasim::sim {

std::string_view name_of(ServiceState state)
{
    switch (state) {
    case ServiceState::running: return "running";
    case ServiceState::ntls_stopped: return "ntls_stopped";
    case ServiceState::ntls_restarting: return "ntls_restarting";
    case ServiceState::rebooting: return "rebooting";
    case ServiceState::off: return "off";
    }
    return "?";
}

std::string_view name_of(ServiceEvent event)
{
    switch (event) {
    case ServiceEvent::ntls_stop: return "ntls_stop";
    case ServiceEvent::ntls_start: return "ntls_start";
    case ServiceEvent::ntls_restart: return "ntls_restart";
    case ServiceEvent::power_off: return "power_off";
    case ServiceEvent::power_on: return "power_on";
    case ServiceEvent::reboot: return "reboot";
    case ServiceEvent::time_over: return "time_over";
    case ServiceEvent::heal: return "heal";
    }
    return "?";
}

std::optional<ServiceState> next_state(ServiceState state, ServiceEvent event)
{
    const bool powered = state != ServiceState::off && state != ServiceState::rebooting;
    const auto when = [](bool condition, ServiceState next) {
        return condition ? std::optional(next) : std::nullopt;
    };
    switch (event) {
    case ServiceEvent::ntls_stop:
        return when(powered && state != ServiceState::ntls_stopped, ServiceState::ntls_stopped);
    case ServiceEvent::ntls_start:
        return when(powered && state != ServiceState::running, ServiceState::running);
    case ServiceEvent::ntls_restart: return when(powered, ServiceState::ntls_restarting);
    case ServiceEvent::power_off: return when(state != ServiceState::off, ServiceState::off);
    case ServiceEvent::power_on: return when(!powered, ServiceState::running);
    case ServiceEvent::reboot: return ServiceState::rebooting;
    case ServiceEvent::time_over:
        return when(state == ServiceState::ntls_restarting || state == ServiceState::rebooting,
                    ServiceState::running);
    case ServiceEvent::heal: return when(state != ServiceState::running, ServiceState::running);
    }
    return std::nullopt;
}

void Appliance::move(ServiceEvent event, Duration lasts)
{
    if (const auto next = next_state(state_, event)) {
        enter(*next, lasts);
    }
}

// The one place that writes state_.
void Appliance::enter(ServiceState state, Duration lasts)
{
    const auto until = [&](Duration chosen) {
        const Duration wanted = lasts > Duration::zero() ? lasts : chosen;
        return wanted < kNever - now_ ? std::optional(now_ + wanted) : std::nullopt;
    };
    const bool had_power = powered();
    state_ = state;
    if (had_power && !powered()) {
        power_lost_ = now_;
    } else if (!had_power && powered()) {
        regain_power();
    }
    state_ends_.reset();
    switch (state) {
    case ServiceState::running: break;
    case ServiceState::ntls_restarting:
        state_ends_ = until(kNtlsRestartTime);
        close_all(Ending::fin, false);
        break;
    case ServiceState::ntls_stopped: close_all(Ending::fin, false); break;
    case ServiceState::rebooting:
        state_ends_ = until(kRebootTime);
        forget_connections();
        break;
    case ServiceState::off: forget_connections(); break;
    }
}

// A dead connection is one that the appliance no longer knows of: its own ending does not reach it.
void Appliance::close_all(Ending ending, bool dead_too)
{
    for (Connection& connection : connections_) {
        if (dead_too || !connection.dead) {
            end_sessions(connection);
            effects_->emplace_back(CloseConnection{connection.id, ending, {}});
        }
    }
    std::erase_if(connections_,
                  [&](const Connection& connection) { return dead_too || !connection.dead; });
}

void Appliance::forget_connections()
{
    due_.clear();
    for (Connection& connection : connections_) {
        end_sessions(connection);
        connection = Connection{.id = connection.id, .dead = true};
    }
}

/// What a long loss of power takes from the partitions.
void Appliance::regain_power()
{
    if (!activation_lasts_ || now_ - power_lost_ <= *activation_lasts_) {
        return;
    }
    for (Partition& partition : partitions_) {
        partition.activated = false;
    }
}

/// Something comes by the connection: is it too late?
void Appliance::cut_idle(Connection& connection)
{
    if (idle_cut_ && now_ - connection.heard > *idle_cut_) {
        connection.cut = true;
    }
    connection.heard = now_;
}

void Appliance::on(const FaultApplied& event)
{
    const Fault& fault = event.fault;
    switch (fault.kind) {
    case FaultKind::cable_out: cable_out_ = true; break;
    case FaultKind::cable_in: cable_out_ = false; break;
    case FaultKind::refuse: refuse_ = true; break;
    case FaultKind::reset: close_all(Ending::reset, true); break;
    case FaultKind::fin: close_all(Ending::fin, false); break;
    case FaultKind::silence_in: silence_in_ = true; break;
    case FaultKind::silence_out: silence_out_ = true; break;
    case FaultKind::accept_then_silence: accept_then_silence_ = true; break;
    case FaultKind::power_off: move(ServiceEvent::power_off, {}); break;
    case FaultKind::power_on: move(ServiceEvent::power_on, {}); break;
    case FaultKind::reboot: move(ServiceEvent::reboot, fault.duration); break;
    case FaultKind::ntls_stop: move(ServiceEvent::ntls_stop, {}); break;
    case FaultKind::ntls_start: move(ServiceEvent::ntls_start, {}); break;
    case FaultKind::ntls_restart: move(ServiceEvent::ntls_restart, fault.duration); break;
    case FaultKind::connection_limit: connection_limit_ = fault.count; break;
    case FaultKind::activation_lasts: activation_lasts_ = fault.duration; break;
    case FaultKind::idle_cut:
        idle_cut_ = fault.duration;
        for (Connection& connection : connections_) {
            connection.heard = now_;
        }
        break;
    case FaultKind::certificate_expired: certificate_expired_ = true; break;
    case FaultKind::heal:
        heal(fault.only, event.partition);
        if (!fault.only) {
            move(ServiceEvent::heal, {});
        }
        break;
    case FaultKind::heal_all:
        heal(std::nullopt, {});
        for (Partition& partition : partitions_) {
            partition.zeroised = false;
        }
        move(ServiceEvent::heal, {});
        break;
    default:
        for (Partition& partition : partitions_) {
            if (event.partition.empty() || event.partition == partition.serial) {
                apply(fault, partition);
            }
        }
        break;
    }
}

// Faults of the path, the client's machine and the client are left to those whom they concern.
void Appliance::apply(const Fault& fault, Partition& partition)
{
    switch (fault.kind) {
    case FaultKind::deactivate: partition.activated = false; break;
    case FaultKind::activate: partition.activated = true; break;
    case FaultKind::revoke: partition.assigned = false; break;
    case FaultKind::assign: partition.assigned = true; break;
    case FaultKind::zeroise:
        partition.zeroised = true;
        for (const cryptoki::ObjectNumber object : std::set(partition.objects)) {
            let_go(partition, nullptr, object);
        }
        break;
    case FaultKind::pin: partition.pin = fault.text; break;
    case FaultKind::lock_pin: partition.pin_locked = true; break;
    case FaultKind::busy: partition.busy = std::max(fault.duration, Duration::zero()); break;
    case FaultKind::slow: partition.factor_milli = fault.factor_milli; break;
    case FaultKind::return_code:
        partition.injection = Injection{fault.code, fault.count, fault.per_mille};
        break;
    case FaultKind::lose_object:
        if (!partition.objects.empty()) {
            let_go(partition, nullptr, *partition.objects.rbegin());  // numbers grow
        }
        break;
    case FaultKind::token_full: partition.full = true; break;
    case FaultKind::expire_sessions:
        for (Connection& connection : connections_) {
            if (connection.partition != kUnopened &&
                &partitions_[connection.partition] == &partition) {
                end_sessions(connection);
                connection.logged_in = false;
                connection.expired = true;
            }
        }
        break;
    default: break;
    }
}

// ---- Healing ------------------------------------------------------------------------------------------------------

// Ends every fault of partitions and connections, or the one kind that is named; what is zeroised stays so. Faults of
// connections end whatever partition is named: a member stands for its partition and its appliance.
void Appliance::heal(std::optional<FaultKind> only, Serial which)
{
    const auto ends = [&](FaultKind kind) { return !only || *only == kind; };
    if (ends(FaultKind::cable_out)) {
        cable_out_ = false;
    }
    if (ends(FaultKind::silence_in)) {
        silence_in_ = false;
    }
    if (ends(FaultKind::silence_out)) {
        silence_out_ = false;
    }
    if (ends(FaultKind::refuse)) {
        refuse_ = false;
    }
    if (ends(FaultKind::certificate_expired)) {
        certificate_expired_ = false;
    }
    if (ends(FaultKind::connection_limit)) {
        connection_limit_.reset();
    }
    if (ends(FaultKind::idle_cut)) {
        for (Connection& connection : connections_) {
            cut_idle(connection);
        }
        idle_cut_.reset();
    }
    if (ends(FaultKind::activation_lasts)) {
        activation_lasts_.reset();
    }
    if (ends(FaultKind::accept_then_silence)) {
        accept_then_silence_ = false;
        for (Connection& connection : connections_) {
            connection.mute = false;
        }
    }
    for (Partition& partition : partitions_) {
        if (which.empty() || which == partition.serial) {
            heal(partition, only);
        }
    }
}

void Appliance::heal(Partition& partition, std::optional<FaultKind> only)
{
    const Partition fresh;
    const auto ends = [&](FaultKind kind) { return !only || *only == kind; };
    if (ends(FaultKind::deactivate)) {
        partition.activated = fresh.activated;
    }
    if (ends(FaultKind::revoke)) {
        partition.assigned = fresh.assigned;
    }
    if (ends(FaultKind::pin)) {
        partition.pin = partition.first_pin;
    }
    if (ends(FaultKind::lock_pin)) {
        partition.pin_locked = fresh.pin_locked;
        partition.failed_logins = fresh.failed_logins;
    }
    if (ends(FaultKind::busy)) {
        partition.busy = fresh.busy;
    }
    if (ends(FaultKind::slow)) {
        partition.factor_milli = fresh.factor_milli;
    }
    if (ends(FaultKind::token_full)) {
        partition.full = false;
    }
    if (ends(FaultKind::return_code)) {
        partition.injection.reset();
    }
}

}  // namespace hasim::sim
