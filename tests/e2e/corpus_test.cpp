// Goal: `hasim corpus` as a user runs it: made, verified, made again, replayed, read by hasim's own reader; refused,
// interrupted and out of space.
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"
#include "support/process.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

using namespace hasim::test;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> with(std::vector<std::string> arguments,
                              const std::vector<std::string>& more)
{
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

}  // namespace

TEST_CASE("a corpus is made, verified and made again from its manifest")
{
    const TemporaryDirectory directory;
    const std::string first = (directory.path() / "a").string();
    const std::string second = (directory.path() / "b").string();
    const Finished made = run_hasim({"corpus", "--out", first, "--profile", "everything", "--lines",
                                     "200", "--workstations", "2", "--messages", "all", "-j", "2"});
    CHECK(made.exit_code == 0);
    CHECK(made.out.empty());
    CHECK_THAT(made.err, ContainsSubstring("2 workstations"));
    const Finished verified = run_hasim({"corpus", "verify", first});
    CHECK(verified.exit_code == 0);
    CHECK_THAT(verified.out, ContainsSubstring("are as they were made"));
    CHECK(run_hasim({"corpus", "--out", second, "--from", first + "/manifest.json"}).exit_code ==
          0);
    CHECK(read_file(first + "/manifest.json") == read_file(second + "/manifest.json"));
    CHECK(read_file(first + "/ws-0002/labels.jsonl") ==
          read_file(second + "/ws-0002/labels.jsonl"));

    const Finished checked = run_hasim({"log", "check", first + "/ws-0001"});
    CHECK(checked.exit_code == 0);
    std::string text = read_file(first + "/ws-0001/haErrorLog.txt");
    text[10] = '#';
    write_file(first + "/ws-0001/haErrorLog.txt", text);
    const Finished damaged = run_hasim({"corpus", "verify", first});
    CHECK(damaged.exit_code == 1);
    CHECK_THAT(damaged.err, ContainsSubstring("haErrorLog.txt"));
}

TEST_CASE("a corpus' scenario replays to its log, byte for byte")
{
    const TemporaryDirectory directory;
    const std::string corpus = (directory.path() / "c").string();
    const std::string replay = (directory.path() / "r").string();
    REQUIRE(run_hasim({"corpus", "--out", corpus, "--profile", "flaky-link", "--lines", "150",
                       "--timezone", "America/Toronto"})
                .exit_code == 0);
    CHECK(run_hasim({"run", "--virtual", "--scenario", corpus + "/ws-0001/scenario.hasim",
                     "--log-dir", replay})
              .exit_code == 0);
    CHECK(read_file(replay + "/haErrorLog.txt") == read_file(corpus + "/ws-0001/haErrorLog.txt"));
}

TEST_CASE("the parts of a workstation's life, played one after the other, are its rotated logs")
{
    const TemporaryDirectory directory;
    const fs::path corpus = directory.path() / "c";
    const fs::path replay = directory.path() / "r";
    REQUIRE(run_hasim({"corpus", "--out", corpus.string(), "--profile", "everything", "--span",
                       "22d", "--processes", "2"})
                .exit_code == 0);
    for (const char* part : {"scenario.hasim", "scenario-0002.hasim", "scenario-0003.hasim"}) {
        CHECK(run_hasim({"run", "--virtual", "--scenario", (corpus / "ws-0001" / part).string(),
                         "--log-dir", replay.string()})
                  .exit_code == 0);
    }
    std::size_t logs = 0;
    for (const auto& entry : fs::directory_iterator(corpus / "ws-0001")) {
        if (entry.path().extension() == ".txt") {
            ++logs;
            CHECK(read_file(entry.path()) == read_file(replay / entry.path().filename()));
        }
    }
    CHECK(logs > 3);
}

