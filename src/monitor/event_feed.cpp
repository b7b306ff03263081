#include "monitor/event_feed.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hasim::monitor {

std::uint64_t EventFeed::add(std::string_view kind, std::string_view data)
{
    const bool news = open_events_ == 0;
    open_ += fmt::format("id: {}\nevent: {}\ndata: {}\n\n", ++last_, kind, data);
    ++open_events_;
    if (open_.size() >= kPieceBytes) {
        seal();
    }
    if (news && on_news_) {
        on_news_();
    }
    return last_;
}

void EventFeed::seal()
{
    if (open_events_ == 0) {
        return;
    }
    bytes_ += open_.size();
    blocks_.push_back({last_ - open_events_ + 1, last_,
                       std::make_shared<const std::string>(std::exchange(open_, {}))});
    open_events_ = 0;
    while (bytes_ > kMostBytes) {
        bytes_ -= blocks_.front().text->size();
        blocks_.pop_front();
    }
}

bool EventFeed::keeps_behind(std::uint64_t number) const
{
    const std::uint64_t first = blocks_.empty() ? sealed() + 1 : blocks_.front().first;
    return number + 1 >= first && number <= last_;
}

std::optional<EventFeed::Piece> EventFeed::behind(std::uint64_t number) const
{
    const auto block =
        std::lower_bound(blocks_.begin(), blocks_.end(), number,
                         [](const Block& one, std::uint64_t wanted) { return one.last <= wanted; });
    if (block == blocks_.end()) {
        return std::nullopt;
    }
    std::size_t begin = 0;
    if (block->first <= number) {
        begin = block->text->find(fmt::format("id: {}\n", number + 1));
    }
    return Piece{block->text, begin, block->last};
}

}  // namespace hasim::monitor
