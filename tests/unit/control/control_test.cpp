#include "control/client.hpp"
#include "control/server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "support/catch.hpp"
#include "support/environment.hpp"

namespace hasim::control {

namespace {

namespace fs = std::filesystem;
using Kind = Answer::Kind;

/// The loop runs on the test's thread; only the blocking client has one of its own.
struct Bench {
    test::TemporaryDirectory temporary;
    std::string directory = (temporary.path() / "hasim").string();
    boost::asio::io_context io;
    std::vector<std::string> lines;
    std::string reply = "ok";

    Server::Handler handler()
    {
        return [this](std::string_view line, const Server::Reply& answer) {
            lines.emplace_back(line);
            answer(reply);
            return Server::Gone();
        };
    }

    /// Runs the loop until `asking` returned.
    template <class Function>
    auto while_serving(Function asking)
    {
        auto answer = std::async(std::launch::async, asking);
        const auto guard = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (answer.wait_for(std::chrono::seconds(0)) != std::future_status::ready &&
               std::chrono::steady_clock::now() < guard) {
            io.restart();
            io.run_one_for(std::chrono::milliseconds(10));
        }
        return answer.get();
    }

    Answer send(std::string_view line, std::optional<std::uint64_t> pid = std::nullopt)
    {
        return while_serving([=, this] { return send_line(directory, pid, line); });
    }
};

mode_t mode_of(const std::string& path)
{
    struct stat status {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

int bound_socket(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return descriptor;
}

/// Sends bytes as they are and reads all that comes back.
std::string talk(const std::string& path, const std::string& bytes)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
    std::string answer;
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        static_cast<void>(::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL));
        ::shutdown(descriptor, SHUT_WR);
        char piece[512];
        for (ssize_t size = 0; (size = ::recv(descriptor, piece, sizeof piece, 0)) > 0;) {
            answer.append(piece, static_cast<std::size_t>(size));
        }
    }
    ::close(descriptor);
    return answer;
}

}  // namespace

TEST_CASE("a line reaches the only hasim that runs, and its answer comes back")
{
    Bench bench;
    Server server(bench.io, bench.handler());
    REQUIRE(server.start(bench.directory, 4711) == "");
    CHECK(server.path() == bench.directory + "/4711.sock");
    bench.reply = "one\ntwo";
    const Answer answer = bench.send("hsm2 cable out");
    CHECK(answer.kind == Kind::done);
    CHECK(answer.text == "one\ntwo\n");
    CHECK(bench.lines == std::vector<std::string>{"hsm2 cable out"});
}

TEST_CASE("an answer's last line says how it went")
{
    Bench bench;
    Server server(bench.io, bench.handler());
    REQUIRE(server.start(bench.directory, 1) == "");
    bench.reply = "";
    CHECK(bench.send("x").kind == Kind::done);
    bench.reply = "ok\n";
    CHECK(bench.send("x").text.empty());
    bench.reply = "error: no such appliance: hsm9";
    CHECK(bench.send("x").kind == Kind::refused);
    CHECK(bench.send("x").text == "no such appliance: hsm9");
    bench.reply = "error: this is a line of text\nok";
    CHECK(bench.send("x").kind == Kind::done);
    CHECK(bench.send("x").text == "error: this is a line of text\n");
}

TEST_CASE("only this user can reach the socket, and it goes with the server")
{
    Bench bench;
    {
        Server server(bench.io, bench.handler());
        REQUIRE(server.start(bench.directory, 1) == "");
        CHECK(mode_of(bench.directory) == 0700U);
        CHECK(mode_of(server.path()) == 0600U);
    }
    CHECK(fs::is_empty(bench.directory));
}

TEST_CASE("with several running, the client asks which, and --pid says it")
{
    Bench bench;
    std::string told;
    const auto telling = [&](const std::string& name) {
        return [&told, name](std::string_view, const Server::Reply& reply) {
            reply(told = name);
            return Server::Gone();
        };
    };
    Server first(bench.io, telling("first"));
    Server second(bench.io, telling("second"));
    REQUIRE(first.start(bench.directory, 30) == "");
    REQUIRE(second.start(bench.directory, 4) == "");
    const Answer unclear = bench.send("x");
    CHECK(unclear.kind == Kind::not_chosen);
    CHECK(unclear.text == "2 hasims are running; name one with --pid: 4 30");
    CHECK(told.empty());
    CHECK(bench.send("x", 30).text == "first\n");
    CHECK(bench.send("x", 4).text == "second\n");
    const Answer nobody = bench.send("x", 5);
    CHECK(nobody.kind == Kind::not_chosen);
    CHECK_THAT(nobody.text, StartsWith("no hasim with pid 5 can be reached") &&
                                ContainsSubstring(bench.directory + "/5.sock"));
}

