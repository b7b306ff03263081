/// What happens in a run, as numbered server-sent events (HTML standard, 9.2), kept for a while: readers come at any
/// time, go on where they were, and who reads too slowly loses the thread, never the run.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hasim::monitor {

class EventFeed {
public:
    /// What is kept (chosen): some 20,000 events.
    static constexpr std::size_t kMostBytes = std::size_t{4} << 20U;

    /// A stretch of the stream that many readers share.
    struct Piece {
        std::shared_ptr<const std::string> text;
        std::size_t begin = 0;   ///< where in the text it begins
        std::uint64_t last = 0;  ///< number of its last event
    };

    /// Adds an event; `data` is one line. Its number, from 1.
    std::uint64_t add(std::string_view kind, std::string_view data);

    /// Number of the last event; 0 before the first.
    [[nodiscard]] std::uint64_t last() const { return last_; }

    /// Called when something was added and nobody has sealed it yet.
    void on_news(std::function<void()> listener) { on_news_ = std::move(listener); }
    /// Makes what was added since then a piece that readers get.
    void seal();

    /// All events behind `number` are still there, or still to come.
    [[nodiscard]] bool keeps_behind(std::uint64_t number) const;
    /// The sealed events behind `number`, or the first of them; nothing when there are none.
    [[nodiscard]] std::optional<Piece> behind(std::uint64_t number) const;
    /// Number of the last event that was sealed.
    [[nodiscard]] std::uint64_t sealed() const { return last_ - open_events_; }

private:
    /// A piece is sealed when it has grown to this, so that one who goes on in its middle finds that soon.
    static constexpr std::size_t kPieceBytes = std::size_t{64} << 10U;

    struct Block {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::shared_ptr<const std::string> text;
    };

    std::deque<Block> blocks_;  ///< without gaps, the oldest first
    std::size_t bytes_ = 0;     ///< of all blocks
    std::string open_;
    std::uint64_t open_events_ = 0;
    std::uint64_t last_ = 0;
    std::function<void()> on_news_;
};

}  // namespace hasim::monitor
