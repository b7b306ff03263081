/// Stories about one group: a list of steps, told once as it should go, and then again failing at every step.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/ha_bench.hpp"

namespace hasim::test {

/// Built step by step. What happens: calls, the network, the file, time. What must follow at once: `logs`, `returns`,
/// `state`. Whatever is written or returned must be named, in order, before the next thing happens.
class Story {
public:
    Story(std::string title, ha::GroupConfig config)
        : title_(std::move(title)), config_(std::move(config))
    {
    }

    // ---- What happens ----
    Story& initialize()
    {
        return does("C_Initialize", [](HaBench& bench) { return bench.initialize(), true; });
    }
    Story& finalize()
    {
        return does("C_Finalize", [](HaBench& bench) { return bench.finalize(), true; });
    }
    Story& login()
    {
        return does("C_Login", [](HaBench& bench) { return bench.login(), true; });
    }
    Story& logout()
    {
        return does("C_Logout", [](HaBench& bench) { return bench.logout(), true; });
    }
    Story& sign()
    {
        return does("C_Sign", [](HaBench& bench) { return bench.sign(), true; });
    }
    Story& waits(Duration duration)
    {
        return does("time passes",
                    [duration](HaBench& bench) { return bench.pass(duration), true; });
    }
    Story& file(std::string what, std::function<void(GroupSettings&)> change)
    {
        return does(std::move(what), [change](HaBench& bench) {
            change(bench.file());
            bench.file_changed();
            return true;
        });
    }
    Story& recover()
    {
        return file("HARecover is incremented", [](GroupSettings& group) { ++group.recover; });
    }
    Story& opened(std::string_view member)
    {
        const Serial serial = serial_of(member);
        does(fmt::format("{} opened", member),
             [serial](HaBench& bench) { return bench.opened(serial); });
        steps_.back().answering = serial;
        return *this;
    }
    Story& replies(std::string_view member, Code code = Code::ok)
    {
        const Serial serial = serial_of(member);
        does(fmt::format("{} replies {}", member, to_text(code)),
             [serial, code](HaBench& bench) { return bench.replies(serial, code); });
        steps_.back().answering = serial;
        return *this;
    }
    Story& refused(std::string_view member, Code code = Code::unable_to_connect)
    {
        const Serial serial = serial_of(member);
        return does(fmt::format("{} refused", member),
                    [serial, code](HaBench& bench) { return bench.refused(serial, code); });
    }
    Story& closed(std::string_view member)
    {
        const Serial serial = serial_of(member);
        return does(fmt::format("{} closed", member),
                    [serial](HaBench& bench) { return bench.closed(serial); });
    }
    /// The connection stands and the partition is open.
    Story& reached(std::string_view member) { return opened(member).replies(member); }
    /// As `reached`, and the login of the recovery attempt.
    Story& reached_with_login(std::string_view member) { return reached(member).replies(member); }

    // ---- What must follow ----
    /// The next line, without its prefix (which every line is checked for).
    Story& logs(std::string text)
    {
        steps_.back().lines.push_back(std::move(text));
        return *this;
    }
    /// The next call that returns.
    Story& returns(Code code, std::uint32_t moves = 0)
    {
        steps_.back().answers.emplace_back(code, moves);
        return *this;
    }
    Story& state(std::string_view member, MemberState state)
    {
        steps_.back().states.emplace_back(serial_of(member), state);
        return *this;
    }
    Story& group(GroupState state)
    {
        steps_.back().group = state;
        return *this;
    }

    // ---- Telling ----
    [[nodiscard]] const std::string& title() const { return title_; }

    /// As it should go.
    std::vector<LogRecord> tell() const
    {
        HaBench bench(config_);
        std::string so_far;
        for (const Step& step : steps_) {
            so_far += fmt::format("\n  {} {}", to_text(bench.now()), step.what);
            INFO(title_ << so_far);
            const std::size_t lines = bench.lines().size();
            const std::size_t answers = bench.answers().size();
            REQUIRE(step.act(bench));
            REQUIRE(bench.problem() == "");
            expect(step, bench, lines, answers);
        }
        return bench.lines();
    }

