// The application's side of the world: client processes, their calls and their groups.
#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "sim/world/world.hpp"
#include "wire/frame.hpp"

namespace hasim::sim {

std::string_view name_of(CallKind kind)
{
    switch (kind) {
    case CallKind::initialize: return "C_Initialize";
    case CallKind::login: return "C_Login";
    case CallKind::logout: return "C_Logout";
    case CallKind::sign: return "C_Sign";
    case CallKind::finalize: return "C_Finalize";
    }
    return "?";
}

// ---- Processes --------------------------------------------------------------------------------------------------

void World::make_group_sessions(Client& client)
{
    client.group_sessions.clear();
    client.group_sessions.reserve(effective_.groups.size());
    for (const GroupSettings& group : effective_.groups) {
        client.group_sessions.emplace_back(ha::Group(client.pid, group.serial));
    }
}

/// Every group that the process has. One that does not run has none, and calls nothing.
template <class What>
void World::each_session(ClientIndex client, What what)
{
    for (GroupIndex group = 0; group < clients_[client].group_sessions.size(); ++group) {
        if (clients_[client].running && clients_[client].group_sessions[group].configured) {
            what(group);
        }
    }
}

void World::start_client(ClientIndex client, Instant now)
{
    clients_[client].login_follows = true;
    initialize(client, now);
}

/// The process is gone: the kernel closes its connections, its calls never return.
void World::kill(ClientIndex index, Instant now)
{
    begin(now);
    wake_all();
    Client& client = clients_[index];
    client.running = false;
    client.login_follows = false;
    client.session_calls = 0;
    client.verbs.clear();
    for (GroupSession& group_session : client.group_sessions) {
        for (const End& end : std::exchange(group_session.ends, {})) {
            links_.remove(end.end);
            network_.close_client(end.end, Ending::fin, now_);
        }
    }
    calls_.remove_if([&](const Call& call) { return call.client == index; });
    for (RunningLoad& load : loads_) {
        load.busy = load.client == index ? 0 : load.busy;
    }
    make_group_sessions(client);
    client.taken = 0;
    for (WorldObserver* observer : observers_) {
        observer->on_killed(index, now_);
    }
}

void World::restart(ClientIndex index, Pid pid, Instant now)
{
    kill(index, now);
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
    start_client(index, now);
}

// ---- Calls ------------------------------------------------------------------------------------------------------

CallId World::call(ClientIndex client, GroupIndex group, CallKind kind)
{
    const auto [id, call] = calls_.add();
    call.client = client;
    call.group = group;
    call.kind = kind;
    call.called = now_;
    clients_[client].session_calls += kind == CallKind::sign ? 0U : 1U;
    for (WorldObserver* observer : observers_) {
        observer->on_call_made(id, client, group, kind, now_);
    }
    return id;
}

void World::initialize(ClientIndex client, Instant now)
{
    begin(now);
    take_settings(client);
    each_session(client, [&](GroupIndex group) {
        post(client, group,
             ha::Initialize{call(client, group, CallKind::initialize), config_of(group)});
    });
    do_ready();
}

void World::login(ClientIndex client, std::string_view pin, Instant now)
{
    begin(now);
    const std::string used(pin.empty() ? std::string_view(options_.pin) : pin);
    each_session(client, [&](GroupIndex group) {
        post(client, group, ha::Login{call(client, group, CallKind::login), used});
    });
    do_ready();
}

void World::logout(ClientIndex client, Instant now)
{
    begin(now);
    each_session(client, [&](GroupIndex group) {
        post(client, group, ha::Logout{call(client, group, CallKind::logout)});
    });
    do_ready();
}

void World::finalize(ClientIndex client, Instant now)
{
    begin(now);
    wake_all();
    clients_[client].login_follows = false;
    each_session(client, [&](GroupIndex group) {
        clients_[client].group_sessions[group].initialized = false;
        post(client, group, ha::Finalize{call(client, group, CallKind::finalize)});
    });
    do_ready();
}

void World::sign(ClientIndex client, std::uint64_t count, Instant now)
{
    begin(now);
    each_session(client, [&](GroupIndex group) {
        make_sign(client, group, count == 0 ? 0 : count - 1, kNoLoad);
    });
    do_ready();
}

void World::make_sign(ClientIndex client, GroupIndex group, std::uint64_t more, std::uint32_t load)
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
void World::answered(ClientIndex client, GroupIndex group, const ha::Answer& answer)
{
    const Call* found = calls_.find(answer.call);
    if (found == nullptr) {
        for (WorldObserver* observer : observers_) {
            observer->on_stray_answer(answer.call, client, group, now_);
        }
        return;
    }
    const Call call = *found;
    calls_.remove(answer.call);
    const CallReport report{call.client, call.group,  call.kind,    call.called,
                            now_,        answer.code, answer.moves, answer.call};
    for (WorldObserver* observer : observers_) {
        observer->on_call(report);
    }
    if (call.load != kNoLoad) {
        --loads_[call.load].busy;
    }
    if (call.kind != CallKind::sign) {
        --clients_[call.client].session_calls;
        ready_.push_back(call);
    }
    if (call.kind == CallKind::initialize && answer.code == Code::ok) {
        clients_[call.client].group_sessions[call.group].initialized = true;
    } else if (call.more > 0) {
        ready_.push_back(call);
    }
}

void World::do_ready()
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
                 ha::Login{this->call(call.client, call.group, CallKind::login), options_.pin});
        } else if (client.session_calls == 0 && !client.verbs.empty()) {
            const Fault verb = std::move(client.verbs.front());
            client.verbs.pop_front();
            apply_to_client(verb, call.client);
        }
    }
}

