// Goal: a corpus on disk: labels are true of the log, however noisy; the bytes depend on the request alone; what is
// damaged or half done does not pass for whole.
#include <sys/stat.h>

#include "corpus/make.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "corpus/manifest.hpp"
#include "corpus/profiles.hpp"
#include "corpus/verify.hpp"
#include "hasim/ha_log.hpp"
#include "log/catalogue.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim;
using namespace hasim::corpus;
using hasim::test::read_file;
using hasim::test::TemporaryDirectory;
using hasim::test::write_file;
namespace fs = std::filesystem;

namespace {

const std::atomic<bool> kGoOn = false;

CorpusRequest request_for(std::string_view profile, std::uint64_t lines)
{
    CorpusRequest request;
    for (const BuiltInProfile& one : built_in_profiles()) {
        if (one.name == profile) {
            request.profile_name = one.name;
            request.profile_text = one.text;
        }
    }
    request.start = WallTime(std::chrono::sys_days(std::chrono::year(2024) / 3 / 1));
    request.lines = lines;
    request.messages = MessageSet::all;
    REQUIRE(complete(request).empty());
    return request;
}

/// Small files, so that they rotate.
void rotate_often(CorpusRequest& request)
{
    request.profile_text.insert(request.profile_text.find('\n') + 1, "loglen 4096\n");
    REQUIRE(complete(request).empty());
}

MakeOutcome make(const CorpusRequest& request, const fs::path& directory, std::uint64_t jobs = 1)
{
    MakeOptions options;
    options.directory = directory.string();
    options.version = "test";
    options.jobs = jobs;
    return make_corpus(request, options, kGoOn);
}

/// Every file, by its path.
std::vector<std::pair<std::string, std::string>> contents(const fs::path& directory)
{
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        const std::string path = entry.path().lexically_relative(directory).string();
        if (entry.is_regular_file() && !path.starts_with("manifest")) {
            files.emplace_back(path, read_file(entry.path()));
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<boost::json::object> rows(const fs::path& file)
{
    std::vector<boost::json::object> found;
    const std::string text = read_file(file);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        found.push_back(boost::json::parse(text.substr(at, end - at)).as_object());
        at = end + 1;
    }
    return found;
}

}  // namespace

TEST_CASE("every profile that comes along is good, and makes a corpus that verifies")
{
    REQUIRE(built_in_profiles().size() == 6);
    for (const BuiltInProfile& profile : built_in_profiles()) {
        INFO(profile.name);
        const TemporaryDirectory directory;
        CorpusRequest request = request_for(profile.name, 30);
        REQUIRE(make(request, directory.path()).end == MakeOutcome::End::done);
        const VerifyOutcome outcome = verify_corpus(directory.path().string());
        CHECK(outcome.findings.empty());
        CHECK(outcome.lines >= 30);
    }
}

TEST_CASE("labels and log agree when both are read independently")
{
    const TemporaryDirectory directory;
    CorpusRequest request = request_for("everything", 400);
    rotate_often(request);
    REQUIRE(make(request, directory.path()).end == MakeOutcome::End::done);
    const fs::path place = directory.path() / "ws-0001";
    std::string name;
    std::string text;
    std::size_t files = 0;
    std::size_t compared = 0;
    for (const boost::json::object& row : rows(place / "labels.jsonl")) {
        const std::string file(row.at("file").as_string());
        files += file != name ? 1 : 0;
        text = file != name ? read_file(place / file) : text;
        name = file;
        const auto offset = static_cast<std::size_t>(row.at("offset").as_int64());
        const auto newlines =
            std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
        CHECK(row.at("line").as_int64() == newlines + 1);
        const std::string line = text.substr(offset, text.find('\n', offset) - offset);
        log::ParsedLine parsed;
        REQUIRE(log::parse_line(line, parsed) == log::LineKind::record);
        CHECK(row.at("form").as_string() ==
              log::kCatalogue[static_cast<std::size_t>(parsed.form)].name);
        CHECK(row.at("member").as_string() == parsed.member.text());
        CHECK(static_cast<std::uint32_t>(row.at("pid").as_int64()) == parsed.pid.value);
        ++compared;
    }
    CHECK(compared >= 400);
    CHECK(files > 5);
    CHECK(fs::file_size(place / "haErrorLog.txt") < 4096 + log::kMaxLineLength);
}

TEST_CASE("noise is labelled, and the labels stay true")
{
    const auto noise =
        GENERATE(as<std::string>{}, "torn=100", "crlf=1000", "foreign=200", "day=1000", "code=1000",
                 "clock=20", "rotation=1000", "utf8=200", "heavy");
    INFO(noise);
    const TemporaryDirectory directory;
    CorpusRequest request = request_for("everything", 300);
    request.noise = noise;
    rotate_often(request);
    REQUIRE(make(request, directory.path()).end == MakeOutcome::End::done);
    const VerifyOutcome outcome = verify_corpus(directory.path().string());
    for (const Finding& finding : outcome.findings) {
        CHECK(to_text(finding).empty());
    }
    const std::string kind = noise.substr(0, noise.find('='));
    const auto labels = rows(directory.path() / "ws-0001/labels.jsonl");
    const auto noisy =
        std::count_if(labels.begin(), labels.end(), [&](const boost::json::object& row) {
            return row.at("noise").is_array() &&
                   (kind == "heavy" || row.at("noise").as_array().at(0).as_string() == kind);
        });
    CHECK((noisy > 0 || kind == "rotation"));
    const auto files = contents(directory.path());
    const auto logs = std::count_if(files.begin(), files.end(),
                                    [](const auto& file) { return file.first.ends_with(".txt"); });
    CHECK((logs > 1) == (kind != "rotation"));
}

TEST_CASE("the bytes depend neither on jobs nor on shards, and a manifest makes them again")
{
    const TemporaryDirectory one;
    const TemporaryDirectory four;
    const TemporaryDirectory shards;
    const TemporaryDirectory again;
    CorpusRequest request = request_for("flaky-link", 60);
    request.workstations = 5;
    request.noise = "light";
    request.stamp = "mixed";
    REQUIRE(complete(request).empty());
    REQUIRE(make(request, one.path(), 1).workstations == 5);
    REQUIRE(make(request, four.path(), 4).end == MakeOutcome::End::done);
    const auto expected = contents(one.path());
    CHECK(contents(four.path()) == expected);
    CHECK(read_file(one.path() / "manifest.json") == read_file(four.path() / "manifest.json"));

    for (std::uint64_t shard = 1; shard <= 3; ++shard) {
        CorpusRequest part = request;
        part.shard = shard;
        part.shards = 3;
        REQUIRE(make(part, shards.path()).end == MakeOutcome::End::done);
        CHECK(verify_corpus(shards.path().string()).findings.empty() == (shard == 3));
    }
    CHECK(contents(shards.path()) == expected);

    const auto manifest = read_manifest("m", read_file(one.path() / "manifest.json"));
    REQUIRE(std::holds_alternative<Manifest>(manifest));
    CorpusRequest read = std::get<Manifest>(manifest).request;
    REQUIRE(complete(read).empty());
    REQUIRE(make(read, again.path()).end == MakeOutcome::End::done);
    CHECK(contents(again.path()) == expected);
}

TEST_CASE("shards of different corpora are not taken for one")
{
    const auto other = GENERATE(as<std::string>{}, "seed", "profile", "stamp", "size", "none");
    const TemporaryDirectory directory;
    CorpusRequest part = request_for("flaky-link", 30);
    part.workstations = 4;
    part.shards = 2;
    REQUIRE(make(part, directory.path()).end == MakeOutcome::End::done);
    part = other == "profile" ? request_for("quiet-year", 30) : part;
    part.workstations = other == "size" ? 5 : 4;
    part.shard = part.shards = 2;
    part.seed += other == "seed" ? 1U : 0U;
    part.stamp = other == "stamp" ? "ctime" : part.stamp;
    REQUIRE(make(part, directory.path()).end == MakeOutcome::End::done);
    const VerifyOutcome outcome = verify_corpus(directory.path().string());
    CAPTURE(other);
    CHECK(outcome.findings.empty() == (other == "none"));
}

TEST_CASE("verify finds what was changed, lost or added")
{
    const TemporaryDirectory directory;
    const fs::path place = directory.path() / "ws-0001";
    REQUIRE(make(request_for("everything", 50), directory.path()).end == MakeOutcome::End::done);
    REQUIRE(verify_corpus(directory.path().string()).findings.empty());
    const auto victim = GENERATE(as<std::string>{}, "haErrorLog.txt", "labels.jsonl",
                                 "outages.jsonl", "haErrorLog_structured.csv", "scenario.hasim");
    INFO(victim);
    std::string text = read_file(place / victim);
    const std::string whole = text;
    text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
    write_file(place / victim, text);
    CHECK_FALSE(verify_corpus(directory.path().string()).findings.empty());
    write_file(place / victim, whole);
    write_file(place / "haErrorLog_20170101T000000Z.txt", "");
    CHECK(verify_corpus(directory.path().string()).findings.size() == 1);
    fs::remove(place / "haErrorLog_20170101T000000Z.txt");
    fs::remove(place / victim);
    CHECK_FALSE(verify_corpus(directory.path().string()).findings.empty());
    fs::remove(directory.path() / "manifest.json");
    CHECK(verify_corpus(directory.path().string()).unreadable);
}

TEST_CASE("labels that lie are found even when the digests fit")
{
    const TemporaryDirectory directory;
    const fs::path place = directory.path() / "ws-0001";
    const auto lie = GENERATE(
        as<std::pair<std::string, std::string>>{}, std::pair("\"offset\":0", "\"offset\":1"),
        std::pair("\"line\":1,", "\"line\":2,"), std::pair("\"outage\":1", "\"outage\":9"),
        std::pair("drop_member", "recovered"), std::pair("\"id\":1,", "\"id\":4,"));
    INFO(lie.first);
    REQUIRE(make(request_for("everything", 50), directory.path()).end == MakeOutcome::End::done);
    std::string text = read_file(place / "labels.jsonl");
    const std::size_t at = text.find(lie.first);
    REQUIRE(at != std::string::npos);
    text.replace(at, lie.first.size(), lie.second);
    write_file(place / "labels.jsonl", text);
    Digest digest;
    digest.add(text);
    std::string manifest = read_file(directory.path() / "manifest.json");
    const std::size_t entry = manifest.find("labels.jsonl\",\"bytes\":");
    const std::size_t end = manifest.find('}', entry);
    manifest.replace(entry, end - entry,
                     "labels.jsonl\",\"bytes\":" + std::to_string(text.size()) +
                         ",\"xxh3_128\":\"" + digest.text() + "\"");
    write_file(directory.path() / "manifest.json", sealed(manifest));
    const VerifyOutcome outcome = verify_corpus(directory.path().string());
    CHECK_FALSE(outcome.unreadable);
    CHECK_FALSE(outcome.findings.empty());
}

TEST_CASE("a directory that holds something is left alone, unless forced")
{
    const TemporaryDirectory directory;
    const CorpusRequest request = request_for("flaky-link", 20);
    write_file(directory.path() / "mine.txt", "mine");
    CHECK(make(request, directory.path()).end == MakeOutcome::End::refused);
    MakeOptions options;
    options.directory = directory.path().string();
    options.force = true;
    CHECK(make_corpus(request, options, kGoOn).end == MakeOutcome::End::done);
    CHECK(make_corpus(request, options, kGoOn).end == MakeOutcome::End::done);
    CHECK(read_file(directory.path() / "mine.txt") == "mine");
}

TEST_CASE("an interrupted corpus has no manifest and leaves nothing half done")
{
    const TemporaryDirectory directory;
    const std::atomic<bool> stop = true;
    MakeOptions options;
    options.directory = directory.path().string();
    CHECK(make_corpus(request_for("flaky-link", 20), options, stop).end ==
          MakeOutcome::End::interrupted);
    CHECK(fs::is_empty(directory.path()));
}

TEST_CASE("a profile that makes too few lines ends with an error")
{
    const TemporaryDirectory directory;
    CorpusRequest request = request_for("quiet-year", 1000000);
    request.profile_text = "profile 1\nload 1/h\nboot 3650d\noperation every 3650d restart\n";
    REQUIRE(complete(request).empty());
    const MakeOutcome outcome = make(request, directory.path());
    CHECK(outcome.end == MakeOutcome::End::failed);
    CHECK(fs::is_empty(directory.path()));
}

TEST_CASE("hostile manifests are told, not obeyed")
{
    const auto text = GENERATE(as<std::string>{}, "", "[]", "{}", "{\"hasim_corpus\":2}",
                               "{\"hasim_corpus\":1,\"version\":1}", std::string(100000, '['));
    CHECK(std::holds_alternative<Finding>(read_manifest("m", text)));
}

TEST_CASE("shards share out all workstations, each once")
{
    for (const std::uint64_t workstations : {1U, 5U, 7U, 100U}) {
        for (std::uint64_t shards = 1; shards <= std::min<std::uint64_t>(workstations, 9);
             ++shards) {
            std::uint64_t next = 1;
            for (std::uint64_t shard = 1; shard <= shards; ++shard) {
                const ShardRange range = shard_range(workstations, shard, shards);
                CHECK(range.first == next);
                next = range.last + 1;
            }
            CHECK(next == workstations + 1);
        }
    }
}

TEST_CASE("rates of noise are read, and nothing else")
{
    CHECK(read_noise("none")->any() == false);
    CHECK(read_noise("light")->any());
    CHECK(read_noise("crlf=1000,torn=5")->of(Noise::crlf) == 1000);
    for (const char* const bad :
         {"crlf", "crlf=", "crlf=1001", "crlf=-1", "mud=1", "clock=101", "crlf=1;torn=2"}) {
        CHECK_FALSE(read_noise(bad));
    }
}

TEST_CASE("a manifest whose span is no duration is refused, not taken for one without a span")
{
    const TemporaryDirectory one;
    static_cast<void>(make(request_for("everything", 200), one.path()));
    std::string text = read_file(one.path() / "manifest.json");
    const std::size_t at = text.find("\"span\":");
    REQUIRE(at != std::string::npos);
    text.replace(at, text.find_first_of(",\n", at) - at, "\"span\": \"banana\"");
    const auto manifest = read_manifest("m", text);
    REQUIRE(std::holds_alternative<Finding>(manifest));
    CHECK_THAT(to_text(std::get<Finding>(manifest)), ContainsSubstring("span"));
}

TEST_CASE("verify sees every edit of a manifest, and derives what it says from the files")
{
    const TemporaryDirectory one;
    static_cast<void>(make(request_for("everything", 200), one.path()));
    const VerifyOptions again{.again = true, .jobs = 2};
    REQUIRE(verify_corpus(one.path().string(), again).findings.empty());
    const fs::path file = one.path() / "manifest.json";
    const std::string good = read_file(file);
    const auto edited = [&](const std::string& field, bool last = false) {
        std::string bad = good;
        const std::string key = "\"" + field + "\":";
        const std::size_t at = last ? bad.rfind(key) : bad.find(key);
        REQUIRE(at != std::string::npos);
        // The first letter or digit of the value becomes another one.
        const std::size_t value =
            bad.find_first_of("123456789abcdefghijklmnopqrstuvwxyz", at + field.size() + 3);
        bad[value] = bad[value] == '1' ? '2' : '1';
        return bad;
    };
    const auto finds = [&](const std::string& text, const VerifyOptions& options) {
        write_file(file, text);
        return !verify_corpus(one.path().string(), options).findings.empty();
    };
    for (const std::string field :
         {"version", "seed", "start", "lines", "log_bytes", "outages", "foreign",
          "HALOG_DROPMEMBER", "name", "bytes", "profile", "workstations"}) {
        CAPTURE(field);
        CHECK(finds(edited(field), {}));
    }
    for (const std::string field : {"seed", "lines", "log_bytes", "outages", "foreign",
                                    "HALOG_DROPMEMBER", "name", "workstations"}) {
        CAPTURE(field);
        CHECK(finds(sealed(edited(field, true)), {}));
    }
    for (const std::string field : {"start", "lines", "stamp", "processes"}) {
        CAPTURE(field);
        CHECK(finds(sealed(edited(field)), again));
    }
    std::string lie = good;
    lie.replace(lie.find("\"name\":\"ws-"), 11, "\"name\":\"../");
    write_file(file, sealed(lie));
    const auto outcome = verify_corpus(one.path().string());
    REQUIRE(outcome.findings.size() == 1);
    CHECK_THAT(outcome.findings.front().text,
               ContainsSubstring("says \"../0001\" in workstations[0].name, and the files say"));
}

TEST_CASE("verify says in plain words what is no label and no outage")
{
    const TemporaryDirectory one;
    static_cast<void>(make(request_for("everything", 50), one.path()));
    const fs::path place = one.path() / "ws-0001";
    const auto [text, why] = GENERATE(as<std::pair<std::string, std::string>>{},
                                      std::pair("{", "is no label: it is no JSON: "),
                                      std::pair("[]", "is no label: it is no JSON object"),
                                      std::pair("{}", "is no label: it has no \"id\""),
                                      std::pair(R"({"id":-1})", "its \"id\" is no whole number"));
    std::string labels = read_file(place / "labels.jsonl");
    labels.replace(0, labels.find('\n'), text);
    write_file(place / "labels.jsonl", labels);
    std::string all;
    for (const Finding& finding : verify_corpus(one.path().string()).findings) {
        all += to_text(finding) + "\n";
    }
    CHECK_THAT(all, ContainsSubstring(why));
}

TEST_CASE("verify waits for no pipe, reads no device for ever, and sees what links bring in")
{
    const TemporaryDirectory one;
    static_cast<void>(make(request_for("everything", 200), one.path()));
    fs::path labels;
    for (const auto& entry : fs::recursive_directory_iterator(one.path())) {
        labels = entry.path().filename() == "labels.jsonl" ? entry.path() : labels;
    }
    REQUIRE_FALSE(labels.empty());
    SECTION("a pipe")
    {
        fs::remove(labels);
        REQUIRE(::mkfifo(labels.c_str(), 0600) == 0);
    }
    SECTION("a device without end")
    {
        fs::remove(labels);
        fs::create_symlink("/dev/zero", labels);
    }
    SECTION("a folder that is a link")
    {
        fs::create_directory_symlink("/tmp", one.path() / "ws-extra");
    }
    SECTION("a link to itself")
    {
        fs::create_symlink("loop", one.path() / "loop");
    }
    const auto outcome = verify_corpus(one.path().string());
    CHECK_FALSE(outcome.findings.empty());
    CHECK(outcome.findings.size() < 30);
}

TEST_CASE("the rows of the structured file are those that the templates count, torn ones under E0")
{
    for (const std::string_view noise : {"none", "torn=1000", "foreign=500,torn=200"}) {
        INFO(noise);
        const TemporaryDirectory directory;
        CorpusRequest request = request_for(built_in_profiles().front().name, 200);
        request.noise = noise;
        REQUIRE(complete(request).empty());
        MakeOptions options;
        options.directory = directory.path().string();
        options.version = "test";
        REQUIRE(make_corpus(request, options, kGoOn).end == MakeOutcome::End::done);
        const fs::path place = directory.path() / "ws-0001";
        const std::string structured = read_file(place / "haErrorLog_structured.csv");
        const std::string templates = read_file(place / "haErrorLog_templates.csv");
        const auto count = [](std::string_view text, std::string_view part) {
            std::size_t found = 0;
            for (std::size_t at = text.find(part); at != std::string_view::npos;
                 at = text.find(part, at + part.size())) {
                ++found;
            }
            return found;
        };
        std::size_t others = 0;
        for (const auto& row : rows(place / "labels.jsonl")) {
            const std::string kinds = boost::json::serialize(row.at("noise"));
            others += row.at("form").is_null() || kinds.find("torn") != std::string::npos ? 1 : 0;
        }
        CHECK(count(structured, ",E0,<*>\n") == others);
        CHECK((others == 0) == (noise == "none"));
        CHECK(count(templates, fmt::format("\nE0,<*>,{}\n", others)) == (others == 0 ? 0 : 1));
        for (std::size_t i = 1; i <= kLogForms; ++i) {
            const std::size_t here = count(structured, fmt::format(",E{},", i));
            const std::size_t begin = templates.find(fmt::format("\nE{},", i)) + 1;
            const std::string row = templates.substr(begin, templates.find('\n', begin) - begin);
            CHECK(row.substr(row.rfind(',') + 1) == std::to_string(here));
        }
    }
}
