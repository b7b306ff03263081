#include "corpus/manifest.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "corpus/json_fields.hpp"
#include "host/zone_loader.hpp"
#include "log/catalogue.hpp"
#include "scenario/values.hpp"

namespace hasim::corpus {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kForm = 1;  ///< of the file; another number is another form

std::string duration(const std::optional<Duration>& value)
{
    return value ? scenario::duration_text(*value) : std::string();
}

json::value number_or_null(const std::optional<std::uint64_t>& value)
{
    return value ? json::value(*value) : json::value(nullptr);
}

json::object options_of(const CorpusRequest& request)
{
    json::object options;
    options["seed"] = request.seed;
    options["start"] = scenario::wall_time_text(request.start);
    options["span"] = request.span ? json::value(duration(request.span)) : json::value(nullptr);
    options["lines"] = number_or_null(request.lines);
    options["bytes"] = number_or_null(request.bytes);
    options["workstations"] = request.workstations;
    options["groups"] = request.shape.groups;
    options["members"] =
        fmt::format("{}..{}", request.shape.least_members, request.shape.most_members);
    options["processes"] = request.shape.processes;
    options["timezone"] = request.timezone;
    options["stamp"] = request.stamp;
    options["messages"] = request.messages == MessageSet::all ? "all" : "6.2.2";
    options["noise"] = request.noise;
    options["shard"] = fmt::format("{}/{}", request.shard, request.shards);
    options["profile"] = request.profile_name;
    options["profile_text"] = request.profile_text;
    return options;
}

/// By id, as the note spells it: the two lines of HALOG_RECOVERYFAILED count together.
json::object counts_of(const std::array<std::uint64_t, kLogForms>& counts)
{
    json::object object;
    for (const log::Message& message : log::kCatalogue) {
        const std::uint64_t count = counts[static_cast<std::size_t>(message.form)];
        if (json::value* before = object.if_contains(message.id)) {
            *before = before->as_uint64() + count;
        } else {
            object[message.id] = count;
        }
    }
    return object;
}

std::pair<std::uint64_t, std::uint64_t> two_numbers(std::string_view text, std::string_view between)
{
    const std::size_t at = text.find(between);
    const auto first = scenario::read_number(text.substr(0, at), 1000000);
    const auto second = at == std::string_view::npos
                            ? std::nullopt
                            : scenario::read_number(text.substr(at + between.size()), 1000000);
    if (!first || !second || *first == 0 || *first > *second) {
        throw std::runtime_error(fmt::format("'{}' is no pair of numbers", text.substr(0, 60)));
    }
    return {*first, *second};
}

std::optional<std::uint64_t> optional_number(const json::object& object, std::string_view key)
{
    return field(object, key).is_null() ? std::nullopt : std::optional(number_field(object, key));
}

std::uint64_t bounded(const json::object& object, std::string_view key, std::uint64_t most)
{
    const auto number = number_field(object, key);
    if (number < 1 || number > most) {
        throw std::runtime_error(fmt::format("{} is from 1 to {}", key, most));
    }
    return number;
}

constexpr std::string_view kOwnDigest = "\"manifest_xxh3_128\":";

/// The last line of a manifest: the digest of all that stands before it.
std::string own_digest(std::string_view before)
{
    Digest digest;
    digest.add(before);
    return fmt::format("{}\"{}\"}}\n", kOwnDigest, digest.text());
}

CorpusRequest request_of(const json::object& options)
{
    CorpusRequest request;
    request.seed = number_field(options, "seed");
    const auto start = scenario::read_wall_time(text_field(options, "start"));
    if (!start) {
        throw std::runtime_error("start is no moment");
    }
    request.start = *start;
    if (!field(options, "span").is_null()) {
        request.span = scenario::read_duration(text_field(options, "span"));
        if (!request.span) {
            throw std::runtime_error("span is no duration");
        }
    }
    request.lines = optional_number(options, "lines");
    request.bytes = optional_number(options, "bytes");
    request.workstations = bounded(options, "workstations", kMaxWorkstations);
    request.shape.groups = bounded(options, "groups", kMaxGroups);
    std::tie(request.shape.least_members, request.shape.most_members) =
        two_numbers(text_field(options, "members"), "..");
    if (request.shape.most_members > kMaxMembers) {
        throw std::runtime_error("a group has at most 32 members");
    }
    request.shape.processes = bounded(options, "processes", 64);
    request.timezone = text_field(options, "timezone");
    request.stamp = text_field(options, "stamp");
    request.messages =
        text_field(options, "messages") == "all" ? MessageSet::all : MessageSet::current;
    request.noise = text_field(options, "noise");
    std::tie(request.shard, request.shards) = two_numbers(text_field(options, "shard"), "/");
    request.profile_name = text_field(options, "profile");
    request.profile_text = text_field(options, "profile_text");
    return request;
}

}  // namespace

