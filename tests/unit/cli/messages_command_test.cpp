// Goal: `hasim messages` prints the whole catalogue, for people and for programs.
#include "cli/application.hpp"
#include "cli/commands.hpp"

#include "log/catalogue.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <sstream>

using namespace hasim::cli;

namespace {

std::string printed(const std::vector<std::string>& arguments)
{
    std::ostringstream results;
    std::ostringstream diagnostics;
    Console console(results, diagnostics);
    CHECK(run_application(arguments, all_commands(), console) == ExitCode::done);
    CHECK(diagnostics.str().empty());
    return results.str();
}

}  // namespace

TEST_CASE("messages prints each form with its template, arguments and meaning")
{
    hasim::test::matches_golden("messages.txt", printed({"messages"}));
}

TEST_CASE("messages --json is the catalogue, value for value")
{
    const boost::json::value read = boost::json::parse(printed({"messages", "--json"}));
    const boost::json::array& messages = read.as_array();
    REQUIRE(messages.size() == hasim::kLogForms);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const boost::json::object& object = messages[i].as_object();
        const hasim::log::Message& message = hasim::log::kCatalogue[i];
        CHECK(object.at("id").as_string() == message.id);
        CHECK(object.at("template").as_string() == message.message_template);
        CHECK(object.at("note").as_string() == message.note);
        CHECK(object.at("written").as_string() == message.when);
        CHECK(object.at("sample").as_string() == message.sample);
        CHECK(object.at("status").as_string() == hasim::log::to_text(message.status));
    }
    const boost::json::array& arguments = messages[7].as_object().at("arguments").as_array();
    REQUIRE(arguments.size() == 4);
    CHECK(arguments[2].as_object().at("name").as_string() == "ErrorCodeHex");
}
