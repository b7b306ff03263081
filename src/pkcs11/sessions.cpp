#include "pkcs11/sessions.hpp"

namespace hasim::pkcs11 {

std::vector<ActiveOperation*> Session::that_ask_login()
{
    std::vector<ActiveOperation*> asking;
    for (auto& operation : operations) {
        if (operation && operation->asks_login) {
            asking.push_back(&*operation);
        }
    }
    return asking;
}

std::shared_ptr<Session> Sessions::open(CK_SLOT_ID slot, bool writes)
{
    auto session = std::make_shared<Session>();
    const std::lock_guard lock(mutex_);
    session->handle = ++last_;
    session->slot = slot;
    session->writes = writes;
    sessions_.emplace(session->handle, session);
    Count& count = counts_[slot];
    ++count.all;
    count.writing += writes ? 1U : 0U;
    return session;
}

std::shared_ptr<Session> Sessions::find(CK_SESSION_HANDLE handle) const
{
    const std::lock_guard lock(mutex_);
    const auto at = sessions_.find(handle);
    return at == sessions_.end() ? nullptr : at->second;
}

std::shared_ptr<Session> Sessions::close(CK_SESSION_HANDLE handle)
{
    const std::lock_guard lock(mutex_);
    const auto at = sessions_.find(handle);
    if (at == sessions_.end()) {
        return nullptr;
    }
    std::shared_ptr<Session> session = std::move(at->second);
    sessions_.erase(at);
    Count& count = counts_[session->slot];
    --count.all;
    count.writing -= session->writes ? 1U : 0U;
    return session;
}

std::vector<std::shared_ptr<Session>> Sessions::close_all(CK_SLOT_ID slot)
{
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Session>> closed;
    std::erase_if(sessions_, [&](const auto& entry) {
        if (entry.second->slot != slot) {
            return false;
        }
        closed.push_back(entry.second);
        return true;
    });
    counts_[slot] = {};
    return closed;
}

Sessions::Count Sessions::count(CK_SLOT_ID slot) const
{
    const std::lock_guard lock(mutex_);
    const auto at = counts_.find(slot);
    return at == counts_.end() ? Count{} : at->second;
}

std::vector<std::shared_ptr<Session>> Sessions::of(CK_SLOT_ID slot) const
{
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Session>> sessions;
    for (const auto& [handle, session] : sessions_) {
        if (session->slot == slot) {
            sessions.push_back(session);
        }
    }
    return sessions;
}

}  // namespace hasim::pkcs11
