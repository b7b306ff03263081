#include "pkcs11/reporter.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>

namespace hasim::pkcs11 {

namespace {

/// What waits at most (chosen): a lab that reads no more has other troubles.
constexpr std::size_t kMostWaitingReports = std::size_t{4} << 20U;
/// Calls are told of in batches: this large, or this old.
constexpr std::size_t kBatch = 16384;
constexpr std::chrono::milliseconds kOldest{1};

int connect_to(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) {
        return -1;
    }
    path.copy(address.sun_path, path.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor >= 0 &&
        ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(descriptor);
        return -1;
    }
    return descriptor;
}

cryptoki::Function function_of(sim::CallKind kind, cryptoki::Function told)
{
    switch (kind) {
    case sim::CallKind::initialize: return cryptoki::Function::initialize;
    case sim::CallKind::login: return cryptoki::Function::login;
    case sim::CallKind::logout: return cryptoki::Function::logout;
    case sim::CallKind::finalize: return cryptoki::Function::finalize;
    case sim::CallKind::sign:
    case sim::CallKind::other: break;
    }
    return told;
}

}  // namespace

Reporter::Reporter(const std::string& control, std::uint32_t first_group)
    : socket_(connect_to(control)), first_group_(first_group)
{
    tell(first_group, lab::Hello{static_cast<std::uint32_t>(::getpid())}, true);
}

Reporter::~Reporter()
{
    flush();
}

void Reporter::tell(sim::GroupIndex group, const lab::Report& report, bool at_once)
{
    if (!socket_.is_open() || group < first_group_) {
        return;
    }
    if (waiting_.size() > kMostWaitingReports) {
        ++untold_;
        return;
    }
    waiting_ += lab::line_of(report);
    const auto now = std::chrono::steady_clock::now();
    if (at_once || waiting_.size() >= kBatch || now - flushed_ >= kOldest) {
        flushed_ = now;
        flush();
    }
}

void Reporter::flush()
{
    while (!waiting_.empty() && socket_.is_open()) {
        const ssize_t sent =
            ::send(socket_.get(), waiting_.data(), waiting_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent <= 0) {
            if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
                socket_.close();
            }
            return;
        }
        waiting_.erase(0, static_cast<std::size_t>(sent));
        if (waiting_.empty() && untold_ > 0) {
            waiting_ = lab::line_of(lab::Untold{std::exchange(untold_, 0)});
        }
    }
}

void Reporter::on_call_made(CallId call, sim::ClientIndex, sim::GroupIndex, sim::CallKind kind,
                            Instant)
{
    if (socket_.is_open()) {
        functions_[call] = function_of(kind, function_);
    }
}

void Reporter::on_call(const sim::CallReport& report)
{
    const auto at = functions_.find(report.id);
    if (at != functions_.end()) {
        const bool at_once =
            report.kind != sim::CallKind::sign && report.kind != sim::CallKind::other;
        tell(report.group,
             lab::Returned{report.group - first_group_, at->second, report.code, report.moves,
                           report.returned - report.called},
             at_once);
        functions_.erase(at);
    }
}

void Reporter::on_request_sent(sim::ClientIndex, sim::GroupIndex group, Serial member,
                               Operation operation, Instant)
{
    cryptoki::Function function = function_;
    switch (operation) {
    case Operation::login: function = cryptoki::Function::login; break;
    case Operation::logout: function = cryptoki::Function::logout; break;
    case Operation::open:
    case Operation::clone_out:
    case Operation::clone_in: return;
    case Operation::sign:
    case Operation::call: break;
    }
    tell(group, lab::RequestSent{group - first_group_, member, function}, false);
}

void Reporter::on_member(sim::ClientIndex, sim::GroupIndex group, const ha::MemberChanged& change,
                         Instant)
{
    tell(group, lab::MemberTold{group - first_group_, change}, true);
}

void Reporter::on_group(sim::ClientIndex, sim::GroupIndex group, GroupState state, Instant)
{
    tell(group, lab::GroupChanged{group - first_group_, state}, true);
}

void Reporter::on_finalized(sim::ClientIndex, sim::GroupIndex group, Instant)
{
    tell(group, lab::GroupFinalized{group - first_group_}, true);
}

}  // namespace hasim::pkcs11
