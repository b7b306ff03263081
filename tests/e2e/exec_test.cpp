// Goal: hasim exec as its users meet it: applications sign through the group while appliances fail, and what goes wrong
// says what, where and how to mend it.
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"
#include "support/sanitizers.hpp"

using namespace hasim::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* kConf = R"(LunaSA Client = { ReceiveTimeout = 5000; }
VirtualToken = {
  VirtualToken00Label = group; VirtualToken00SN = 11234840370164;
  VirtualToken00Members = 1234840370164, 1234924189183;
  VirtualTokenActiveRecovery = activeEnhanced;
}
HASynchronize = { group = 1; }
HAConfiguration = { HAOnly = 1; reconnAtt = -1; }
)";

bool there_is(const char* program)
{
    return run_hasim({"-c", std::string("command -v ") + program}, {.program = "/bin/sh"})
               .exit_code == 0;
}

/// What a test needs that not every machine has; says so when it has not.
bool has_all(std::initializer_list<const char*> programs)
{
    if (kAddressSanitizer && programs.size() > 0) {
        return false;  // a module with a sanitizer in it cannot be loaded into a program without
    }
    bool all = fs::exists("/usr/lib/softhsm/libsofthsm2.so");
    for (const char* program : programs) {
        all = all && there_is(program);
    }
    if (!all) {
        WARN("left out: softhsm2 or opensc is not installed");
    }
    return all;
}