// ---- Groups and their links -------------------------------------------------------------------------------------

ha::GroupConfig World::config_of(GroupIndex group) const
{
    return {effective_.groups[group], effective_.ha, effective_.receive_timeout, options_.messages};
}

void World::post(ClientIndex client, GroupIndex group, const ha::Event& event)
{
    GroupSession& group_session = clients_[client].group_sessions[group];
    HASIM_ASSERT(effects_.empty());
    if (group_session.asleep > 0) {
        catch_up(client, group);
    }
    const GroupState before = group_session.group.state();
    group_session.group.step(event, now_, effects_);
    ha::Effects effects = std::exchange(effects_, {});
    if (const GroupState state = group_session.group.state(); state != before) {
        for (WorldObserver* observer : observers_) {
            observer->on_group(client, group, state, now_);
        }
    }
    execute(client, group, effects);
    const bool members_changed =
        group_session.asleep > 0 &&
        std::any_of(effects.begin(), effects.end(), [](const ha::Effect& one) {
            return std::holds_alternative<ha::MemberChanged>(one);
        });
    effects.clear();
    effects_ = std::move(effects);  // keeps its room
    const std::uint32_t number = session_number(client, group);
    session_timers_[number].set(queue_, group_session.group.next_deadline(), EventOwner::client,
                                number);
    if (group_session.asleep > 0 &&
        (!group_session.group.calm() || (members_changed && !all_would_answer(group_session)))) {
        wake(client, group);
    }
}

void World::execute(ClientIndex client, GroupIndex group, const ha::Effects& effects)
{
    for (const ha::Effect& effect : effects) {
        if (const auto* send = std::get_if<ha::SendRequest>(&effect)) {
            send_request(client, group, *send);
        } else if (const auto* answer = std::get_if<ha::Answer>(&effect)) {
            answered(client, group, *answer);
        } else if (const auto* open = std::get_if<ha::OpenLink>(&effect)) {
            open_link(client, group, *open);
        } else if (const auto* close = std::get_if<ha::CloseLink>(&effect)) {
            close_link(clients_[client].group_sessions[group], close->link);
        } else if (const auto* write = std::get_if<ha::WriteLog>(&effect)) {
            for (WorldObserver* observer : observers_) {
                observer->on_log(client, write->record);
            }
        } else if (const auto* changed = std::get_if<ha::MemberChanged>(&effect)) {
            for (WorldObserver* observer : observers_) {
                observer->on_member(client, group, *changed, now_);
            }
        } else if (std::holds_alternative<ha::MembersEnded>(effect)) {
            for (WorldObserver* observer : observers_) {
                observer->on_finalized(client, group, now_);
            }
        }
    }
}