    /// Once for every answer of the network in it and every way in which that can fail. After the failure the story
    /// goes on where it still can; then everybody answers, time passes, and the client finalises. Returns how often.
    std::size_t tell_failing() const
    {
        std::size_t told = 0;
        for (std::size_t at = 0; at < steps_.size(); ++at) {
            if (!steps_[at].answering) {
                continue;
            }
            for (const Failure& failure : failures()) {
                tell_failing_at(at, failure);
                ++told;
            }
        }
        return told;
    }

private:
    struct Step {
        std::string what;
        std::function<bool(HaBench&)> act;  ///< false: it does not apply
        std::optional<Serial>
            answering;  ///< the network answers for this member here: that can fail
        std::vector<std::string> lines;
        std::vector<std::pair<Code, std::uint32_t>> answers;
        std::vector<std::pair<Serial, MemberState>> states;
        std::optional<GroupState> group;
    };
    struct Failure {
        std::string what;
        std::function<void(HaBench&, Serial)> act;
    };

    Story& does(std::string what, std::function<bool(HaBench&)> act)
    {
        steps_.push_back({std::move(what), std::move(act), {}, {}, {}, {}, {}});
        return *this;
    }

    static void expect(const Step& step, const HaBench& bench, std::size_t lines,
                       std::size_t answers)
    {
        std::vector<std::string> messages;
        for (std::size_t index = lines; index < bench.lines().size(); ++index) {
            const std::string line = line_of(bench.lines()[index]);
            const std::string prefix_end = " : [17469] HA group: 11234840370164 ";
            CHECK(line.find("Wed Oct 4 ") == 0);
            REQUIRE(line.find(prefix_end) != std::string::npos);
            messages.push_back(line.substr(line.find(prefix_end) + prefix_end.size()));
        }
        CHECK(messages == step.lines);
        std::vector<std::string> returned;
        for (std::size_t index = answers; index < bench.answers().size(); ++index) {
            returned.push_back(fmt::format("{} {}", to_text(bench.answers()[index].code),
                                           bench.answers()[index].moves));
        }
        std::vector<std::string> expected;
        for (const auto& [code, moves] : step.answers) {
            expected.push_back(fmt::format("{} {}", to_text(code), moves));
        }
        CHECK(returned == expected);
        for (const auto& [member, state] : step.states) {
            CHECK(name_of(bench.state(member)) == name_of(state));
        }
        if (step.group) {
            CHECK(hasim::name_of(bench.group().state()) == hasim::name_of(*step.group));
        }
    }

    static std::vector<Failure> failures()
    {
        std::vector<Failure> all{
            {"closed",
             [](HaBench& bench, Serial member) { bench.refused(member) || bench.closed(member); }},
            {"timeout", [](HaBench& bench, Serial) { bench.pass(bench.config().receive_timeout); }},
        };
        for (const Code code : {Code::device_error, Code::pin_incorrect, Code::token_not_present,
                                Code::partition_not_assigned, Code::partition_not_activated}) {
            all.push_back({to_text(code), [code](HaBench& bench, Serial member) {
                               bench.refused(member, code) || bench.replies(member, code);
                           }});
        }
        return all;
    }

    void tell_failing_at(std::size_t at, const Failure& failure) const
    {
        INFO(title_ << ", failing at step " << at << " (" << steps_[at].what
                    << "): " << failure.what);
        HaBench bench(config_);
        for (std::size_t index = 0; index < steps_.size(); ++index) {
            if (index == at) {
                failure.act(bench, *steps_[at].answering);
            } else {
                steps_[index].act(bench);
            }
            REQUIRE(bench.problem() == "");
        }
        bench.everybody_answers();
        REQUIRE(bench.problem() == "");
        CHECK(bench.calls_inside() == 0);
        for (int tick = 0; tick < 4; ++tick) {
            bench.pass(bench.config().ha.recovery_interval);
            bench.everybody_answers();
        }
        bench.finalize();
        CHECK(bench.problem() == "");
        CHECK(bench.calls_inside() == 0);
    }

    std::string title_;
    ha::GroupConfig config_;
    std::vector<Step> steps_;
};

}  // namespace hasim::test