TEST_CASE("wrong options of corpus are exit code 2, with a remedy, and nothing is made")
{
    const TemporaryDirectory directory;
    const fs::path out = directory.path() / "c";
    const auto [arguments, remedy] = GENERATE(table<std::vector<std::string>, std::string>(
        {{{"--profile", "quiet-yaer"}, "did you mean 'quiet-year'?"},
         {{"--span", "1d", "--lines", "5"}, "name one of them"},
         {{"--rate", "5/s"}, "goes with --follow"},
         {{"--members", "3..2"}, "2..4"},
         {{"--shard", "3/2"}, "1/8"},
         {{"--shard", "1/2"}, "raise --workstations"},
         {{"--noise", "mud=1"}, "crlf=1000,torn=5"},
         {{"--timezone", "Mars/Base"}, "America/Toronto"},
         {{"--from", "nowhere.json"}, "no such file"},
         {{"--from", "x", "--seed", "1"}, "from the manifest"},
         {{"--bytes", "0"}, "10M"}}));
    const Finished finished = run_hasim(with({"corpus", "--out", out.string()}, arguments));
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.err, ContainsSubstring(remedy));
    CHECK_FALSE(fs::exists(out));
}

TEST_CASE("a corpus does not write over another unless forced")
{
    const TemporaryDirectory directory;
    const std::string out = (directory.path() / "c").string();
    const std::vector<std::string> command{"corpus",     "--out",   out, "--profile",
                                           "flaky-link", "--lines", "20"};
    REQUIRE(run_hasim(command).exit_code == 0);
    const Finished refused = run_hasim(command);
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, ContainsSubstring("--force"));
    CHECK(run_hasim(with(command, {"--force"})).exit_code == 0);
    CHECK(run_hasim({"corpus", "verify", out}).exit_code == 0);
}

TEST_CASE("a corpus that finds the disk full ends with exit code 3 and nothing that looks whole")
{
    const TemporaryDirectory directory;
    const std::string out = (directory.path() / "c").string();
    // A limit on the size of files stands for the disk: it needs no privileges.
    const Finished finished =
        run_hasim({"-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"", binary().string(),
                   "corpus", "--out", out, "--profile", "everything", "--lines", "20000"},
                  {.program = "/bin/sh"});
    CHECK(finished.exit_code == 3);
    CHECK_THAT(finished.err, ContainsSubstring("ws-0001"));
    CHECK(fs::is_empty(out));
}

TEST_CASE(
    "following writes at its rate until interrupted, and what it wrote stays, but for a manifest")
{
    const TemporaryDirectory directory;
    const fs::path out = directory.path() / "c";
    Process process(
        {"corpus", "--out", out.string(), "--profile", "flaky-link", "--follow", "--rate", "20/s"});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    const fs::path log = out / "ws-0001/haErrorLog.txt";
    std::error_code error;
    while (std::chrono::steady_clock::now() < deadline &&
           !(fs::exists(log) && fs::file_size(log, error) > 0)) {
    }
    REQUIRE(fs::exists(log));
    const std::string seen = read_file(log);
    CHECK_THAT(seen, ContainsSubstring("has dropped member") && EndsWith("\n"));
    process.send_signal(SIGINT);
    const Finished finished = process.wait();
    CHECK(finished.exit_code == 130);
    CHECK_FALSE(fs::exists(out / "manifest.json"));
    CHECK(run_hasim({"corpus", "verify", out.string()}).exit_code == 2);
    CHECK_THAT(finished.err, ContainsSubstring("what was written stays in " + out.string()));
    const std::string kept = read_file(log);
    CHECK_THAT(kept, StartsWith(seen));
    const std::string labels = read_file(out / "ws-0001/labels.jsonl");
    CHECK(std::count(labels.begin(), labels.end(), '\n') ==
          std::count(kept.begin(), kept.end(), '\n'));
}

TEST_CASE("following without a rate says when the next line is due, and writes none before that")
{
    const TemporaryDirectory directory;
    const fs::path out = directory.path() / "c";
    Process process({"corpus", "--out", out.string(), "--profile", "flaky-link", "--follow"});
    REQUIRE(process.wait_for("ws-0001: the next line is due in "));
    REQUIRE(process.wait_for("; --rate N/s writes faster"));
    process.send_signal(SIGINT);
    CHECK(process.wait().exit_code == 130);
    const std::string log = read_file(out / "ws-0001/haErrorLog.txt");
    CHECK(!log.empty());
    CHECK(std::count(log.begin(), log.end(), '\n') < 100);
}

