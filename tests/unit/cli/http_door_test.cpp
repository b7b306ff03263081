// docs/openapi.json describes every route, and no other.
#include <fstream>
#include <set>
#include <sstream>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "cli/http_door.hpp"
#include "conf/configuration.hpp"
#include "http/pages.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim;

TEST_CASE("the API's description has every route that is served, and no other")
{
    play::PlayOptions options;
    options.settings = conf::read(
                           "VirtualToken = {\nVirtualToken00Label = g;\n"
                           "VirtualToken00SN = 9;\nVirtualToken00Members = 1;\n}\n",
                           "t")
                           .settings;
    cli::LiveStage stage(options, 1);
    cli::Desk desk(stage, {}, {}, cli::Clients::own, nullptr);
    cli::HttpDoor door(stage, desk);
    std::set<std::string> served;
    std::set<std::string> open;  // to whom has no token
    for (const http::Route& route : door.routes()) {
        const bool is_page =
            route.path.find("/api/") != 0 && route.path != "/metrics" && route.path != "/healthz";
        if (!is_page) {
            served.insert(route.method + " " + route.path);
            if (!route.needs_token) {
                open.insert(route.method + " " + route.path);
            }
        }
    }
    std::ifstream file(test::source_dir() / "docs/openapi.json");
    std::stringstream text;
    text << file.rdbuf();
    const boost::json::value document = boost::json::parse(text.str());
    std::set<std::string> described;
    std::set<std::string> described_open;
    for (const auto& [path, methods] : document.at("paths").as_object()) {
        for (const auto& [method, what] : methods.as_object()) {
            const std::string one = (method == "get" ? "GET " : "POST ") + std::string(path);
            described.insert(one);
            if (what.as_object().contains("security")) {
                described_open.insert(one);
            }
            CHECK(what.at("responses").as_object().contains("401") !=
                  what.as_object().contains("security"));
        }
    }
    CHECK(served == described);
    CHECK(open == described_open);
    CHECK(served.size() == 10);
}

TEST_CASE("the page's files are those of web/, byte for byte")
{
    std::size_t checked = 0;
    for (const http::Page& page : http::pages()) {
        CAPTURE(page.path);
        const std::string name = page.path == "/" ? "web/live.html"
                                 : page.path == "/api/v1/openapi.json"
                                     ? "docs/openapi.json"
                                     : "web" + std::string(page.path);
        std::ifstream file(test::source_dir() / name);
        std::stringstream text;
        text << file.rdbuf();
        CHECK(text.str() == page.text);
        CHECK_FALSE(page.type.empty());
        ++checked;
    }
    CHECK(checked > 5);
}
