/// What a run's log says of each member, and whether virtual time could have told the same.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "play/play.hpp"

namespace hasim::swarm {

/// What a log says of one member for one process, without times.
using MemberKey = std::tuple<sim::ClientIndex, Serial, Serial>;
using Line = std::tuple<Pid, LogForm, std::uint32_t, Code>;
using Story = std::map<MemberKey, std::vector<Line>>;

class StoryObserver final : public sim::WorldObserver {
public:
    void on_log(sim::ClientIndex client, const LogRecord& record) override;

    Story story;
};

/// Empty, or what `live` has for a member that no play of `options` in virtual time has. Where a moment decides what
/// happens, any of the stories is right: it is played many times, and whatever may come sooner or later on a real
/// machine does, by up to `late`.
[[nodiscard]] std::string difference(const play::PlayOptions& options, const Story& live,
                                     Duration late);

}  // namespace hasim::swarm
