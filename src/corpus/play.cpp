#include "corpus/play.hpp"

#include "play/play.hpp"

namespace hasim::corpus {
namespace {

sim::WorldOptions options_of(const Workstation& workstation, const DrawnPart& part)
{
    play::PlayOptions options;
    options.settings = workstation.settings;
    options.scenario = part.scenario;
    return play::world_options(options);
}

}  // namespace

CorpusPlay::CorpusPlay(const Workstation& workstation, const DrawnPart& part, CorpusTarget& target)
    : part_(part),
      target_(target),
      network_(queue_),
      world_(options_of(workstation, part), queue_, network_)
{
    world_.watch(*this);
    world_.set_script(this);
}

Instant CorpusPlay::run()
{
    const Scenario& scenario = part_.scenario;
    enter_event(0);
    for (sim::ClientIndex client = 0; client < world_.clients(); ++client) {
        world_.start_client(client, kStart);
    }
    for (const Load& load : scenario.loads) {
        world_.start_load(load, kStart);
    }
    const Instant end = kStart + *scenario.length;
    Instant last = kStart;
    while (const auto due = queue_.next()) {
        if (*due > end) {
            break;
        }
        if (*due != last && !target_.go_on()) {
            return last;
        }
        last = *due;
        world_.step(*due);
    }
    return end;
}

/// They are in the order of time, and one in the queue is enough.
void CorpusPlay::enter_event(std::size_t index)
{
    const std::vector<Event>& events = part_.scenario.events;
    if (index < events.size()) {
        queue_.add(std::get<At>(events[index].trigger).at, sim::EventOwner::script, 0, index);
    }
}

void CorpusPlay::on_due(std::uint64_t detail, Instant now)
{
    enter_event(detail + 1);
    const Event& event = part_.scenario.events[detail];
    (void)world_.apply(event.fault, event.target, now);
}

std::uint64_t CorpusPlay::cause_of(const LogRecord& record)
{
    for (; next_cause_ < part_.causes.size() && part_.causes[next_cause_].at <= record.at;
         ++next_cause_) {
        causes_[part_.causes[next_cause_].member] = part_.causes[next_cause_].outage;
    }
    const std::uint64_t* const outage = causes_.find(record.member);
    return outage != nullptr ? *outage : 0;
}

void CorpusPlay::on_log(sim::ClientIndex, const LogRecord& record)
{
    target_.on_record(record, world_.clock_offset(), cause_of(record));
}

}  // namespace hasim::corpus
