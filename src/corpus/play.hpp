/// Plays the parts of a corpus in virtual time, as the runner of scenarios would, but keeps
/// nothing of what was: a corpus may be of any length.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/serial_table.hpp"
#include "corpus/draw.hpp"
#include "sim/event_queue.hpp"
#include "sim/network/virtual_network.hpp"
#include "sim/world/world.hpp"

namespace hasim::corpus {

/// Who takes the records of a part.
class CorpusTarget {
public:
    virtual ~CorpusTarget() = default;
    /// `clock_offset`: how wrong the workstation's clock is. `outage` is what caused the record; 0: none did.
    virtual void on_record(const LogRecord& record, Duration clock_offset,
                           std::uint64_t outage) = 0;
    /// Asked between two moments: false ends the part there.
    [[nodiscard]] virtual bool go_on() = 0;
};

class CorpusPlay final : public sim::Script, public sim::WorldObserver {
public:
    /// Both must outlive the play.
    CorpusPlay(const Workstation& workstation, const DrawnPart& part, CorpusTarget& target);

    /// How many events there were so far: what the play costs.
    [[nodiscard]] std::uint64_t events() const { return queue_.entered(); }

    /// Plays to the end, or until the target wants no more; the last moment that was played whole.
    Instant run();

    void on_due(std::uint64_t detail, Instant now) override;
    void on_log(sim::ClientIndex client, const LogRecord& record) override;
    [[nodiscard]] sim::CallInterest call_interest() const override
    {
        return sim::CallInterest::none;
    }

private:
    void enter_event(std::size_t index);
    [[nodiscard]] std::uint64_t cause_of(const LogRecord& record);

    const DrawnPart& part_;
    CorpusTarget& target_;
    sim::EventQueue queue_;
    sim::VirtualNetwork network_;
    sim::World world_;
    std::size_t next_cause_ = 0;
    SerialTable<std::uint64_t> causes_;  ///< in force, by member; 0: none
};

}  // namespace hasim::corpus