TEST_CASE("a manifest that was cut is told in plain words")
{
    const TemporaryDirectory directory;
    const std::string manifest = (directory.path() / "manifest.json").string();
    write_file(manifest, R"({"hasim_corpus":1,"version":"0.1.0","opt)");
    const Finished finished =
        run_hasim({"corpus", "--out", (directory.path() / "c").string(), "--from", manifest});
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.err, ContainsSubstring("it breaks off before its end"));
    CHECK_THAT(finished.err, !ContainsSubstring("boost") && !ContainsSubstring(".hpp"));
    write_file(manifest, "{]");
    const Finished wrong =
        run_hasim({"corpus", "--out", (directory.path() / "c").string(), "--from", manifest});
    CHECK_THAT(wrong.err, ContainsSubstring("it holds what JSON does not"));
    CHECK_THAT(wrong.err, !ContainsSubstring("boost"));
}

TEST_CASE("the bytes of a corpus are these, whatever compiler and machine made them")
{
    const TemporaryDirectory directory;
    std::string digests;
    for (const char* profile : {"quiet-year", "flaky-link", "rolling-maintenance",
                                "datacentre-loss", "login-lockout", "everything"}) {
        const std::string out = (directory.path() / profile).string();
        REQUIRE(run_hasim({"corpus",
                           "--out",
                           out,
                           "--profile",
                           profile,
                           "--lines",
                           "300",
                           "--seed",
                           "7",
                           "--groups",
                           "2",
                           "--members",
                           "2..4",
                           "--processes",
                           "2",
                           "--workstations",
                           "2",
                           "--timezone",
                           "America/Toronto",
                           "--stamp",
                           "mixed",
                           "--messages",
                           "all",
                           "--noise",
                           "heavy"})
                    .exit_code == 0);
        const std::string manifest = read_file(out + "/manifest.json");
        digests += std::string(profile) + '\n' + manifest.substr(manifest.find("\"files\""));
    }
    matches_golden("corpus_digests.txt", digests);
}

namespace {

std::string example(const std::string& name)
{
    return read_file(source_dir() / "examples/corpora" / name);
}

/// Runs a shell command that finds hasim in the PATH.
Finished shell(const std::string& command,
               std::vector<std::pair<std::string, std::string>> environment = {})
{
    const char* const path = std::getenv("PATH");
    environment.emplace_back("PATH",
                             binary().parent_path().string() + ":" + (path == nullptr ? "" : path));
    return run_hasim({"-c", command}, {.program = "/bin/sh", .environment = environment});
}

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("the manual shows the examples of corpora as they are")
{
    const std::string manual = read_file(source_dir() / "docs/corpora.md");
    for (const char* name : {"parallel.sh", "slurm-array.sh", "kubernetes-job.yaml"}) {
        CHECK_THAT(manual, ContainsSubstring(example(name)));
    }
}

TEST_CASE("GNU parallel makes shards that verify as one corpus")
{
    const TemporaryDirectory directory;
    const std::string script = (source_dir() / "examples/corpora/parallel.sh").string();
    const Finished made = shell("'" + script + "' '" + (directory.path() / "lab").string() +
                                "' 3 --profile flaky-link --lines 20 --workstations 6");
    CAPTURE(made.err);
    CHECK(made.exit_code == 0);
    CHECK_THAT(made.out, ContainsSubstring("are as they were made"));
}

TEST_CASE("the tasks of a Slurm array and the pods of an Indexed Job make one corpus each")
{
    const TemporaryDirectory directory;
    const std::string few = "--workstations 8 --lines 10";
    const std::string yaml = example("kubernetes-job.yaml");
    const std::size_t command = yaml.find("exec hasim corpus");
    std::string pod = yaml.substr(command, yaml.find('\n', command) - command);
    pod = replaced(pod, "/data", directory.path().string());
    pod = replaced(pod, "/lab", "/pods");
    pod = replaced(pod, "--workstations 800", few);
    const std::string task = replaced(example("slurm-array.sh"), "--workstations 800", few);
    for (int index = 0; index < 8; ++index) {
        const Finished by_task = shell(task, {{"SCRATCH", directory.path().string()},
                                              {"SLURM_ARRAY_TASK_ID", std::to_string(index + 1)}});
        CAPTURE(by_task.err);
        CHECK(by_task.exit_code == 0);
        CHECK(shell(pod, {{"JOB_COMPLETION_INDEX", std::to_string(index)}}).exit_code == 0);
    }
    CHECK(run_hasim({"corpus", "verify", (directory.path() / "lab").string()}).exit_code == 0);
    CHECK(run_hasim({"corpus", "verify", (directory.path() / "pods").string()}).exit_code == 0);
}