void World::open_link(ClientIndex client, GroupIndex group, const ha::OpenLink& effect)
{
    const ApplianceIndex where = host_of(effect.member);
    const auto [end, link] = links_.add();
    link.client = client;
    link.group = group;
    link.link = effect.link;
    link.member = effect.member;
    clients_[client].group_sessions[group].ends.push_back({effect.link, end, where});
    network_.connect(end, where, now_);
}

void World::close_link(GroupSession& group_session, LinkId link)
{
    const auto at = std::find_if(group_session.ends.begin(), group_session.ends.end(),
                                 [&](const End& end) { return end.link == link; });
    if (at != group_session.ends.end()) {
        const ClientEnd end = at->end;
        group_session.ends.erase(at);
        links_.remove(end);
        network_.close_client(end, Ending::fin, now_);
    }
}

void World::send_request(ClientIndex client, GroupIndex group, const ha::SendRequest& effect)
{
    const GroupSession& group_session = clients_[client].group_sessions[group];
    for (const End& end : group_session.ends) {
        if (end.link == effect.link) {
            scratch_.clear();
            wire::encode(effect.request, scratch_);
            network_.send_from_client(end.end, scratch_, now_);
            for (WorldObserver* observer : observers_) {
                observer->on_request_sent(client, group, links_.find(end.end)->member,
                                          effect.request.operation, now_);
            }
            return;
        }
    }
}

void World::client_link_over(ClientEnd end, bool opened, Code code)
{
    const Link* link = links_.find(end);
    if (link == nullptr) {
        return;
    }
    const ClientIndex client = link->client;
    const GroupIndex group = link->group;
    const LinkId id = link->link;
    links_.remove(end);
    std::erase_if(clients_[client].group_sessions[group].ends,
                  [&](const End& entry) { return entry.end == end; });
    if (opened) {
        post(client, group, ha::LinkClosed{id, code});
    } else {
        post(client, group, ha::LinkFailed{id, code});
    }
    do_ready();
}

void World::on_connected(ClientEnd end, Instant now)
{
    begin(now);
    if (const Link* link = links_.find(end)) {
        post(link->client, link->group, ha::LinkOpened{link->link});
        do_ready();
    }
}

void World::on_connect_failed(ClientEnd end, Code code, Instant now)
{
    begin(now);
    client_link_over(end, false, code);
}

void World::on_client_closed(ClientEnd end, Ending, Instant now)
{
    begin(now);
    client_link_over(end, true, Code::server_disconnected);
}

void World::on_client_bytes(ClientEnd end, std::string_view bytes, Instant now)
{
    begin(now);
    Link* link = links_.find(end);
    if (link == nullptr) {
        return;
    }
    link->reader.feed(bytes);
    // Every reply may end this very link, so it is looked up again each time.
    while ((link = links_.find(end)) != nullptr) {
        const wire::ReadStatus status = link->reader.next();
        if (status == wire::ReadStatus::need_more) {
            break;
        }
        if (status == wire::ReadStatus::error) {
            diagnose("garbage from the appliance of member " + std::string(link->member.text()) +
                     ": " + std::string(link->reader.error()) + "; the connection is closed");
            network_.close_client(end, Ending::reset, now_);
            client_link_over(end, true, Code::socket_read_error);
            break;
        }
        post(link->client, link->group, ha::ReplyArrived{link->link, link->reader.reply()});
    }
    do_ready();
}

}  // namespace hasim::sim
