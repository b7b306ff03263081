// `hasim corpus`: logs with the truth beside them, as many as wanted.

#include <algorithm>
#include <atomic>
#include <csignal>

#include <fmt/format.h>

#include "base/words.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "corpus/make.hpp"
#include "corpus/manifest.hpp"
#include "corpus/profiles.hpp"
#include "host/parallel.hpp"
#include "host/read_file.hpp"
#include "scenario/values.hpp"

namespace hasim::cli {
namespace {

std::atomic<bool> told_to_stop{false};

void on_signal(int)
{
    told_to_stop.store(true);
}

OptionDeclaration declaration(std::string name, std::string value, std::string help, ReadValue read)
{
    OptionDeclaration made;
    made.name = std::move(name);
    made.value = std::move(value);
    made.help = std::move(help);
    made.read = std::move(read);
    return made;
}

/// "A<between>B", both from 1 to `most`, A at most B; nothing when it is not.
std::optional<std::pair<std::uint64_t, std::uint64_t>> read_pair(std::string_view text,
                                                                 std::string_view between,
                                                                 std::uint64_t most)
{
    const std::size_t at = text.find(between);
    const auto first = whole_number(text.substr(0, at));
    const auto second =
        at == std::string_view::npos ? first : whole_number(text.substr(at + between.size()));
    if (!first || !second || *first < 1 || *first > *second || *second > most) {
        return std::nullopt;
    }
    return std::pair(*first, *second);
}

std::optional<std::uint64_t> read_bytes(std::string_view text)
{
    std::uint64_t unit = 1;
    if (!text.empty()) {
        const char last = text.back();
        unit = last == 'k' ? 1000 : last == 'M' ? 1000000 : last == 'G' ? 1000000000 : 1;
        text.remove_suffix(unit == 1 ? 0 : 1);
    }
    const auto number = whole_number(text);
    if (!number || *number == 0 || *number > 1000000000000000 / unit) {
        return std::nullopt;
    }
    return *number * unit;
}

class CorpusCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        declare_place(options);
        declare_size(options);
        declare_content(options);
    }

    ExitCode run(Console& console) override
    {
        corpus::CorpusRequest request;
        if (!take_request(request, console)) {
            return ExitCode::usage;
        }
        const std::vector<Finding> findings = corpus::complete(request);
        for (const Finding& finding : findings) {
            finding.file == "hasim" ? console.error(finding.text)
                                    : console.diagnostic(to_text(finding));
        }
        if (!findings.empty()) {
            return ExitCode::usage;
        }
        return make(request, console);
    }

private:
    void declare_place(Options& options)
    {
        options.required_text("--out", "DIR", out_, "directory of the corpus; made, or empty");
        options.flag("--force", force_, "write over what the corpus would collide with in DIR");
        options.text("--from", "FILE", from_,
                     "make the corpus of that manifest.json again, byte for byte");
        options.add(declaration("--shard", "I/N",
                                "make only the I-th of N parts of the workstations, from 1",
                                [this](std::string_view text) -> std::string {
                                    shard_ = read_pair(text, "/", 1000000);
                                    return shard_ && text.find('/') != std::string_view::npos
                                               ? ""
                                               : "is not I/N, such as 1/8, with I from 1 to N";
                                }));
        options.number("-j", "N", jobs_, 1, 1024,
                       "how many workstations at once; as many as there are cores without it");
        options.flag("--follow", follow_,
                     "write at real pace, in place, for those who read while it is written");
        options.add(declaration("--rate", "N/s",
                                "with --follow: lines a second; as the stamps say without it",
                                [this](std::string_view text) { return read_rate(text); }));
    }

    void declare_size(Options& options)
    {
        options.add(declaration(
            "--span", "D", "time of each workstation, such as 365d; the profile's without it",
            [this](std::string_view text) -> std::string {
                span_ = scenario::read_duration(text);
                return span_ && *span_ >= std::chrono::minutes(1) ? ""
                                                                  : "is not a duration from 1m on";
            }));
        options.number("--lines", "N", lines_, 1, 1000000000000,
                       "in place of --span: lines of each workstation");
        options.add(declaration(
            "--bytes", "N", "in place of --span: bytes of each workstation's logs (k, M, G)",
            [this](std::string_view text) -> std::string {
                bytes_ = read_bytes(text);
                return bytes_ ? "" : "is not a number of bytes such as 500000, 10M or 1G";
            }));
        options.number("--workstations", "W", workstations_, 1, corpus::kMaxWorkstations,
                       "independent workstations, a directory each; 1 without it");
        options.number("--groups", "N", groups_, 1, kMaxGroups, "HA groups of each; 1 without it");
        options.add(declaration(
            "--members", "A..B", "members of a group, drawn; 2..3 without it",
            [this](std::string_view text) -> std::string {
                members_ = read_pair(text, "..", kMaxMembers);
                return members_ ? "" : "is not A..B, such as 2..4, of numbers from 1 to 32";
            }));
        options.number("--processes", "N", processes_, 1, 64,
                       "client processes of each; 1 without it");
    }