TEST_CASE("with none running the client says so")
{
    Bench bench;
    const Answer answer = send_line(bench.directory, std::nullopt, "x");
    CHECK(answer.kind == Kind::not_chosen);
    CHECK_THAT(answer.text, StartsWith("no hasim of yours is running (a run has its socket in "));
}

TEST_CASE("what a dead process left is removed, what lives is not, and other files are left alone")
{
    Bench bench;
    REQUIRE(prepare_directory(bench.directory) == "");
    ::close(bound_socket(socket_path(bench.directory, 7)));
    test::write_file(fs::path(bench.directory) / "notes.sock", "");
    Server server(bench.io, bench.handler());
    REQUIRE(server.start(bench.directory, 8) == "");
    CHECK(!fs::exists(socket_path(bench.directory, 7)));
    CHECK(running(bench.directory) == std::vector<std::uint64_t>{8});
    CHECK(fs::exists(fs::path(bench.directory) / "notes.sock"));
    // A pid that is used again finds the socket of its first life.
    ::close(bound_socket(socket_path(bench.directory, 9)));
    Server reborn(bench.io, bench.handler());
    CHECK(reborn.start(bench.directory, 9) == "");
    CHECK(bench.send("x", 9).kind == Kind::done);
}

TEST_CASE("a directory that others could use is refused")
{
    Bench bench;
    REQUIRE(prepare_directory(bench.directory) == "");
    REQUIRE(::chmod(bench.directory.c_str(), 0750) == 0);
    Server server(bench.io, bench.handler());
    CHECK(server.start(bench.directory, 1) ==
          fmt::format("{} is open to other users (mode 0750); chmod 700 it", bench.directory));
    const std::string link = (bench.temporary.path() / "link").string();
    fs::create_directory_symlink(bench.temporary.path(), link);
    CHECK(prepare_directory(link) == fmt::format("{} is not a directory; remove it", link));
    if (::geteuid() == 0) {
        REQUIRE(::chmod(bench.directory.c_str(), 0700) == 0);
        REQUIRE(::chown(bench.directory.c_str(), 12345, 12345) == 0);
        CHECK_THAT(prepare_directory(bench.directory),
                   ContainsSubstring("belongs to another user"));
    }
    CHECK_THAT(prepare_directory("/nowhere/hasim"), ContainsSubstring("cannot be made"));
}

TEST_CASE("a directory with too long a name is an error with a remedy")
{
    Bench bench;
    Server server(bench.io, bench.handler());
    const std::string deep = (bench.temporary.path() / std::string(150, 'd')).string();
    CHECK_THAT(server.start(deep, 1), EndsWith("set XDG_RUNTIME_DIR to a shorter directory"));
}

TEST_CASE("several lines on one connection are answered one after the other")
{
    Bench bench;
    Server server(bench.io, bench.handler());
    REQUIRE(server.start(bench.directory, 1) == "");
    CHECK(bench.while_serving([&] { return talk(server.path(), "a\r\nb\nc"); }) == "ok\nok\nok\n");
    CHECK(bench.lines == std::vector<std::string>{"a", "b", "c"});
    CHECK(bench.while_serving([&] { return talk(server.path(), ""); }).empty());
}

TEST_CASE("a line that is too long ends its connection alone, whether or not it ends")
{
    Bench bench;
    Server server(bench.io, bench.handler());
    REQUIRE(server.start(bench.directory, 1) == "");
    const std::string end = GENERATE("", "\n");
    const std::string longest(kMaxLine, 'x');
    CHECK(bench.while_serving([&] { return talk(server.path(), longest + "x" + end); }) ==
          "error: a line has at most 4096 bytes\n");
    CHECK(bench.lines.empty());
    CHECK(bench.while_serving([&] { return talk(server.path(), longest + end); }) == "ok\n");
    CHECK(bench.lines.size() == 1);
    CHECK(bench.send(longest + "x").kind == Kind::refused);
    CHECK(bench.send("a\nb").kind == Kind::refused);
    CHECK(bench.lines.size() == 1);
}

TEST_CASE("a hasim that does not answer is not waited for for ever")
{
    Bench bench;
    REQUIRE(prepare_directory(bench.directory) == "");
    const int descriptor = bound_socket(socket_path(bench.directory, 3));
    REQUIRE(::listen(descriptor, 4) == 0);
    const Answer answer = send_line(bench.directory, 3, "x", std::chrono::seconds(1));
    CHECK(answer.kind == Kind::not_reached);
    CHECK_THAT(answer.text, EndsWith("did not answer within 1 s"));
    ::close(descriptor);
}

