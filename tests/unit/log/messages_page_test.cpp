// Goal: docs/messages.md tells of every message, in the catalogue's words. Method: the page's generated
// section is compared with what the catalogue makes of it; HASIM_UPDATE_GOLDEN=1 writes it anew.
#include <cstdlib>
#include <string>

#include "log/catalogue.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"

using namespace hasim;
using namespace hasim::log;

namespace {

constexpr std::string_view kBegin = "<!-- generated: begin -->\n";
constexpr std::string_view kEnd = "<!-- generated: end -->\n";

void add_list(std::string& text, std::string_view title,
              const std::array<std::string_view, kMaxAdvice>& items)
{
    text += "\n" + std::string(title) + "\n";
    for (const std::string_view item : items) {
        if (!item.empty()) {
            text += "- " + std::string(item) + "\n";
        }
    }
}

std::string section_of(const Message& message)
{
    std::string text = "### " + std::string(message.id);
    if (message.form == LogForm::recovery_exhausted) {
        text += ", second line";
    }
    if (message.status != MessageStatus::current) {
        text += " (" + std::string(to_text(message.status)) + ")";
    }
    text += "\n\n    " + std::string(message.message_template) + "\n\n";
    text += "The note: \"" + std::string(message.note) + "\"\n\n";
    text += "hasim writes it: " + std::string(message.when) + "\n";
    add_list(text, "Likely causes:\n", message.causes);
    add_list(text, "What to do:\n", message.next);
    text += "\nFor example:\n\n    " + std::string(message.sample) + "\n\n";
    return text;
}

}  // namespace

TEST_CASE("the manual's page of messages is that of the catalogue")
{
    const auto path = hasim::test::source_dir() / "docs" / "messages.md";
    const std::string page = hasim::test::read_file(path);
    const std::size_t begin = page.find(kBegin);
    const std::size_t end = page.find(kEnd);
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    const std::size_t from = begin + kBegin.size();
    std::string expected = "\n";
    for (const Message& message : kCatalogue) {
        expected += section_of(message);
    }
    const char* const update = std::getenv("HASIM_UPDATE_GOLDEN");
    if (update != nullptr && std::string_view(update) == "1") {
        hasim::test::write_file(path, page.substr(0, from) + expected + page.substr(end));
        return;
    }
    CHECK(hasim::test::first_difference(expected, page.substr(from, end - from)) == "");
}
