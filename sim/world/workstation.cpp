// Processes and what they call.
#include "sim/world/workstation.hpp"

#include <algorithm>
#include <utility>

namespace hasim::sim {

namespace {

/// Made by any thread; all other calls are the main thread's.
bool is_command(CallKind kind)
{
    return kind == CallKind::sign || kind == CallKind::other;
}

}  // namespace

Workstation::Workstation(WorldContext& context, ApplianceDirectory& appliances)
    : context_(context),
      appliances_(appliances),
      file_(context.options.settings),
      newest_(context.options.settings),
      effective_(context.options.settings)
{
    session_timers_.resize(context.options.clients.size() * kMaxGroups);
    loads_on_.resize(session_timers_.size());
    for (const ClientOptions& client : context.options.clients) {
        clients_.push_back({client.name, client.pid, {}, true, false, 0, {}, newest_number_});
        make_group_sessions(clients_.back());
    }
}

std::string_view name_of(CallKind kind)
{
    switch (kind) {
    case CallKind::initialize: return "C_Initialize";
    case CallKind::login: return "C_Login";
    case CallKind::logout: return "C_Logout";
    case CallKind::sign: return "C_Sign";
    case CallKind::finalize: return "C_Finalize";
    case CallKind::other: return "a call";
    }
    return "?";
}

// ---- Processes --------------------------------------------------------------------------------------------------

void Workstation::make_group_sessions(Client& client)
{
    client.group_sessions.clear();
    client.group_sessions.reserve(effective_.groups.size());
    for (const GroupSettings& group : effective_.groups) {
        client.group_sessions.emplace_back(ha::Group(client.pid, group.serial));
    }
}

/// Every group that the process has. One that does not run has none, and calls nothing.
template <class What>
void Workstation::each_session(ClientIndex client, What what)
{
    for (GroupIndex group = 0; group < clients_[client].group_sessions.size(); ++group) {
        if (clients_[client].running && clients_[client].group_sessions[group].configured) {
            what(group);
        }
    }
}

void Workstation::start_client(ClientIndex client)
{
    clients_[client].login_follows = true;
    initialize(client);
}

/// The process is gone: the kernel closes its connections, its calls never return.
void Workstation::kill(ClientIndex index)
{
    wake_all();
    Client& client = clients_[index];
    client.running = false;
    client.login_follows = false;
    client.session_calls = 0;
    client.verbs.clear();
    for (GroupSession& group_session : client.group_sessions) {
        for (const End& end : std::exchange(group_session.ends, {})) {
            links_.remove(end.end);
            context_.network.close_client(end.end, Ending::fin, context_.now);
        }
    }
    calls_.remove_if([&](const Call& call) { return call.client == index; });
    for (RunningLoad& load : loads_) {
        load.busy = load.client == index ? 0 : load.busy;
    }
    make_group_sessions(client);
    client.taken = 0;
    for (WorldObserver* observer : context_.observers) {
        observer->on_killed(index, context_.now);
    }
}

void Workstation::restart(ClientIndex index, Pid pid)
{
    kill(index);
    Client& client = clients_[index];
    client.pid = pid.value != 0 ? pid : Pid{client.pid.value + 1};
    // No two processes of a machine have one number: the next free one is taken (chosen).
    const auto has_it = [&](const Client& other) {
        return &other != &client && other.pid == client.pid;
    };
    while (std::any_of(clients_.begin(), clients_.end(), has_it)) {
        ++client.pid.value;
    }
    client.running = true;
    make_group_sessions(client);
    start_client(index);
}

// ---- Calls ------------------------------------------------------------------------------------------------------

CallId Workstation::call(ClientIndex client, GroupIndex group, CallKind kind)
{
    const auto [id, call] = calls_.add();
    call.client = client;
    call.group = group;
    call.kind = kind;
    call.called = context_.now;
    clients_[client].session_calls += is_command(kind) ? 0U : 1U;
    for (WorldObserver* observer : context_.observers) {
        observer->on_call_made(id, client, group, kind, context_.now);
    }
    return id;
}

void Workstation::initialize(ClientIndex client)
{
    take_settings(client);
    each_session(client, [&](GroupIndex group) {
        post(client, group,
             ha::Initialize{call(client, group, CallKind::initialize), config_of(group)});
    });
    do_ready();
}

void Workstation::login(ClientIndex client, std::string_view pin)
{
    const std::string used(pin.empty() ? std::string_view(context_.options.pin) : pin);
    each_session(client, [&](GroupIndex group) {
        post(client, group, ha::Login{call(client, group, CallKind::login), used});
    });
    do_ready();
}

void Workstation::logout(ClientIndex client)
{
    each_session(client, [&](GroupIndex group) {
        post(client, group, ha::Logout{call(client, group, CallKind::logout)});
    });
    do_ready();
}

void Workstation::finalize(ClientIndex client)
{
    wake_all();
    clients_[client].login_follows = false;
    each_session(client, [&](GroupIndex group) {
        clients_[client].group_sessions[group].initialized = false;
        post(client, group, ha::Finalize{call(client, group, CallKind::finalize)});
    });
    do_ready();
}

void Workstation::sign(ClientIndex client, std::uint64_t count)
{
    each_session(client, [&](GroupIndex group) {
        make_sign(client, group, count == 0 ? 0 : count - 1, kNoLoad);
    });
    do_ready();
}

CallId Workstation::login(ClientIndex client, GroupIndex group, std::string_view pin)
{
    const CallId id = call(client, group, CallKind::login);
    post(client, group, ha::Login{id, std::string(pin)});
    do_ready();
    return id;
}

CallId Workstation::logout(ClientIndex client, GroupIndex group)
{
    const CallId id = call(client, group, CallKind::logout);
    post(client, group, ha::Logout{id});
    do_ready();
    return id;
}

CallId Workstation::command(ClientIndex client, GroupIndex group, CallKind kind,
                            ha::Command command)
{
    command.call = call(client, group, kind);
    const CallId id = command.call;
    post(client, group, command);
    do_ready();
    return id;
}

void Workstation::make_sign(ClientIndex client, GroupIndex group, std::uint64_t more,
                            std::uint32_t load)
{
    const CallId id = call(client, group, CallKind::sign);
    calls_.find(id)->more = more;
    calls_.find(id)->load = load;
    const std::uint64_t number = ++signed_;
    std::string data(8, '\0');
    for (std::size_t i = 0; i < data.size(); ++i) {
        data[i] = static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
    }
    post(client, group, ha::Command{id, std::move(data)});
}

/// A call returned. Its caller goes on only when the step is over: ready_.
void Workstation::answered(ClientIndex client, GroupIndex group, const ha::Answer& answer)
{
    const Call* found = calls_.find(answer.call);
    if (found == nullptr) {
        for (WorldObserver* observer : context_.observers) {
            observer->on_stray_answer(answer.call, client, group, context_.now);
        }
        return;
    }
    const Call call = *found;
    calls_.remove(answer.call);
    for (WorldObserver* observer : context_.observers) {
        observer->on_answer(answer, context_.now);
    }
    const CallReport report{call.client,  call.group,  call.kind,    call.called,
                            context_.now, answer.code, answer.moves, answer.call};
    for (WorldObserver* observer : context_.observers) {
        observer->on_call(report);
    }
    if (call.load != kNoLoad) {
        RunningLoad& load = loads_[call.load];
        --load.busy;
        const Duration took = context_.now - call.called;
        const bool served = answer.code == Code::ok && answer.moves == 0;
        load.alike = !served ? 0 : took == load.took ? load.alike + 1 : 1;
        load.took = took;
    }
    if (!is_command(call.kind)) {
        --clients_[call.client].session_calls;
        ready_.push_back(call);
    }
    if (call.kind == CallKind::initialize && answer.code == Code::ok) {
        clients_[call.client].group_sessions[call.group].initialized = true;
    } else if (call.more > 0) {
        ready_.push_back(call);
    }
}

void Workstation::do_ready()
{
    while (!ready_.empty()) {
        const Call call = ready_.front();
        ready_.pop_front();
        Client& client = clients_[call.client];
        if (!client.running) {
            continue;
        }
        if (call.more > 0) {
            make_sign(call.client, call.group, call.more - 1, kNoLoad);
        } else if (call.kind == CallKind::initialize && client.login_follows) {
            post(call.client, call.group,
                 ha::Login{this->call(call.client, call.group, CallKind::login),
                           context_.options.pin});
        } else if (client.session_calls == 0 && !client.verbs.empty()) {
            const Fault verb = std::move(client.verbs.front());
            client.verbs.pop_front();
            apply_to_client(verb, call.client);
        }
    }
}

}  // namespace hasim::sim