    void declare_content(Options& options)
    {
        std::vector<std::string> names;
        for (const corpus::BuiltInProfile& profile : corpus::built_in_profiles()) {
            names.emplace_back(profile.name);
        }
        options.text("--profile", "NAME", profile_,
                     fmt::format("what happens: {}, or a file; quiet-year without it",
                                 fmt::join(names, ", ")));
        options.offer(std::move(names));
        options.number("--seed", "N", seed_, 0, UINT64_MAX,
                       "what random draws start from; 1 without it");
        options.add(
            declaration("--start", "T", "first moment, UTC; 2024-01-01T00:00:00Z without it",
                        [this](std::string_view text) -> std::string {
                            start_ = scenario::read_wall_time(text);
                            return start_ ? "" : "is not a moment such as 2024-01-01T00:00:00Z";
                        }));
        options.text("--timezone", "Z", timezone_,
                     "zone of the stamps, such as America/Toronto; UTC without it");
        options.choice(
            "--stamp", {"note", "ctime", "mixed"}, stamp_,
            "the day of the month: Oct 4, or padded (Oct  4), or now so, now so; note without it");
        options.choice(
            "--messages", {"6.2.2", "all"}, messages_,
            "the note's current messages, or deprecated and future ones too; 6.2.2 without it");
        options.text("--noise", "PROFILE", noise_,
                     "what real files have beside: none, light, heavy, or rates per mille such as "
                     "crlf=1000,torn=5");
        options.offer({"none", "light", "heavy"});
    }

    std::string read_rate(std::string_view text)
    {
        const auto number = text.ends_with("/s") ? whole_number(text.substr(0, text.size() - 2))
                                                 : whole_number(text);
        rate_ = number.value_or(0);
        return number && *number >= 1 && *number <= 10000000 ? "" : "is not a rate such as 50/s";
    }

    bool take_request(corpus::CorpusRequest& request, Console& console)
    {
        if (rate_ != 0 && !follow_) {
            console.error("--rate goes with --follow");
            return false;
        }
        if (int{span_.has_value()} + int{lines_.has_value()} + int{bytes_.has_value()} > 1) {
            console.error("--span, --lines and --bytes exclude each other: name one of them");
            return false;
        }
        const bool taken = from_ ? take_manifest(request, console) : take_options(request, console);
        if (taken && shard_) {
            std::tie(request.shard, request.shards) = *shard_;
            if (request.shards > request.workstations) {
                console.error(fmt::format(
                    "--shard {}/{}: there are only {} workstations; raise --workstations",
                    request.shard, request.shards, request.workstations));
                return false;
            }
        }
        return taken;
    }

    bool take_manifest(corpus::CorpusRequest& request, Console& console)
    {
        const bool others = span_ || lines_ || bytes_ || workstations_ || groups_ || members_ ||
                            processes_ || profile_ || seed_ || start_ || timezone_ ||
                            !stamp_.empty() || !messages_.empty() || noise_;
        if (others) {
            console.error(
                "--from takes what the corpus holds from the manifest: only --out, --force, "
                "--shard, -j, "
                "--follow and --rate go with it");
            return false;
        }
        const auto text = host::read_file(*from_, corpus::kMaxManifestBytes, host::Content::bytes);
        if (const Finding* finding = std::get_if<Finding>(&text)) {
            console.diagnostic(to_text(*finding));
            return false;
        }
        auto manifest = corpus::read_manifest(*from_, std::get<std::string>(text));
        if (const Finding* finding = std::get_if<Finding>(&manifest)) {
            console.diagnostic(to_text(*finding));
            return false;
        }
        request = std::move(std::get<corpus::Manifest>(manifest).request);
        const std::string& version = std::get<corpus::Manifest>(manifest).version;
        if (version != HASIM_VERSION) {
            console.warning(
                fmt::format("{} was written by hasim {}; this is {}, which may write other bytes",
                            *from_, version, HASIM_VERSION));
        }
        return true;
    }

    bool take_options(corpus::CorpusRequest& request, Console& console)
    {
        request.profile_name = profile_.value_or(request.profile_name);
        if (!find_profile(request, console)) {
            return false;
        }
        request.seed = seed_.value_or(request.seed);
        request.start =
            start_.value_or(WallTime(std::chrono::sys_days(std::chrono::year(2024) / 1 / 1)));
        request.span = span_;
        request.lines = lines_;
        request.bytes = bytes_;
        request.workstations = workstations_.value_or(1);
        request.shape.groups = groups_.value_or(1);
        std::tie(request.shape.least_members, request.shape.most_members) =
            members_.value_or(std::pair<std::uint64_t, std::uint64_t>(2, 3));
        request.shape.processes = processes_.value_or(1);
        request.timezone = timezone_.value_or("UTC");
        request.stamp = stamp_.empty() ? "note" : stamp_;
        request.messages = messages_ == "all" ? MessageSet::all : MessageSet::current;
        request.noise = noise_.value_or("none");
        return true;
    }

