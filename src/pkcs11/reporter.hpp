/// Tells the lab, when there is one, what happens to the groups of this process. Never waits for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "host/file_handle.hpp"
#include "lab/events.hpp"
#include "sim/world/world_observer.hpp"

namespace hasim::pkcs11 {

class Reporter final : public sim::WorldObserver {
public:
    /// Connects to the socket at `control`; empty: nothing is told. Groups are numbered from slot `first_group` on.
    Reporter(const std::string& control, std::uint32_t first_group);
    ~Reporter() override;

    /// Which function the next call that is made is for.
    void about_to_call(cryptoki::Function function) { function_ = function; }
    /// The line is in the file: who waits for it may read it there.
    void line_written(const lab::LineWritten& line) { tell(first_group_, line, true); }
    /// Sends what is waiting to be sent.
    void flush();
    /// In the child of a fork: the connection is the parent's.
    void abandon() { socket_.close(); }

    void on_call_made(CallId call, sim::ClientIndex client, sim::GroupIndex group,
                      sim::CallKind kind, Instant now) override;
    void on_call(const sim::CallReport& report) override;
    void on_request_sent(sim::ClientIndex client, sim::GroupIndex group, Serial member,
                         Operation operation, Instant now) override;
    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant now) override;
    void on_group(sim::ClientIndex client, sim::GroupIndex group, GroupState state,
                  Instant now) override;
    void on_finalized(sim::ClientIndex client, sim::GroupIndex group, Instant now) override;

private:
    void tell(sim::GroupIndex group, const lab::Report& report, bool at_once);

    host::FileHandle socket_;
    std::uint32_t first_group_;
    std::string waiting_;
    std::uint64_t untold_ = 0;
    std::chrono::steady_clock::time_point flushed_{};
    cryptoki::Function function_ = cryptoki::Function::sign;
    std::map<CallId, cryptoki::Function> functions_;  ///< of calls that have not returned
};

}  // namespace hasim::pkcs11