class ExecFolder {
public:
    ExecFolder() { write("c.conf", kConf); }
    void write(const std::string& name, const std::string& text) const
    {
        std::ofstream(folder_.path() / name) << text;
    }
    [[nodiscard]] std::string path(const std::string& name) const
    {
        return (folder_.path() / name).string();
    }
    /// hasim exec with this folder's configuration and log.
    [[nodiscard]] Finished exec(const std::vector<std::string>& options,
                                const std::string& script) const
    {
        std::vector<std::string> arguments{"exec", "--conf", path("c.conf"), "--log-dir",
                                           path("log")};
        arguments.insert(arguments.end(), options.begin(), options.end());
        arguments.insert(arguments.end(), {"--", "/bin/sh", "-c", script});
        return run_hasim(arguments, {.directory = folder_.path()});
    }
    [[nodiscard]] std::string log() const
    {
        std::ifstream file(path("log/haErrorLog.txt"));
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    TemporaryDirectory folder_;
};

/// It runs: one that has ended, and that nobody has waited for yet, does not.
bool is_alive(int pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    const std::string stat(std::istreambuf_iterator<char>(file), {});
    const std::size_t name_ends = stat.rfind(')');
    return name_ends != std::string::npos && stat.compare(name_ends, 3, ") Z") != 0;
}

constexpr const char* kTool =
    "tool=\"pkcs11-tool --module $HASIM_PKCS11_MODULE --login --pin userpin\"\n";

std::size_t count_of(const std::string& text, const std::string& what)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("the exit code is the command's")
{
    if (!has_all({})) {
        return;
    }
    const ExecFolder folder;
    CHECK(folder.exec({}, "true").exit_code == 0);
    CHECK(folder.exec({}, "exit 7").exit_code == 7);
    CHECK(folder.exec({}, "kill -TERM $$").exit_code == 128 + 15);
}

TEST_CASE("a command with a SoftHSM2 of its own does not meet the lab's tokens")
{
    if (!has_all({})) {
        return;
    }
    const ExecFolder folder;
    CHECK(folder.exec({}, "test -z \"$SOFTHSM2_CONF\"").exit_code == 0);
}

TEST_CASE("a group is a slot, and its token has the group's label and serial")
{
    if (!has_all({"pkcs11-tool"})) {
        return;
    }
    const ExecFolder folder;
    const Finished finished = folder.exec({}, "pkcs11-tool --module $HASIM_PKCS11_MODULE -L");
    CHECK(finished.exit_code == 0);
    CHECK(finished.out.find("Slot 0 (0x0): HA Virtual Card Slot\n  token label        : group\n") !=
          std::string::npos);
    CHECK(finished.out.find("serial num         : 11234840370164\n") != std::string::npos);
    CHECK(finished.out.find("Slot 1") == std::string::npos);
}

TEST_CASE("without HAOnly the partitions are slots too, before the group")
{
    if (!has_all({"pkcs11-tool"})) {
        return;
    }
    const ExecFolder folder;
    std::string conf = kConf;
    conf.replace(conf.find("HAOnly = 1"), 10, "HAOnly = 0");
    folder.write("c.conf", conf);
    const Finished finished = folder.exec({}, "pkcs11-tool --module $HASIM_PKCS11_MODULE -L");
    CHECK(finished.out.find("Slot 0 (0x0): Net Token Slot\n  token label        : 1234840370164") !=
          std::string::npos);
    CHECK(finished.out.find("Slot 1 (0x1): Net Token Slot\n  token label        : 1234924189183") !=
          std::string::npos);
    CHECK(finished.out.find("Slot 2 (0x2): HA Virtual Card Slot\n  token label        : group") !=
          std::string::npos);
}

TEST_CASE("a key that was made while one member was away signs when the other one is")
{
    if (!has_all({"pkcs11-tool", "openssl"})) {
        return;
    }
    const ExecFolder folder;
    folder.write(
        "outage.hasim",
        "hasim 1\nfor 1h\nat 0s  hsm1  refuse\non nth C_GenerateKeyPair 1  hsm2  busy 1s for 2s\n"
        "expect at least 2 DROPUNRECOVERABLE  member 1234840370164\n");
    const std::string script =
        std::string(kTool) +
        "$tool --keypairgen --key-type EC:prime256v1 --id 01 --label mine >made || exit 3\n"
        "head -c 32 /dev/zero >data\n"
        "$tool --sign --mechanism ECDSA --signature-format openssl --id 01 -i data -o signature || "
        "exit 4\n"
        "$tool --read-object --type pubkey --id 01 -o key.der || exit 5\n"
        "openssl pkeyutl -verify -pubin -inkey key.der -keyform DER -in data -sigfile signature\n";
    const Finished finished = folder.exec({"--scenario", folder.path("outage.hasim")}, script);
    INFO(finished.err);
    CHECK(finished.exit_code == 0);
    CHECK(finished.out.find("Signature Verified Successfully") != std::string::npos);
    CHECK(count_of(folder.log(), "unable to reach member: 1234840370164.") == 3);
}

TEST_CASE("signing goes on while an appliance is gone, and the scorecard says so")
{
    if (!has_all({"pkcs11-tool"})) {
        return;
    }
    const ExecFolder folder;
    folder.write("outage.hasim",
                 "hasim 1\nfor 1h\non nth C_GenerateRandom 3  hsm1  reset\n"
                 "expect DROPMEMBER  member 1234840370164\n");
    const std::string script = std::string(kTool) + "$tool --generate-random 4000000 >bytes";
    const Finished finished = folder.exec(
        {"--scenario", folder.path("outage.hasim"), "--scorecard", folder.path("card.json")},
        script);
    INFO(finished.err);
    INFO(folder.log());
    CHECK(finished.exit_code == 0);
    CHECK(count_of(folder.log(), "has dropped member: 1234840370164") == 1);
    const std::string card = read_file(folder.path("card.json"));
    CHECK(card.find("\"broken\":[]") != std::string::npos);
    CHECK(card.find("has dropped member: 1234840370164") != std::string::npos);
    CHECK(card.find("userpin") == std::string::npos);
}

TEST_CASE(
    "a scenario that does not hold makes a good command end with 1, and a bad one with its own "
    "code")
{
    if (!has_all({"pkcs11-tool"})) {
        return;
    }
    const ExecFolder folder;
    folder.write("never.hasim", "hasim 1\nfor 1h\nexpect DROPMEMBER\n");
    const std::string list = "pkcs11-tool --module $HASIM_PKCS11_MODULE -L >slots";
    const Finished good = folder.exec({"--scenario", folder.path("never.hasim")}, list);
    CHECK(good.exit_code == 1);
    CHECK(good.err.find("never.hasim:3:1: error: `expect DROPMEMBER`: expected exactly one such "
                        "line, and 0 came") != std::string::npos);
    CHECK(folder.exec({"--scenario", folder.path("never.hasim")}, list + "; exit 9").exit_code ==
          9);
}

TEST_CASE("a lab's folder keeps keys, and a lab of one command does not")
{
    if (!has_all({"pkcs11-tool"})) {
        return;
    }
    const ExecFolder folder;
    const std::string make = std::string(kTool) + "$tool --keygen --key-type AES:32 --id 07";
    const std::string list = std::string(kTool) + "$tool -O";
    CHECK(folder.exec({}, make).exit_code == 0);
    CHECK(folder.exec({}, list).out.find("Secret Key Object") == std::string::npos);
    CHECK(folder.exec({"--lab", folder.path("lab")}, make).exit_code == 0);
    CHECK(folder.exec({"--lab", folder.path("lab")}, list).out.find("Secret Key Object; AES") !=
          std::string::npos);
}

TEST_CASE("a partition that lost a key answers so, and one that is full takes no more")
{
    if (!has_all({"pkcs11-tool"})) {
        return;
    }
    const ExecFolder folder;
    std::string conf = kConf;
    conf.replace(conf.find(", 1234924189183"), 15, "");
    folder.write("c.conf", conf);
    const std::string make = std::string(kTool) + "$tool --keygen --key-type AES:32 --id 07";
    SECTION("lose object")
    {
        folder.write("lose.hasim",
                     "hasim 1\nfor 1h\non nth C_FindObjectsInit 1  hsm1  lose object\n");
        const Finished finished = folder.exec(
            {"--scenario", folder.path("lose.hasim")},
            make + " >made || exit 3\n$tool -O >first; $tool -O >second; cat made second");
        CHECK(finished.exit_code == 0);
        CHECK(count_of(finished.out, "Secret Key Object") == 1);
    }
    SECTION("token full")
    {
        folder.write("full.hasim", "hasim 1\nfor 1h\nat 0s  hsm1  token full\n");
        const Finished finished = folder.exec({"--scenario", folder.path("full.hasim")}, make);
        CHECK(finished.err.find("CKR_DEVICE_MEMORY") != std::string::npos);
    }
    CHECK(folder.log().empty());
}

TEST_CASE(
    "links are TLS when the files are there, and a certificate that is no good gets in nowhere")
{
    if (!has_all({"pkcs11-tool"})) {
        return;
    }
    const ExecFolder folder;
    REQUIRE(run_hasim({"pki", folder.path("pki")}).exit_code == 0);
    REQUIRE(run_hasim({"pki", folder.path("other")}).exit_code == 0);
    const auto use = [&](const std::string& client, const std::string& ca = "pki") {
        std::string conf = kConf;
        conf.replace(conf.find("ReceiveTimeout"), 0,
                     "ServerCAFile = " + folder.path(ca + "/ca.pem") +
                         "; ClientCertFile = " + folder.path(client + ".pem") +
                         "; ClientPrivKeyFile = " + folder.path("pki/client-key.pem") + "; ");
        folder.write("c.conf", conf);
    };
    const std::string list = "HASIM_LOG=- pkcs11-tool --module $HASIM_PKCS11_MODULE -L";
    SECTION("all is good")
    {
        use("pki/client");
        const Finished finished = folder.exec({}, list);
        CHECK(finished.out.find("token label        : group") != std::string::npos);
        CHECK(folder.log().empty());
    }
    SECTION("the client's certificate has expired")
    {
        use("pki/client-expired");
        const Finished finished = folder.exec({}, list);
        CHECK(finished.out.find("(empty)") != std::string::npos);
        CHECK(finished.err.find("the peer refused our certificate: certificate expired") !=
              std::string::npos);
        CHECK(count_of(folder.log(), "unable to reach member") == 2);
    }
    SECTION("an appliance's certificate expires")
    {
        use("pki/client");
        folder.write("expire.hasim",
                     "hasim 1\nfor 1h\nat 0s  hsm1  certificate expired\n"
                     "expect DROPUNRECOVERABLE  member 1234840370164\n");
        const Finished finished = folder.exec({"--scenario", folder.path("expire.hasim")}, list);
        CHECK(finished.exit_code == 0);
        CHECK(finished.err.find("failed: the peer's certificate has expired") != std::string::npos);
        CHECK(count_of(folder.log(), "unable to reach member: 1234840370164.") == 1);
    }
    SECTION("a key that is not the certificate's")
    {
        use("other/client");
        const Finished finished = folder.exec({}, list);
        CHECK(finished.err.find("CKR_GENERAL_ERROR") != std::string::npos);
        CHECK(finished.err.find(folder.path("pki/client-key.pem")) != std::string::npos);
    }
}

TEST_CASE("a lab stays up for applications that others start, and is broken with hasim ctl")
{
    if (!has_all({"pkcs11-tool"})) {
        return;
    }
    const ExecFolder folder;
    Process lab({"appliances", "--conf", folder.path("c.conf"), "--lab", folder.path("lab"),
                 "--log-dir", folder.path("log")});
    REQUIRE(lab.wait_for("ready: applications find the lab with"));
    const auto list = [&] {
        return run_hasim({"-c", ". " + folder.path("lab/env.sh") +
                                    "; pkcs11-tool --module $HASIM_PKCS11_MODULE -L"},
                         {.program = "/bin/sh"});
    };
    CHECK(list().out.find("token label        : group") != std::string::npos);
    const std::string pid = std::to_string(lab.pid());
    CHECK(run_hasim({"ctl", "--pid", pid, "all", "ntls", "stop"}).exit_code == 0);
    CHECK(list().out.find("(empty)") != std::string::npos);
    CHECK(run_hasim({"ctl", "--pid", pid, "heal all"}).exit_code == 0);
    CHECK(list().out.find("token label        : group") != std::string::npos);
    CHECK(count_of(folder.log(), "unable to reach member") == 2);
    const Finished second =
        run_hasim({"appliances", "--conf", folder.path("c.conf"), "--lab", folder.path("lab")});
    CHECK(second.exit_code == 3);
    CHECK(second.err.find("is in use by another lab") != std::string::npos);
    lab.send_signal(2);
    CHECK(lab.wait().exit_code == 130);
}

TEST_CASE("the manual's first example does what it says")
{
    if (!has_all({"pkcs11-tool"})) {
        return;
    }
    const std::string page = read_file(source_dir() / "docs/pkcs11.md");
    const std::size_t begin = page.find("hasim exec --conf config/Chrystoki.conf");
    REQUIRE(begin != std::string::npos);
    std::string example = page.substr(begin, page.find("\n```", begin) - begin);
    const std::string conf = "config/Chrystoki.conf";
    example.replace(example.find(conf), conf.size(), (source_dir() / conf).string());
    const ExecFolder folder;
    const std::string path = binary().parent_path().string() + ":" + std::getenv("PATH");
    const Finished finished = run_hasim(
        {"-c", example},
        {.program = "/bin/sh", .directory = folder.path(""), .environment = {{"PATH", path}}});
    INFO(finished.err);
    CHECK(finished.exit_code == 0);
    CHECK(fs::file_size(folder.path("signature")) == 64);
}

TEST_CASE("what is missing is named, with what helps")
{
    const ExecFolder folder;
    SECTION("the token module")
    {
        const Finished finished = folder.exec({"--token-module", "/nowhere/token.so"}, "true");
        CHECK(finished.exit_code == 3);
        CHECK(finished.err.find("the token module /nowhere/token.so cannot be loaded") !=
              std::string::npos);
    }
    SECTION("a token module that is none")
    {
        const Finished finished = folder.exec({"--token-module", "libz.so.1"}, "true");
        CHECK(finished.exit_code == 3);
        CHECK(finished.err.find("libz.so.1 is no PKCS#11 module") != std::string::npos);
    }
    SECTION("the command")
    {
        const Finished finished = run_hasim({"exec", "--conf", folder.path("c.conf")});
        CHECK(finished.exit_code == 2);
        CHECK(finished.err.find("COMMAND is missing") != std::string::npos);
    }
    SECTION("a command that does not exist")
    {
        if (!has_all({})) {
            return;
        }
        const Finished finished =
            run_hasim({"exec", "--conf", folder.path("c.conf"), "--", "no-such-command"});
        CHECK(finished.exit_code == 127);
        CHECK(finished.err.find("no-such-command cannot be started: No such file or directory") !=
              std::string::npos);
    }
    SECTION("a line that is done to hasim's own client")
    {
        folder.write("kill.hasim", "hasim 1\nfor 1m\nat 1s  client  kill\n");
        const Finished finished = folder.exec({"--scenario", folder.path("kill.hasim")}, "true");
        CHECK(finished.exit_code == 2);
        CHECK(finished.err.find("kill.hasim:3:") != std::string::npos);
        CHECK(finished.err.find("here the application is the client, so leave the line out") !=
              std::string::npos);
    }
}

TEST_CASE("a broken configuration is CKR_GENERAL_ERROR, and one line says where")
{
    if (!has_all({"pkcs11-tool"})) {
        return;
    }
    const ExecFolder folder;
    const std::string start = "HASIM_LOG=- ChrystokiConfigurationPath=" + folder.path("") +
                              " pkcs11-tool --module $HASIM_PKCS11_MODULE -L";
    SECTION("there is none")
    {
        const Finished finished = folder.exec({}, start);
        CHECK(finished.err.find("Chrystoki.conf: no such file; set ChrystokiConfigurationPath") !=
              std::string::npos);
        CHECK(finished.err.find("CKR_GENERAL_ERROR") != std::string::npos);
    }
    SECTION("it is broken")
    {
        folder.write("Chrystoki.conf", "VirtualToken = {\n  VirtualToken00Label group;\n}\n");
        CHECK(folder.exec({}, start).err.find("Chrystoki.conf:2:") != std::string::npos);
    }
    SECTION("it names real appliances, which nothing is sent to")
    {
        folder.write("Chrystoki.conf",
                     std::string(kConf) + "LunaSA Client = { ServerName00 = 192.0.2.1; }\n");
        const Finished finished = folder.exec({}, start);
        CHECK(finished.err.find("192.0.2.1 is no simulated appliance of this machine") !=
              std::string::npos);
    }
    SECTION("without HASIM_LOG nothing is said")
    {
        const Finished finished = folder.exec(
            {}, "ChrystokiConfigurationPath=/nowhere pkcs11-tool --module $HASIM_PKCS11_MODULE -L");
        CHECK(finished.err.find("hasim[") == std::string::npos);
    }
}

TEST_CASE("nothing is left of a lab when its command, or the lab itself, is killed")
{
    if (!has_all({})) {
        return;
    }
    const ExecFolder folder;
    fs::create_directory(folder.path("tmp"));
    const auto labs = [&] {
        return std::distance(fs::directory_iterator(folder.path("tmp")), fs::directory_iterator());
    };
    {
        Process running({"exec", "--conf", folder.path("c.conf"), "--log-dir", folder.path("log"),
                         "--", "/bin/sh", "-c", "echo $$; exec sleep 1000"},
                        {.environment = {{"TMPDIR", folder.path("tmp")}}});
        REQUIRE(running.wait_for("\n"));
        CHECK(labs() == 1);
        running.send_signal(9);
        CHECK(running.wait().exit_code == 128 + 9);
        const int child = std::stoi(running.out());
        // The kernel ends the child with its parent; when, is its own affair, and who buries it, is init's.
        while (is_alive(child)) {
        }
    }
    const Finished next = run_hasim(
        {"exec", "--conf", folder.path("c.conf"), "--log-dir", folder.path("log"), "--", "true"},
        {.environment = {{"TMPDIR", folder.path("tmp")}}});
    CHECK(next.exit_code == 0);
    CHECK(labs() == 0);
}