std::string manifest_name(std::uint64_t shard, std::uint64_t shards)
{
    return shards == 1 ? std::string("manifest.json")
                       : fmt::format("manifest-{}-of-{}.json", shard, shards);
}

std::string corpus_of(CorpusRequest request)
{
    request.shard = 1;
    return json::serialize(options_of(request));
}

std::string manifest_text(const CorpusRequest& request, const std::string& version,
                          const std::vector<WorkstationResult>& results)
{
    std::array<std::uint64_t, kLogForms> counts{};
    std::uint64_t lines = 0;
    std::uint64_t foreign = 0;
    std::uint64_t outages = 0;
    std::uint64_t bytes = 0;
    for (const WorkstationResult& result : results) {
        for (std::size_t i = 0; i < kLogForms; ++i) {
            counts[i] += result.counts[i];
        }
        lines += result.lines;
        foreign += result.foreign;
        outages += result.outages;
        bytes += result.log_bytes;
    }
    json::object head;
    head["hasim_corpus"] = kForm;
    head["version"] = version;
    head["options"] = options_of(request);
    head["lines"] = lines;
    head["log_bytes"] = bytes;
    head["outages"] = outages;
    head["counts"] = counts_of(counts);
    head["foreign"] = foreign;
    std::string text = json::serialize(head);
    text.pop_back();
    // A line each, so that two manifests can be compared.
    text += ",\n\"workstations\":[";
    const char* before = "\n";
    for (const WorkstationResult& result : results) {
        text += fmt::format(
            "{}{{\"name\":\"{}\",\"seed\":{},\"lines\":{},\"log_bytes\":{},\"outages\":{}}}",
            before, corpus::workstation_name(result.number), result.seed, result.lines,
            result.log_bytes, result.outages);
        before = ",\n";
    }
    text += "\n],\n\"files\":[";
    before = "\n";
    for (const WorkstationResult& result : results) {
        for (const FileEntry& file : result.files) {
            text += fmt::format("{}{{\"path\":\"{}\",\"bytes\":{},\"xxh3_128\":\"{}\"}}", before,
                                file.path, file.bytes, file.digest);
            before = ",\n";
        }
    }
    text += "\n],\n";
    return sealed(std::move(text));
}

std::string sealed(std::string text)
{
    text.erase(std::min(text.rfind(kOwnDigest), text.size()));
    return text + own_digest(text);
}

bool is_unedited(std::string_view text)
{
    const std::size_t at = text.rfind(kOwnDigest);
    return at != std::string_view::npos && text.substr(at) == own_digest(text.substr(0, at));
}

std::variant<Manifest, Finding> read_manifest(const std::string& path, std::string_view text)
{
    try {
        const json::object head = parse_object(text);
        if (number_field(head, "hasim_corpus") != kForm) {
            throw std::runtime_error("it was written by another version of hasim");
        }
        Manifest manifest;
        manifest.version = text_field(head, "version");
        manifest.request = request_of(object_field(head, "options"));
        manifest.workstations = array_field(head, "workstations").size();
        for (const json::value& one : array_field(head, "files")) {
            if (!one.is_object()) {
                throw std::runtime_error("a list of it holds something else than objects");
            }
            const json::object& object = one.get_object();
            manifest.files.push_back({text_field(object, "path"), number_field(object, "bytes"),
                                      text_field(object, "xxh3_128")});
        }
        return manifest;
    } catch (const std::exception& exception) {
        return Finding{
            path, 0, 0, Severity::error,
            fmt::format(
                "is no manifest of a corpus: {}; name the manifest.json that hasim corpus wrote",
                exception.what())};
    }
}

std::vector<Finding> complete(CorpusRequest& request)
{
    corpus::ProfileResult profile =
        corpus::parse_profile(request.profile_name, request.profile_text);
    std::vector<Finding> findings = std::move(profile.findings);
    request.profile = std::move(profile.profile);
    const auto add = [&](std::string text) {
        findings.push_back({"hasim", 0, 0, Severity::error, std::move(text)});
    };
    if (const auto rates = read_noise(request.noise)) {
        request.noise_rates = *rates;
    } else {
        std::string names;
        for (const std::string_view name : kNoiseNames) {
            names += (names.empty() ? "" : ", ") + std::string(name);
        }
        add(fmt::format(
            "--noise '{}' is not understood: none, light, heavy, or rates per mille such as "
            "crlf=1000,torn=5, of {} (clock at most 100)",
            request.noise.substr(0, 100), names));
    }
    if (request.stamp != "note" && request.stamp != "ctime" && request.stamp != "mixed") {
        add("--stamp is note, ctime or mixed");
    }
    auto zone = host::load_zone(request.timezone);
    if (const std::string* problem = std::get_if<std::string>(&zone)) {
        add(*problem);
    } else {
        request.zone = std::get<Zone>(std::move(zone));
    }
    return findings;
}

}  // namespace hasim::corpus
