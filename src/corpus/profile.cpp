#include "corpus/profile.hpp"

#include <array>

#include <fmt/core.h>

#include "scenario/faults.hpp"
#include "scenario/values.hpp"
#include "sim/appliance/appliance.hpp"

namespace hasim::corpus {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Duration kShortestRate = seconds(60);
constexpr Duration kLongestRate = hours(24 * 365 * 10);
constexpr std::array<std::string_view, 14> kStatements{
    "profile",  "about",    "span",   "boot",   "load",      "interval", "attempts",
    "recovery", "failover", "loglen", "outage", "operation", "during",   "after"};

struct Words {
    std::vector<std::string_view> list;
    std::size_t at = 0;

    [[nodiscard]] bool more() const { return at < list.size(); }
    [[nodiscard]] std::string_view next() { return more() ? list[at++] : std::string_view(); }
    bool take(std::string_view word)
    {
        const bool found = more() && list[at] == word;
        at += found ? 1 : 0;
        return found;
    }
};

Words split(std::string_view line)
{
    Words words;
    std::size_t at = 0;
    while (at < line.size()) {
        const std::size_t begin = line.find_first_not_of(" \t\r", at);
        if (begin == std::string_view::npos || line[begin] == '#') {
            break;
        }
        at = std::min(line.find_first_of(" \t\r", begin), line.size());
        words.list.push_back(line.substr(begin, at - begin));
    }
    return words;
}

std::optional<DurationRange> read_range(std::string_view text)
{
    const std::size_t dots = text.find("..");
    const auto low = scenario::read_duration(text.substr(0, dots));
    const auto high =
        dots == std::string_view::npos ? low : scenario::read_duration(text.substr(dots + 2));
    if (!low || !high || *low > *high || *high > kLongestRate) {
        return std::nullopt;
    }
    return DurationRange{*low, *high};
}

class Reader {
public:
    explicit Reader(std::string_view file) : file_(file) {}

    void line(std::string_view text)
    {
        ++number_;
        Words words = split(text);
        if (!words.more()) {
            return;
        }
        const std::string_view statement = words.next();
        if (!opened_) {
            opened_ = true;
            if (statement != "profile" || !words.take("1")) {
                error("a profile begins with the line 'profile 1'");
            }
            return;
        }
        if (statement == "about") {
            while (words.more()) {
                result_.profile.about += result_.profile.about.empty() ? "" : " ";
                result_.profile.about += words.next();
            }
        } else if (statement == "outage") {
            outage(words);
        } else if (statement == "operation") {
            operation(words);
        } else if (statement == "during" || statement == "after") {
            follow_up(statement == "during", words);
        } else {
            setting(statement, words);
        }
        if (words.more()) {
            error(fmt::format("'{}' is not understood here", shown(words.next())));
        }
    }

    ProfileResult finish()
    {
        if (!opened_) {
            error("a profile begins with the line 'profile 1'");
        }
        if (result_.ok() && result_.profile.outages.empty() && result_.profile.operations.empty()) {
            error(
                "nothing happens in this profile: add an outage, such as "
                "'outage every 20d long 1m..30m cable out for D'");
        }
        return std::move(result_);
    }

private:
    static std::string_view shown(std::string_view word) { return word.substr(0, 60); }

    void error(std::string text)
    {
        if (result_.findings.size() < 100) {
            result_.findings.push_back(
                {std::string(file_), number_, 0, Severity::error, std::move(text)});
        }
    }

    Duration rate(Words& words, std::string_view what)
    {
        const auto duration = scenario::read_duration(words.next());
        if (!duration || *duration < kShortestRate || *duration > kLongestRate) {
            error(fmt::format("{} takes a duration from 1m to 3650d, such as 20d", what));
            return hours(24);
        }
        return *duration;
    }

