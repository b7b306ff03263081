#include "swarm/shrink.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "scenario/faults.hpp"

namespace hasim::swarm {
namespace {

using std::chrono::seconds;

class Shrinking {
public:
    Shrinking(const Scenario& scenario, const StillFails& still_fails, std::uint64_t most)
        : best_(scenario), still_fails_(still_fails), most_(most)
    {
    }

    Shrunk run()
    {
        drop_texts();
        bool better = true;
        while (better && !over()) {
            better = drop_lines(&Scenario::events);
            better = drop_lines(&Scenario::expectations) || better;
            better = drop_header() || better;
            better = simplify_events() || better;
            better = simplify_header() || better;
        }
        return {std::move(best_), trials_, !over()};
    }

private:
    [[nodiscard]] bool over() const { return trials_ >= most_; }

    /// Keeps `candidate` when it fails too.
    bool take(Scenario candidate)
    {
        if (over() || candidate == best_) {
            return false;
        }
        ++trials_;
        if (!still_fails_(candidate)) {
            return false;
        }
        best_ = std::move(candidate);
        return true;
    }

    /// The best one with `change` done to it.
    template <class Change>
    bool attempt(Change change)
    {
        Scenario candidate = best_;
        change(candidate);
        return take(std::move(candidate));
    }

    void drop_texts()
    {
        attempt([](Scenario& scenario) {
            scenario.opening.clear();
            scenario.log.reset();
            for (Event& event : scenario.events) {
                event.remarks = {};
            }
            for (Expectation& expectation : scenario.expectations) {
                expectation.remarks = {};
            }
        });
    }

    /// Leaves out pieces of a list: half of it, quarters, ..., single lines.
    template <class Line>
    bool drop_lines(std::vector<Line> Scenario::*list)
    {
        bool better = false;
        for (std::size_t piece = std::max<std::size_t>(1, (best_.*list).size()); piece >= 1;
             piece /= 2) {
            // From the end: what comes late seldom causes what came before.
            std::size_t end = (best_.*list).size();
            while (end > 0 && !over()) {
                const std::size_t begin = end > piece ? end - piece : 0;
                better = attempt([&](Scenario& scenario) {
                             auto& lines = scenario.*list;
                             lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                                         lines.begin() + static_cast<std::ptrdiff_t>(end));
                         }) ||
                         better;
                end = begin;
            }
        }
        return better;
    }

    bool drop_header()
    {
        bool better = drop_lines(&Scenario::loads);
        better = drop_lines(&Scenario::placements) || better;
        better = drop_lines(&Scenario::clients) || better;
        better = attempt([](Scenario& s) { s.start.reset(); }) || better;
        better = attempt([](Scenario& s) { s.timezone.clear(); }) || better;
        better = attempt([](Scenario& s) { s.seed.reset(); }) || better;
        better = attempt([](Scenario& s) { s.load_none = false; }) || better;
        better = attempt([](Scenario& s) { s.messages.reset(); }) || better;
        better = attempt([](Scenario& s) { s.stamp.reset(); }) || better;
        better = attempt([](Scenario& s) { s.pin.clear(); }) || better;
        better = attempt([](Scenario& s) { s.port.reset(); }) || better;
        better = attempt([](Scenario& s) { s.live_no.clear(); }) || better;
        better = attempt([](Scenario& s) { s.length.reset(); }) || better;
        return better;
    }

    // ---- simpler words

    bool simplify_header()
    {
        bool better = false;
        for (std::size_t i = 0; i < best_.loads.size(); ++i) {
            better = attempt([i](Scenario& s) { s.loads[i].threads = 1; }) || better;
            better = attempt([i](Scenario& s) { s.loads[i].client.clear(); }) || better;
            better = attempt([i](Scenario& s) { s.loads[i].group.clear(); }) || better;
            better = attempt([i](Scenario& s) {
                         s.loads[i].count = 1;
                         s.loads[i].per = seconds(1);
                     }) ||
                     better;
        }
        while (best_.length && attempt([](Scenario& s) { *s.length = simpler(*s.length); })) {
            better = true;
        }
        return better;
    }

