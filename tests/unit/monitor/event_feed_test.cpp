#include "monitor/event_feed.hpp"

#include "support/catch.hpp"

using hasim::monitor::EventFeed;

namespace {

std::string text_behind(const EventFeed& feed, std::uint64_t number)
{
    std::string text;
    while (const auto piece = feed.behind(number)) {
        text += piece->text->substr(piece->begin);
        number = piece->last;
    }
    return text;
}

}  // namespace

TEST_CASE("events are numbered from 1, and readers get them once they are sealed")
{
    EventFeed feed;
    int news = 0;
    feed.on_news([&] { ++news; });
    CHECK(feed.last() == 0);
    CHECK(feed.keeps_behind(0));
    CHECK(feed.add("a", "{}") == 1);
    CHECK(feed.add("b", "{}") == 2);
    CHECK(news == 1);
    CHECK_FALSE(feed.behind(0));
    CHECK(feed.sealed() == 0);
    feed.seal();
    CHECK(feed.sealed() == 2);
    CHECK(text_behind(feed, 0) == "id: 1\nevent: a\ndata: {}\n\nid: 2\nevent: b\ndata: {}\n\n");
    CHECK(text_behind(feed, 1) == "id: 2\nevent: b\ndata: {}\n\n");
    CHECK(text_behind(feed, 2).empty());
    CHECK_FALSE(feed.keeps_behind(3));
    feed.add("c", "{}");
    CHECK(news == 2);
}

TEST_CASE("who goes on anywhere gets everything behind it, and who is too far behind is told")
{
    EventFeed feed;
    const std::string data = "\"" + std::string(1000, 'x') + "\"";
    while (feed.keeps_behind(0)) {
        feed.add("e", data);
        if (feed.last() % 7 == 0) {
            feed.seal();
        }
    }
    feed.seal();
    std::uint64_t first = 0;
    while (!feed.keeps_behind(first)) {
        ++first;
    }
    CHECK(feed.last() - first > EventFeed::kMostBytes / 1100);
    CHECK(feed.last() - first <= EventFeed::kMostBytes / 1000);
    for (const std::uint64_t from : {first, first + 1, first + 700, feed.last() - 1}) {
        const std::string text = text_behind(feed, from);
        CHECK(text.starts_with("id: " + std::to_string(from + 1) + "\n"));
        std::size_t events = 0;
        for (std::size_t at = text.find("\ndata: "); at != text.npos;
             at = text.find("\ndata: ", at + 1)) {
            ++events;
        }
        CHECK(events == feed.last() - from);
    }
}