TEST_CASE("sockets are in the runtime directory, else in a directory of the user's own")
{
    const char* before = std::getenv("XDG_RUNTIME_DIR");
    const std::string kept = before != nullptr ? before : "";
    const test::TemporaryDirectory runtime;
    ::setenv("XDG_RUNTIME_DIR", runtime.path().c_str(), 1);
    CHECK(socket_directory() == runtime.path().string() + "/hasim");
    for (const std::string& unusable :
         {runtime.path().string() + "/missing", std::string("."), std::string()}) {
        ::setenv("XDG_RUNTIME_DIR", unusable.c_str(), 1);
        CHECK(socket_directory() == fmt::format("/tmp/hasim-{}", ::geteuid()));
    }
    ::unsetenv("XDG_RUNTIME_DIR");
    CHECK(socket_directory() == fmt::format("/tmp/hasim-{}", ::geteuid()));
    if (before != nullptr) {
        ::setenv("XDG_RUNTIME_DIR", kept.c_str(), 1);
    }
}

TEST_CASE("clients that sit idle make room for one that has something to say")
{
    Bench bench;
    Server server(bench.io, bench.handler());
    REQUIRE(server.start(bench.directory, 1) == "");
    std::vector<boost::asio::local::stream_protocol::socket> idle;
    for (std::size_t i = 0; i < 2 * Server::kMaxClients; ++i) {
        idle.emplace_back(bench.io);
        idle.back().connect(boost::asio::local::stream_protocol::endpoint(server.path()));
        bench.io.restart();
        bench.io.poll();
    }
    CHECK(bench.send("hsm2 cable out").kind == Kind::done);
    CHECK(bench.lines == std::vector<std::string>{"hsm2 cable out"});
}

TEST_CASE("who leaves before the answer is told of, who has ended its sending side alone is not")
{
    Bench bench;
    std::vector<Server::Reply> waiting;
    int gone = 0;
    Server server(bench.io, [&](std::string_view, const Server::Reply& reply) {
        waiting.push_back(reply);
        return [&] { ++gone; };
    });
    REQUIRE(server.start(bench.directory, 1) == "");
    const auto asking = [&] {
        boost::asio::local::stream_protocol::socket client(bench.io);
        client.connect(boost::asio::local::stream_protocol::endpoint(server.path()));
        boost::asio::write(client, boost::asio::buffer("wait\n", 5));
        client.shutdown(boost::asio::socket_base::shutdown_send);
        return client;
    };
    const auto serve_until = [&](auto happened) {
        const auto guard = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!happened() && std::chrono::steady_clock::now() < guard) {
            bench.io.restart();
            bench.io.run_one_for(std::chrono::milliseconds(10));
        }
        return happened();
    };
    auto stays = asking();
    auto leaves = asking();
    REQUIRE(serve_until([&] { return waiting.size() == 2; }));
    CHECK(gone == 0);
    leaves.close();
    CHECK(serve_until([&] { return gone == 1; }));
    waiting[0]("at last");
    waiting[1]("nobody");
    CHECK(serve_until([&] { return stays.available() == 11; }));
    stays.close();
    bench.io.restart();
    bench.io.poll();
    CHECK(gone == 1);
}

TEST_CASE("an order, which may hold a PIN, goes through no directory that others can reach")
{
    Bench bench;
    Server server(bench.io, bench.handler());
    REQUIRE(server.start(bench.directory, 1) == "");
    REQUIRE(::chmod(bench.directory.c_str(), 0777) == 0);
    const Answer answer = bench.send("client login 1234");
    CHECK(answer.kind == Kind::not_chosen);
    CHECK(answer.text.find("open to other users") != std::string::npos);
    CHECK(bench.lines.empty());
    CHECK(running(bench.directory).empty());
}

TEST_CASE("a link or a file with a socket's name is not hasim's to remove")
{
    Bench bench;
    REQUIRE(prepare_directory(bench.directory) == "");
    const std::string precious = (bench.temporary.path() / "precious").string();
    test::write_file(precious, "x");
    fs::create_symlink(precious, socket_path(bench.directory, 5));
    test::write_file(socket_path(bench.directory, 6), "y");
    static_cast<void>(running(bench.directory));
    CHECK(fs::exists(precious));
    CHECK(fs::is_symlink(socket_path(bench.directory, 5)));
    CHECK(fs::exists(socket_path(bench.directory, 6)));
}

}  // namespace hasim::control
