/// The groups of this process over real connections, and the calls on them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "cryptoki/call.hpp"
#include "live/background_read.hpp"
#include "live/file_watch.hpp"
#include "live/mailbox.hpp"
#include "live/tcp_network.hpp"
#include "pkcs11/client_world.hpp"
#include "pkcs11/configuration.hpp"
#include "pkcs11/diagnostics.hpp"
#include "pkcs11/log_output.hpp"
#include "pkcs11/loop.hpp"
#include "pkcs11/reporter.hpp"

namespace hasim::pkcs11 {

using SlotIndex = std::uint32_t;  ///< number of a slot: index of its group

/// What a command came to.
struct Reply {
    Code code = Code::ok;
    cryptoki::Result result;
    LinkId served{};
};

/// Who may serve a call, and how it is told apart.
struct Route {
    ha::Reach reach = ha::Reach::any;
    LinkId bound{};
};

/// All functions may be called from any thread, and wait for what they are about.
class Engine final : public sim::WorldObserver {
public:
    Engine(Configuration configuration, Diagnostics& diagnostics);
    ~Engine() override;

    /// C_Initialize: returns when every member of every group is decided.
    void initialize();
    /// C_Finalize: calls that are inside return.
    void finalize();
    /// The process ends without C_Finalize: what is still to be written is written, within bounds.
    void write_out();
    [[nodiscard]] Code login(SlotIndex slot, std::string_view pin);
    [[nodiscard]] Code logout(SlotIndex slot);
    [[nodiscard]] Reply call(SlotIndex slot, cryptoki::Call& call, const Route& route);

    [[nodiscard]] const std::vector<scenario::Slot>& slots() const { return configuration_.slots; }
    /// A member that serves is there.
    [[nodiscard]] bool present(SlotIndex slot) const { return presence_[slot].load(); }
    /// The next slot whose presence changed; waits for one when asked to. Nothing when there is none, or the engine
    /// ends.
    [[nodiscard]] std::optional<SlotIndex> next_slot_event(bool wait);
    /// Nobody waits for slot events any more.
    void end_slot_events();

    /// In the child of a fork: nothing here may be used any more, and nothing of the parent's is touched.
    void abandon();

    // ---- WorldObserver, on the loop
    void on_answer(const ha::Answer& answer, Instant now) override;
    void on_call_made(CallId call, sim::ClientIndex client, sim::GroupIndex group,
                      sim::CallKind kind, Instant now) override;
    void on_log(sim::ClientIndex client, const LogRecord& record) override;
    void on_member(sim::ClientIndex client, sim::GroupIndex group, const ha::MemberChanged& change,
                   Instant now) override;
    void on_diagnostic(const std::string& text, Instant now) override;

private:
    /// A call whose thread waits.
    struct Waiting {
        Loop::Request* request = nullptr;
        ha::Answer* answer = nullptr;
    };

    void begin(const std::vector<Loop::Request*>& requests);
    template <class Begin>
    ha::Answer wait_for(Begin begin);
    void take_edit(const std::string& text);
    void take_lab(const lab::LabFile& lab);
    [[nodiscard]] std::uint64_t next_transaction();

    Configuration configuration_;
    Diagnostics& diagnostics_;
    boost::asio::io_context io_{live::Driver::kOneThread};
    live::LiveClock clock_;
    live::TcpNetwork network_;
    live::Driver driver_;
    KnownAppliances appliances_;
    ClientWorld world_;
    LogOutput log_;
    Reporter reporter_;
    live::Mailbox<lab::LineWritten> written_;  ///< lines that are in the file
    std::map<CallId, Waiting> waiting_;   ///< only on the loop
    std::map<CallId, ha::Answer> early_;  ///< answered before anybody could wait; only on the loop
    std::uint64_t process_nonce_;         ///< tells the transactions of processes apart
    std::atomic<std::uint64_t> transactions_{0};
    std::unique_ptr<live::FileWatch> watch_;
    Settings edited_;                                 ///< as the file has them by now
    std::unique_ptr<live::BackgroundRead> lab_read_;  ///< from the first edit on
    std::vector<std::atomic<bool>> presence_;
    std::vector<CallId> initialize_calls_;  ///< by slot; only on the loop
    std::mutex events_mutex_;
    std::condition_variable events_changed_;
    std::vector<SlotIndex> events_;
    bool events_over_ = false;
    Loop loop_;  ///< last: its thread uses all of the above
};

}  // namespace hasim::pkcs11