    bool simplify_events()
    {
        bool better = false;
        for (std::size_t i = 0; i < best_.events.size() && !over(); ++i) {
            better = simplify_trigger(i) || better;
            better = simplify_target(i) || better;
            better = simplify_fault(i) || better;
        }
        return better;
    }

    bool simplify_trigger(std::size_t i)
    {
        bool better = false;
        if (!std::holds_alternative<At>(best_.events[i].trigger)) {
            const Instant before = i == 0 ? kStart : moment(best_.events[i - 1]);
            better = attempt([&](Scenario& s) { s.events[i].trigger = At{before}; }) ||
                     attempt([&](Scenario& s) {
                         s.events[i].trigger = At{std::max(before, kStart + seconds(1))};
                     });
        }
        if (auto* on = std::get_if<On>(&best_.events[i].trigger); on != nullptr) {
            better = attempt([i](Scenario& s) { std::get<On>(s.events[i].trigger).after = {}; }) ||
                     better;
        }
        while (std::holds_alternative<At>(best_.events[i].trigger) && attempt([i](Scenario& s) {
                   Instant& at = std::get<At>(s.events[i].trigger).at;
                   at = kStart + simpler(at.time_since_epoch());
               })) {
            better = true;
        }
        return better;
    }

    static Instant moment(const Event& event)
    {
        const auto* at = std::get_if<At>(&event.trigger);
        return at == nullptr ? kStart : at->at;
    }

    bool simplify_target(std::size_t i)
    {
        const Target target = best_.events[i].target;
        if (target.kind == Target::Kind::hsm && target.first != target.last) {
            return attempt(
                       [i](Scenario& s) { s.events[i].target.last = s.events[i].target.first; }) ||
                   attempt(
                       [i](Scenario& s) { s.events[i].target.first = s.events[i].target.last; });
        }
        const scenario::FaultInfo& info = scenario::fault_info(best_.events[i].fault.kind);
        const bool hsm_fits = (info.targets & scenario::bit(Target::Kind::hsm)) != 0;
        if (hsm_fits && target.kind != Target::Kind::hsm && target.kind != Target::Kind::member) {
            return attempt([i](Scenario& s) {
                s.events[i].target = Target{Target::Kind::hsm, 1, 1, {}, {}};
            });
        }
        return false;
    }

    bool simplify_fault(std::size_t i)
    {
        bool better = attempt([i](Scenario& s) { s.events[i].fault.lasts.reset(); });
        better = attempt([i](Scenario& s) { s.events[i].fault.jitter = {}; }) || better;
        better = attempt([i](Scenario& s) { s.events[i].fault.pause = {}; }) || better;
        better = attempt([i](Scenario& s) { s.events[i].fault.text.clear(); }) || better;
        better = attempt([i](Scenario& s) {
                     s.events[i].fault.count = std::min<std::uint64_t>(1, s.events[i].fault.count);
                 }) ||
                 better;
        while (attempt([i](Scenario& s) {
            Duration& duration = s.events[i].fault.duration;
            duration = simpler(duration);
        })) {
            better = true;
        }
        while (best_.events[i].fault.lasts && attempt([i](Scenario& s) {
                   Duration& lasts = *s.events[i].fault.lasts;
                   lasts = simpler(lasts);
               })) {
            better = true;
        }
        return better;
    }

    /// A rounder length that is at most as long; itself when there is none.
    static Duration simpler(Duration length)
    {
        for (const Duration unit :
             {Duration(std::chrono::minutes(10)), Duration(std::chrono::minutes(1)),
              Duration(seconds(10)), Duration(seconds(1))}) {
            const Duration rounded = length / unit * unit;
            if (rounded != length && rounded > Duration::zero()) {
                return rounded;
            }
            if (length > unit) {
                return std::max(unit, length / 2 / unit * unit);
            }
        }
        return length;
    }

    Scenario best_;
    const StillFails& still_fails_;
    std::uint64_t most_;
    std::uint64_t trials_ = 0;
};

}  // namespace

Shrunk shrink(const Scenario& scenario, const StillFails& still_fails, std::uint64_t most_trials)
{
    return Shrinking(scenario, still_fails, most_trials).run();
}

}  // namespace hasim::swarm
