/// Plays the parts of a corpus in virtual time, as the runner of scenarios would, but keeps
/// nothing of what was: a corpus may be of any length.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/agenda.hpp"
#include "sim/corpus_draw.hpp"
#include "sim/serial_table.hpp"
#include "sim/virtual_network.hpp"
#include "sim/world.hpp"

namespace hasim::sim {

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

class CorpusPlay final : public Script, public WorldObserver {
public:
    /// Both must outlive the play.
    CorpusPlay(const Workstation& workstation, const DrawnPart& part, CorpusTarget& target);

    /// How many appointments there were so far: what the play costs.
    [[nodiscard]] std::uint64_t appointments() const { return agenda_.entered(); }

    /// Plays to the end, or until the target wants no more; the last moment that was played whole.
    Instant run();

    void on_due(std::uint64_t detail, Instant now) override;
    void on_log(ClientIndex client, const LogRecord& record) override;
    [[nodiscard]] bool watches_calls() const override { return false; }

private:
    void enter_event(std::size_t index);
    [[nodiscard]] std::uint64_t cause_of(const LogRecord& record);

    const DrawnPart& part_;
    CorpusTarget& target_;
    Agenda agenda_;
    VirtualNetwork network_;
    World world_;
    std::size_t next_cause_ = 0;
    SerialTable<std::uint64_t> causes_;  ///< in force, by member; 0: none
};

}  // namespace hasim::sim
