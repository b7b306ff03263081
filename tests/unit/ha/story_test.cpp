// Goal: the group tells each story of the manual exactly, and when anything in a story fails it keeps its invariants.
#include "stories.hpp"

#include <set>

#include "log/catalogue.hpp"

using namespace hasim;
using hasim::test::Story;

TEST_CASE("good stories have exactly these lines and returns")
{
    for (const Story& story : test::good_stories()) {
        DYNAMIC_SECTION(story.title())
        {
            story.tell();
        }
    }
}

TEST_CASE("stories that fail at any step keep every invariant")
{
    for (const Story& story : test::good_stories()) {
        DYNAMIC_SECTION(story.title())
        {
            story.tell_failing();
        }
    }
}

TEST_CASE("stories have titles of their own, and enough of them can fail")
{
    std::set<std::string> titles;
    std::size_t failing = 0;
    for (const Story& story : test::good_stories()) {
        INFO(story.title());
        CHECK(titles.insert(story.title()).second);
        failing += story.tell_failing();
    }
    CHECK(failing > 1000);
}

TEST_CASE("every message form is written by a story that says when")
{
    const std::vector<Story> stories = test::stories_of_messages();
    for (std::size_t index = 0; index < kLogForms; ++index) {
        const auto form = static_cast<LogForm>(index);
        const std::string title = std::string(log::message_of(form).id) + " is written when ";
        bool written = false;
        for (const Story& story : stories) {
            if (story.title().rfind(title, 0) == 0) {
                for (const LogRecord& line : story.tell()) {
                    written = written || line.form == form;
                }
            }
        }
        INFO("no story \"" << title << "...\" writes " << log::message_of(form).name);
        CHECK(written);
    }
}

TEST_CASE("no story writes what its message set leaves out")
{
    for (const Story& story : test::good_stories()) {
        const bool all = story.title().find("once until it is over") != std::string::npos ||
                         story.title().find("(all messages)") != std::string::npos;
        for (const LogRecord& line : story.tell()) {
            INFO(story.title() << ": " << test::message_of_line(line));
            CHECK((all || log::written_in(line.form, MessageSet::current)));
        }
    }
}