    /// One of the program's own, else a file.
    static bool find_profile(corpus::CorpusRequest& request, Console& console)
    {
        std::vector<std::string_view> names;
        for (const corpus::BuiltInProfile& profile : corpus::built_in_profiles()) {
            if (profile.name == request.profile_name) {
                request.profile_text = profile.text;
                return true;
            }
            names.push_back(profile.name);
        }
        auto text = host::read_file(request.profile_name, corpus::kMaxProfileBytes);
        if (std::string* whole = std::get_if<std::string>(&text)) {
            request.profile_text = std::move(*whole);
            return true;
        }
        const bool is_path = request.profile_name.find_first_of("/.") != std::string::npos;
        const std::string near = nearest(request.profile_name, names);
        console.error(
            is_path ? to_text(std::get<Finding>(text))
                    : fmt::format("there is no profile '{}': name a file, or one of {}{}",
                                  request.profile_name, fmt::join(names, ", "),
                                  near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
        return false;
    }

    ExitCode make(const corpus::CorpusRequest& request, Console& console)
    {
        told_to_stop.store(false);
        std::signal(SIGINT, on_signal);
        std::signal(SIGTERM, on_signal);
        corpus::MakeOptions options;
        options.directory = out_;
        options.version = HASIM_VERSION;
        options.jobs = jobs_.value_or(host::cores());
        options.force = force_;
        options.follow = follow_;
        options.rate = static_cast<double>(rate_);
        auto progress = std::make_optional<Progress>(request.workstations, "workstations",
                                                     !console.manner().quiet());
        options.tell = [&](const std::string& text) {
            console.info("hasim: " + text);
            static_cast<void>(console.flush());
        };
        options.progress = [&](std::uint64_t) { progress->step(); };
        const corpus::MakeOutcome outcome = corpus::make_corpus(request, options, told_to_stop);
        progress.reset();
        std::signal(SIGINT, SIG_DFL);
        std::signal(SIGTERM, SIG_DFL);
        switch (outcome.end) {
        case corpus::MakeOutcome::End::refused: console.error(outcome.text); return ExitCode::usage;
        case corpus::MakeOutcome::End::failed:
            console.error(outcome.text);
            return ExitCode::environment;
        case corpus::MakeOutcome::End::interrupted:
            console.error(outcome.text);
            return ExitCode::interrupted;
        case corpus::MakeOutcome::End::done: break;
        }
        console.info(fmt::format("{}: {}, {}, {} of logs, {}", out_,
                                 counted(outcome.workstations, "workstation"),
                                 counted(outcome.lines, "line"), counted(outcome.bytes, "byte"),
                                 counted(outcome.outages, "outage")));
        return ExitCode::done;
    }

    std::string out_;
    std::optional<std::string> from_;
    std::optional<std::string> profile_;
    std::optional<std::string> timezone_;
    std::optional<std::string> noise_;
    std::string stamp_;
    std::string messages_;
    std::optional<std::uint64_t> seed_;
    std::optional<WallTime> start_;
    std::optional<Duration> span_;
    std::optional<std::uint64_t> lines_;
    std::optional<std::uint64_t> bytes_;
    std::optional<std::uint64_t> workstations_;
    std::optional<std::uint64_t> groups_;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> members_;
    std::optional<std::uint64_t> processes_;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> shard_;
    std::optional<std::uint64_t> jobs_;
    std::uint64_t rate_ = 0;
    bool force_ = false;
    bool follow_ = false;
};

constexpr std::string_view kCorpusDetails =
    "Random but plausible outages and operations, drawn from the seed, are played on the simulated "
    "machines in "
    "virtual time; what the logs say follows from them. Beside the logs of each workstation stand "
    "labels.jsonl (a row "
    "a line: where it is, what it says, which outage caused it), outages.jsonl, Loghub's tables, "
    "and scenario.hasim, "
    "which `hasim run --virtual` plays again. manifest.json is written last: a corpus without it "
    "is not whole. "
    "`hasim corpus verify DIR` checks all of it.\n\n"
    "The same options give the same bytes, whatever -j and whichever machine. The shards 1/N to "
    "N/N of a corpus may "
    "share a DIR; together they are the corpus made in one go.";

}  // namespace

const Command kCorpusCommand =
    command<CorpusCommand>("corpus", "makes logs with labels, as long as wanted", kCorpusDetails);

}  // namespace hasim::cli
