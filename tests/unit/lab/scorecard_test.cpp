// Goal: a scorecard counts what was told, and says of an application that it went on by itself when it did, and only
// then.
#include "lab/scorecard.hpp"

#include <boost/json/parse.hpp>

#include "support/catch.hpp"

using namespace hasim;
using namespace hasim::lab;
using namespace std::chrono_literals;

namespace {

Returned signed_with(Code code, Duration took = 1ms, std::uint32_t moves = 0)
{
    return {0, cryptoki::Function::sign, code, moves, took};
}

}  // namespace

TEST_CASE("calls are counted by function and outcome")
{
    Scorecard card;
    card.take(Hello{1}, kStart);
    card.take(signed_with(Code::ok), kStart);
    card.take(signed_with(Code::ok, 7ms, 2), kStart);
    card.take(signed_with(Code::device_error), kStart);
    card.take(Returned{0, cryptoki::Function::login, Code::pin_incorrect, 0, 3ms}, kStart);
    card.take(Untold{5}, kStart);
    card.add_line("a line");
    const auto json = boost::json::parse(card.json({"sh", "-c"}, 3, {2, {"broken"}})).as_object();
    const auto& calls = json.at("calls").as_object();
    const auto& sign = calls.at("C_Sign").as_object();
    CHECK(sign.at("done").as_int64() == 2);
    CHECK(sign.at("failed").as_int64() == 1);
    CHECK(sign.at("retried").as_int64() == 2);
    CHECK(sign.at("longest_us").as_int64() == 7000);
    CHECK(calls.at("C_Login").as_object().at("failed").as_int64() == 1);
    CHECK(json.at("longest_stall_us").as_int64() == 7000);
    CHECK(json.at("processes").as_int64() == 1);
    CHECK(json.at("not_told").as_int64() == 5);
    CHECK(json.at("exit_code").as_int64() == 3);
    CHECK(json.at("ha_log").as_array().size() == 1);
    CHECK(json.at("expectations").as_object().at("count").as_int64() == 2);
    CHECK(json.at("expectations").as_object().at("broken").as_array().size() == 1);
    CHECK(json.at("command").as_string() == "sh");
    CHECK(card.table().find("C_Sign                           2       1        2       7.0 ms") !=
          std::string::npos);
}

TEST_CASE("whether an application went on by itself")
{
    Scorecard card;
    SECTION("nothing failed: there is nothing to say")
    {
        card.take(signed_with(Code::ok), kStart);
        CHECK_FALSE(card.went_on());
    }
    SECTION("a wrong argument is no outage")
    {
        card.take(signed_with(Code::key_handle_invalid), kStart);
        CHECK_FALSE(card.went_on());
    }
    SECTION("it failed to the end")
    {
        card.take(signed_with(Code::device_error), kStart);
        CHECK(card.went_on() == false);
    }
    SECTION("it was good again")
    {
        card.take(signed_with(Code::device_error), kStart);
        card.take(signed_with(Code::ok), kStart);
        CHECK(card.went_on() == true);
    }
    SECTION("only after another C_Initialize")
    {
        card.take(signed_with(Code::device_error), kStart);
        card.take(GroupChanged{0, GroupState::initializing}, kStart);
        card.take(signed_with(Code::ok), kStart);
        CHECK(card.went_on() == false);
    }
}

TEST_CASE("from mending to the first good call")
{
    Scorecard card;
    card.take(signed_with(Code::device_error), kStart + 1s);
    card.take(signed_with(Code::ok), kStart + 2s);
    CHECK_FALSE(card.heal_to_good());
    card.take(signed_with(Code::device_error), kStart + 3s);
    card.mended(kStart + 4s);
    card.take(signed_with(Code::device_error), kStart + 5s);
    card.take(signed_with(Code::ok), kStart + 7s);
    card.take(signed_with(Code::ok), kStart + 9s);
    CHECK(card.heal_to_good() == Duration(3s));
}
