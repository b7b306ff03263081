#include "monitor/metrics.hpp"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "log/catalogue.hpp"

namespace hasim::monitor {

namespace {

using Label = std::pair<std::string_view, std::string_view>;

/// A label's value may hold anything but these three.
std::string escaped(std::string_view text)
{
    std::string safe;
    for (const char c : text) {
        if (c == '\\' || c == '"') {
            safe += '\\';
        }
        safe += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return safe;
}

bool is_given_up(MemberState state)
{
    return state == MemberState::login_failed || state == MemberState::exhausted ||
           state == MemberState::revoked || state == MemberState::ineligible;
}

double in_seconds(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

}  // namespace

/// Lines of the format, a family after the other.
class Metrics::Page {
public:
    void family(std::string_view name, std::string_view type, std::string_view help)
    {
        name_ = name;
        text_ += fmt::format("# HELP hasim_{} {}\n# TYPE hasim_{} {}\n", name, help, name, type);
    }
    template <class Number>
    void sample(std::initializer_list<Label> labels, Number value, std::string_view suffix = {})
    {
        text_ += fmt::format("hasim_{}{}", name_, suffix);
        char before = '{';
        for (const auto& [name, text] : labels) {
            text_ += fmt::format("{}{}=\"{}\"", before, name, escaped(text));
            before = ',';
        }
        text_ += fmt::format("{} {}\n", labels.size() == 0 ? "" : "}", value);
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string_view name_;
    std::string text_;
};

void Metrics::on_log(sim::ClientIndex, const LogRecord& record)
{
    if (!world_.log_directory_missing() && !world_.disk_full()) {
        ++lines_[static_cast<std::size_t>(record.form)];
    }
}

void Metrics::on_fault(const Fault&, const Target&, Instant)
{
    ++faults_;
}

void Metrics::members(Page& page, Instant now) const
{
    struct Row {
        std::string_view client;
        std::string_view group;
        Serial serial;
        play::Summary::Member member;
    };
    std::vector<Row> rows;
    for (sim::ClientIndex client = 0; client < world_.clients(); ++client) {
        for (sim::GroupIndex index = 0; index < world_.settings().groups.size(); ++index) {
            const GroupSettings& group = world_.settings().groups[index];
            for (const auto* const list : {&group.members, &group.standby}) {
                for (const Serial serial : *list) {
                    rows.push_back({world_.client_name(client), group.label, serial,
                                    summary_.member(client, index, serial, now)});
                }
            }
        }
    }
    page.family("members", "gauge", "Members of all groups of all clients by state.");
    for (const MemberState state : kMemberStates) {
        const auto count = std::count_if(rows.begin(), rows.end(),
                                         [&](const Row& row) { return row.member.state == state; });
        page.sample({{"state", name_of(state)}}, count);
    }
    const auto each_of = [&](auto is_meant, auto value) {
        for (const Row& row : rows) {
            if (!is_meant(row.member)) {
                continue;
            }
            page.sample(
                {{"client", row.client}, {"group", row.group}, {"member", row.serial.text()}},
                value(row.member));
        }
    };
    using Member = play::Summary::Member;
    const auto each = [&](auto value) { each_of([](const Member&) { return true; }, value); };
    const auto used = [](const Member& m) { return m.state.has_value(); };
    page.family(
        "member_up", "gauge",
        "Whether the member is in service, or ready as a standby; absent without a process.");
    each_of(used, [](const Member& m) { return m.state == MemberState::active ? 1 : 0; });
    page.family("member_autorecovery_disabled", "gauge",
                "Whether no further attempt is made by itself to recover the member.");
    each_of(used, [](const Member& m) { return is_given_up(*m.state) ? 1 : 0; });
    page.family("member_drops_total", "counter", "Outages of the member that the log told of.");
    each([](const Member& m) { return m.drops; });
    page.family("member_recovery_attempts_total", "counter",
                "Recovery attempts whose end the log told of.");
    each([](const Member& m) { return m.attempts; });
    page.family("member_recoveries_total", "counter", "Recoveries that the log told of.");
    each([](const Member& m) { return m.recovered; });
    page.family("member_down_seconds_total", "counter",
                "Time out of service, on the simulated time line.");
    each([](const Member& m) { return in_seconds(m.out); });
}

void Metrics::groups(Page& page) const
{
    page.family("group_up", "gauge",
                "Whether the group serves calls of its process; absent without a process.");
    for (sim::ClientIndex client = 0; client < world_.clients(); ++client) {
        for (sim::GroupIndex index = 0; index < world_.settings().groups.size(); ++index) {
            const auto state = summary_.group_state(client, index);
            if (state && *state != GroupState::finalized) {
                page.sample({{"client", world_.client_name(client)},
                             {"group", world_.settings().groups[index].label}},
                            *state == GroupState::serving ? 1 : 0);
            }
        }
    }
}

void Metrics::calls(Page& page) const
{
    const play::CallCounts& calls = summary_.calls();
    page.family("calls_total", "counter", "Calls of applications that returned.");
    page.sample({{"result", "ok"}}, calls.done());
    page.sample({{"result", "failed"}}, calls.lost());
    page.family("calls_retried_total", "counter", "Times that a call moved on to another member.");
    page.sample({}, calls.retried());
    page.family("calls_in_flight", "gauge", "Calls that have not returned yet.");
    page.sample({}, calls.in_flight());
    page.family("call_duration_seconds", "histogram",
                "How long calls took, on the simulated time line.");
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < play::CallCounts::kLimits.size(); ++i) {
        sum += calls.by_duration()[i];
        page.sample({{"le", fmt::format("{}", in_seconds(play::CallCounts::kLimits[i]))}}, sum,
                    "_bucket");
    }
    page.sample({{"le", "+Inf"}}, sum + calls.by_duration().back(), "_bucket");
    page.sample({}, in_seconds(calls.total()), "_sum");
    page.sample({}, sum + calls.by_duration().back(), "_count");
}

void Metrics::log(Page& page) const
{
    page.family("log_lines_total", "counter", "Lines of the HA log by message id.");
    std::map<std::string_view, std::uint64_t> by_id;
    for (std::size_t form = 0; form < kLogForms; ++form) {
        by_id[log::message_of(static_cast<LogForm>(form)).id] += lines_[form];
    }
    for (const auto& [id, count] : by_id) {
        page.sample({{"id", id}}, count);
    }
    const LogCounts counts = state_.log_counts();
    const auto known = [&](std::string_view name, std::string_view help,
                           const std::optional<std::uint64_t>& value) {
        if (value) {
            page.family(name, "counter", help);
            page.sample({}, *value);
        }
    };
    known("log_written_bytes_total", "Bytes written to haErrorLog.txt.", counts.bytes);
    known("log_rotations_total", "Times that haErrorLog.txt was rotated.", counts.rotations);
    known("log_records_not_written_total", "Records that could not be written.",
          counts.not_written);
}

std::string Metrics::text(Instant now, Readers readers) const
{
    Page page;
    const About& about = state_.about();
    page.family("build_info", "gauge", "The version, and what runs; always 1.");
    page.sample({{"version", about.version}, {"mode", about.mode}}, 1);
    page.family("simulated_time_seconds", "gauge", "Simulated time since the start of the run.");
    page.sample({}, seconds(now.time_since_epoch()));
    page.family("speed_ratio", "gauge", "Simulated seconds in a real one.");
    page.sample({}, about.speed);
    groups(page);
    members(page, now);
    calls(page);
    log(page);
    page.family("faults_total", "counter", "Faults and healings that were done.");
    page.sample({}, faults_);
    page.family("event_readers", "gauge", "Readers of events that are connected.");
    page.sample({}, readers.now);
    page.family("event_readers_dropped_total", "counter",
                "Readers of events that were too slow and were let go.");
    page.sample({}, readers.dropped);
    return page.take();
}

}  // namespace hasim::monitor