    void setting(std::string_view statement, Words& words)
    {
        Profile& profile = result_.profile;
        if (statement == "span") {
            profile.span = rate(words, statement);
        } else if (statement == "boot") {
            profile.boot = rate(words, statement);
            if (profile.boot < hours(1)) {
                error("boot is at least 1h");
            }
        } else if (statement == "load") {
            load(words);
        } else if (statement == "interval") {
            profile.interval = rate(words, statement);
            if (profile.interval > seconds(1200)) {
                error("interval is from 60s to 1200s, as AutoReconnectInterval");
            }
        } else if (statement == "attempts") {
            attempts(words.next());
        } else if (statement == "recovery") {
            const std::string_view mode = words.next();
            profile.recovery =
                mode == "activeBasic" ? RecoveryMode::active_basic : RecoveryMode::active_enhanced;
            if (mode != "activeBasic" && mode != "activeEnhanced") {
                error("recovery is activeBasic or activeEnhanced");
            }
        } else if (statement == "failover") {
            const std::string_view word = words.next();
            profile.failover_on_deactivation = word == "1";
            if (word != "0" && word != "1") {
                error("failover is 0 or 1, as failover_on_deactivation");
            }
        } else if (statement == "loglen") {
            const auto length = scenario::read_number(words.next(), kMaxCorpusLogLength);
            if (!length || *length < 1024) {
                error(fmt::format("loglen is a number of bytes from 1024 to {}",
                                  kMaxCorpusLogLength));
            }
            profile.log_length = length.value_or(profile.log_length);
        } else {
            const std::string near = nearest(statement, {kStatements.begin(), kStatements.end()});
            error(fmt::format("there is no statement '{}'{}", shown(statement),
                              near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
            words.at = words.list.size();
        }
    }

    void attempts(std::string_view word)
    {
        const auto number = scenario::read_number(word, 1000000);
        if (word != "-1" && !number) {
            error(
                "attempts is a whole number from 0 to 1000000, or -1 for unlimited, as reconnAtt");
        }
        result_.profile.attempts =
            word == "-1" ? -1 : static_cast<std::int32_t>(number.value_or(0));
    }

    void load(Words& words)
    {
        const LoadResult read = parse_load(fmt::format("sign {}", words.next()));
        if (!read.load || read.load->per / read.load->count < std::chrono::milliseconds(10)) {
            error("load is C_Sign calls per time, at most 100/s, such as 12/h");
            return;
        }
        result_.profile.load = *read.load;
    }

    /// The rest of the line is the fault; its word D stands for the drawn length.
    void outage(Words& words)
    {
        OutageRule rule;
        if (!words.take("every")) {
            error("expected 'every D', the mean distance of such outages");
            words.at = words.list.size();
            return;
        }
        rule.every = rate(words, "every");
        bool has_length = false;
        if (words.take("long")) {
            const auto range = read_range(words.next());
            has_length = true;
            if (!range) {
                error("long takes two durations, such as 1m..30m, the shorter first");
            }
            rule.length = range.value_or(DurationRange{});
        }
        if (words.take("reach")) {
            read_reach(words.next(), rule);
        }
        std::string text = "all";
        bool has_d = false;
        while (words.more()) {
            const std::string_view word = words.next();
            rule.words += (rule.words.empty() ? "" : " ") + std::string(word);
            has_d = has_d || word == "D";
            text += word == "D" ? std::string(" 1s") : " " + std::string(word);
        }
        const EventResult read = parse_event_line(text);
        if (!read.event) {
            error(fmt::format("'{}' is no fault of the scenario language: {}", shown(rule.words),
                              read.findings.empty() ? "" : read.findings.front().text));
            return;
        }
        if (has_d != has_length) {
            error("'long A..B' and a D in the fault go together: D stands for the drawn length");
        }
        take_fault(read.event->fault, has_length, rule);
    }

    void take_fault(const Fault& fault, bool has_length, OutageRule& rule)
    {
        const scenario::FaultChapter chapter = scenario::fault_info(fault.kind).chapter;
        rule.fault = fault;
        rule.on_partition = chapter == scenario::FaultChapter::partition;
        const bool can = rule.on_partition || chapter == scenario::FaultChapter::network ||
                         chapter == scenario::FaultChapter::appliance ||
                         chapter == scenario::FaultChapter::pattern;
        if (!can) {
            error("an outage is a fault of the network, an appliance or a partition");
        }
        const Duration takes = fault.kind == FaultKind::reboot         ? sim::kRebootTime
                               : fault.kind == FaultKind::ntls_restart ? sim::kNtlsRestartTime
                                                                       : Duration::zero();
        if (can && scenario::fault_info(fault.kind).may_last && !(fault.lasts && has_length)) {
            error("an outage has a length: write 'long A..B', or 'long A', and 'for D' at the end");
        } else if (!has_length && takes != Duration::zero()) {
            const Duration length = fault.duration == Duration::zero() ? takes : fault.duration;
            rule.length = {length, length};
        }
        if (rule.on_partition && rule.reach != Reach::one) {
            error("a partition's fault has no reach");
        }
        if (result_.profile.outages.size() >= kMaxProfileRules) {
            error(fmt::format("a profile has at most {} outages", kMaxProfileRules));
            return;
        }
        result_.profile.outages.push_back(std::move(rule));
    }

    void read_reach(std::string_view word, OutageRule& rule)
    {
        constexpr std::array<std::string_view, 4> kReaches{"one", "half", "all", "turn"};
        for (std::size_t i = 0; i < kReaches.size(); ++i) {
            if (kReaches[i] == word) {
                rule.reach = static_cast<Reach>(i);
                return;
            }
        }
        error("reach is one, half, all or turn");
    }

    std::optional<OperationKind> operation_kind(std::string_view word)
    {
        if (word == "restart") {
            return OperationKind::restart;
        }
        if (word == "recover") {
            return OperationKind::recover;
        }
        return word == "exchange" ? std::optional(OperationKind::exchange) : std::nullopt;
    }

    void operation(Words& words)
    {
        OperationRule rule;
        if (!words.take("every")) {
            error("expected 'every D', the mean distance of such operations");
            words.at = words.list.size();
            return;
        }
        rule.every = rate(words, "every");
        if (words.take("long")) {
            const auto range = read_range(words.next());
            if (!range) {
                error("long takes two durations, such as 1m..30m, the shorter first");
            }
            rule.length = range.value_or(DurationRange{});
        }
        const auto kind = operation_kind(words.next());
        if (!kind) {
            error("an operation is restart, recover or exchange");
        }
        rule.kind = kind.value_or(OperationKind::restart);
        if (rule.kind == OperationKind::exchange && rule.length.low < seconds(60)) {
            error("exchange takes 'long A..B', at least 60s: the member is out so long");
        }
        if (result_.profile.operations.size() >= kMaxProfileRules) {
            error(fmt::format("a profile has at most {} operations", kMaxProfileRules));
            return;
        }
        result_.profile.operations.push_back(rule);
    }

    void follow_up(bool during, Words& words)
    {
        FollowUp follow;
        follow.during = during;
        if (!during) {
            const auto range = read_range(words.next());
            if (!range) {
                error("after takes two durations, such as 1m..30m, the shorter first");
            }
            follow.after = range.value_or(DurationRange{});
        }
        const auto kind = operation_kind(words.next());
        if (!kind || *kind == OperationKind::exchange) {
            error("what follows an outage is restart or recover");
            return;
        }
        follow.kind = *kind;
        if (result_.profile.outages.empty() ||
            result_.profile.outages.back().follow_ups.size() >= 8) {
            error("'during' and 'after' stand below an outage, at most eight of them");
            return;
        }
        result_.profile.outages.back().follow_ups.push_back(follow);
    }

    std::string_view file_;
    std::uint32_t number_ = 0;
    bool opened_ = false;
    ProfileResult result_;
};

}  // namespace

ProfileResult parse_profile(std::string_view file, std::string_view text)
{
    Reader reader(file);
    if (text.size() > kMaxProfileBytes) {
        return {{},
                {{std::string(file), 0, 0, Severity::error,
                  fmt::format("a profile has at most {} bytes", kMaxProfileBytes)}}};
    }
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        reader.line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return reader.finish();
}

}  // namespace hasim::corpus
