// Groups and their links: what a group's machine wants done is done, and what comes of it is handed back.
#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "sim/world/workstation.hpp"

namespace hasim::sim {

namespace {

/// The PKCS#11 function behind a request of hasim's own load.
std::string_view function_of(Operation operation)
{
    switch (operation) {
    case Operation::login: return "C_Login";
    case Operation::logout: return "C_Logout";
    case Operation::sign: return "C_Sign";
    case Operation::open:
    case Operation::call:
    case Operation::clone_out:
    case Operation::clone_in: break;
    }
    return {};
}

}  // namespace

std::uint32_t Workstation::session_number(ClientIndex client, GroupIndex group)
{
    return client * static_cast<std::uint32_t>(kMaxGroups) + group;
}

void Workstation::due(const QueuedEvent& event)
{
    const ClientIndex client = event.index / static_cast<std::uint32_t>(kMaxGroups);
    const GroupIndex group = event.index % static_cast<std::uint32_t>(kMaxGroups);
    GroupSession& group_session = clients_[client].group_sessions[group];
    session_timers_[event.index].fired();
    const auto due = group_session.group.next_deadline();
    if (due && *due <= context_.now) {
        post(client, group, ha::DeadlineReached{});
    } else {
        session_timers_[event.index].set(context_.queue, due, EventOwner::client, event.index);
    }
}

ha::GroupConfig Workstation::config_of(GroupIndex group) const
{
    ha::GroupConfig config{effective_.groups[group], effective_.ha, effective_.receive_timeout,
                           context_.options.messages, context_.options.has_objects};
    if (config.group.is_partition) {
        config.ha.log_enabled = false;
        config.ha.recovery_attempts = 0;
        config.ha.recovery_mode = RecoveryMode::active_basic;
    }
    return config;
}

void Workstation::post(ClientIndex client, GroupIndex group, const ha::Event& event)
{
    GroupSession& group_session = clients_[client].group_sessions[group];
    HASIM_ASSERT(effects_.empty());
    if (group_session.asleep > 0) {
        catch_up(client, group);
    }
    const GroupState before = group_session.group.state();
    group_session.group.step(event, context_.now, effects_);
    ha::Effects effects = std::exchange(effects_, {});
    if (const GroupState state = group_session.group.state(); state != before) {
        for (WorldObserver* observer : context_.observers) {
            observer->on_group(client, group, state, context_.now);
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
    session_timers_[number].set(context_.queue, group_session.group.next_deadline(),
                                EventOwner::client, number);
    if (group_session.asleep > 0 &&
        (!group_session.group.calm() || (members_changed && !all_would_answer(group_session)))) {
        wake(client, group);
    }
}

void Workstation::execute(ClientIndex client, GroupIndex group, const ha::Effects& effects)
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
            for (WorldObserver* observer : context_.observers) {
                observer->on_log(client, write->record);
            }
        } else if (const auto* changed = std::get_if<ha::MemberChanged>(&effect)) {
            for (const std::uint32_t load : loads_on_[session_number(client, group)]) {
                loads_[load].alike = 0;  // others serve it now, or nobody does
            }
            for (WorldObserver* observer : context_.observers) {
                observer->on_member(client, group, *changed, context_.now);
            }
        } else if (std::holds_alternative<ha::MembersEnded>(effect)) {
            for (WorldObserver* observer : context_.observers) {
                observer->on_finalized(client, group, context_.now);
            }
        }
    }
}

void Workstation::open_link(ClientIndex client, GroupIndex group, const ha::OpenLink& effect)
{
    const ApplianceIndex where = appliances_.host_of(effect.member);
    const auto [end, link] = links_.add();
    link.client = client;
    link.group = group;
    link.link = effect.link;
    clients_[client].group_sessions[group].ends.push_back({effect.link, end, effect.member, where});
    context_.network.connect(end, where, context_.now);
}

void Workstation::close_link(GroupSession& group_session, LinkId link)
{
    const auto at = std::find_if(group_session.ends.begin(), group_session.ends.end(),
                                 [&](const End& end) { return end.link == link; });
    if (at != group_session.ends.end()) {
        const ClientEnd end = at->end;
        group_session.ends.erase(at);
        links_.remove(end);
        context_.network.close_client(end, Ending::fin, context_.now);
    }
}

void Workstation::send_request(ClientIndex client, GroupIndex group, const ha::SendRequest& effect)
{
    const GroupSession& group_session = clients_[client].group_sessions[group];
    for (const End& end : group_session.ends) {
        if (end.link == effect.link) {
            context_.network.send_request(end.end, effect.request, context_.now);
            for (WorldObserver* observer : context_.observers) {
                observer->on_request_sent(client, group, end.member, effect.request.operation,
                                          context_.now);
                if (const auto function = function_of(effect.request.operation);
                    !function.empty()) {
                    observer->on_function_sent(client, group, end.member, function, context_.now);
                }
            }
            return;
        }
    }
}

void Workstation::link_over(ClientEnd end, bool opened, Code code)
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

void Workstation::connected(ClientEnd end)
{
    if (const Link* link = links_.find(end)) {
        post(link->client, link->group, ha::LinkOpened{link->link});
        do_ready();
    }
}

void Workstation::bytes(ClientEnd end, std::string_view bytes)
{
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
            const auto& ends = clients_[link->client].group_sessions[link->group].ends;
            const auto at = std::ranges::find(ends, end, &End::end);
            context_.diagnose("garbage from the appliance of member " +
                              std::string(at->member.text()) + ": " +
                              std::string(link->reader.error()) + "; the connection is closed");
            context_.network.close_client(end, Ending::reset, context_.now);
            link_over(end, true, Code::socket_read_error);
            break;
        }
        post(link->client, link->group, ha::ReplyArrived{link->link, link->reader.reply()});
    }
    do_ready();
}

bool Workstation::reply(ClientEnd end, Reply&& reply)
{
    const Link* const link = links_.find(end);
    if (link == nullptr || link->reader.inside_frame()) {
        return false;
    }
    post(link->client, link->group, ha::ReplyArrived{link->link, std::move(reply)});
    do_ready();
    return true;
}

}  // namespace hasim::sim
