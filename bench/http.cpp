// What it costs to be watched over HTTP, and how soon watchers see something: `hasim run` as a user starts it, with a
// reader of events as the live page is one.
//
//   hasim_bench_http build/release/hasim [SECONDS]
//
//   slowed        1,000 members, 10,000 faults/s: C_Sign calls a second at full load with a reader of events, to those
//                 with --http alone and to those without --http. Limit: 5 % slower.
//   state to page the same, and less load: from a command to its event at the reader. Limit: p99 100 ms.
//   readers       1,000 readers at once: until the last one has an event. No limit but that all get it.
//   scrapes       /metrics with 100 members, 50 times a second. Limit: p99 20 ms.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::duration time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

/// A connection to the run; bytes as they are.
class Socket {
public:
    explicit Socket(std::uint16_t port)
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
            0) {
            std::perror("connect");
            std::exit(1);
        }
        host_ = fmt::format("127.0.0.1:{}", port);
    }
    ~Socket() { ::close(descriptor_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    void ask(std::string_view method, std::string_view target, std::string_view body = {}) const
    {
        const std::string text =
            fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n{}", method,
                        target, host_, body.size(), body);
        static_cast<void>(!::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL));
    }

    /// Reads more; false at the end, or when nothing came for so long.
    bool read(std::chrono::milliseconds patience)
    {
        pollfd waiting{descriptor_, POLLIN, 0};
        if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) {
            return false;
        }
        char piece[65536];
        const ssize_t size = ::recv(descriptor_, piece, sizeof piece, 0);
        if (size > 0) {
            text_.append(piece, static_cast<std::size_t>(size));
            bytes_ += static_cast<std::uint64_t>(size);
        }
        return size > 0;
    }
    bool read_until(std::string_view what, std::chrono::seconds patience = std::chrono::seconds(30))
    {
        const auto guard = Clock::now() + patience;
        while (text_.find(what) == text_.npos) {
            if (Clock::now() > guard || !read(patience)) {
                return false;
            }
            if (text_.size() > (4U << 20U)) {
                text_.erase(0, text_.size() - 4096);
            }
        }
        return true;
    }
    void forget() { text_.clear(); }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    int descriptor_;
    std::string host_;
    std::string text_;
    std::uint64_t bytes_ = 0;
};

class Run {
public:
    Run(const std::string& hasim, const std::string& conf, std::vector<std::string> more)
    {
        std::string name = (std::filesystem::temp_directory_path() / "hasim-bench-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        std::ofstream(folder_ + "/Chrystoki.conf") << conf;
        std::vector<std::string> all{
            hasim, "run", "--conf", folder_ + "/Chrystoki.conf", "--log-dir", folder_ + "/log"};
        all.insert(all.end(), more.begin(), more.end());
        pid_ = ::fork();
        if (pid_ == 0) {
            std::vector<char*> words;
            for (std::string& word : all) {
                words.push_back(word.data());
            }
            words.push_back(nullptr);
            ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
            static_cast<void>(!std::freopen((folder_ + "/err").c_str(), "w", stderr));
            static_cast<void>(!std::freopen("/dev/null", "w", stdout));
            ::execv(words.front(), words.data());
            ::_exit(127);
        }
        while (said().find("ready: every client") == std::string::npos) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
                fmt::print(stderr, "hasim ended:\n{}", said());
                std::exit(1);
            }
        }
        const std::string begin = "http://127.0.0.1:";
        const std::size_t at = said().find(begin);
        port_ = at == std::string::npos
                    ? std::uint16_t{0}
                    : static_cast<std::uint16_t>(std::stoul(said().substr(at + begin.size(), 5)));
    }
    /// What it said in all, at its end.
    std::string end()
    {
        if (pid_ > 0) {
            ::kill(pid_, SIGINT);
            ::waitpid(std::exchange(pid_, -1), nullptr, 0);
        }
        return said();
    }
    ~Run()
    {
        static_cast<void>(end());
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    [[nodiscard]] std::string said() const
    {
        std::ifstream file(folder_ + "/err");
        return {std::istreambuf_iterator<char>(file), {}};
    }

    std::string folder_;
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
};

std::string conf_of(std::size_t groups, std::size_t members)
{
    std::string tokens;
    for (std::size_t group = 0; group < groups; ++group) {
        tokens += fmt::format(
            "VirtualToken{0:02}Label = g{0};\nVirtualToken{0:02}SN = {1};\n"
            "VirtualToken{0:02}Members = ",
            group, 90000 + group);
        for (std::size_t member = 0; member < members; ++member) {
            tokens += fmt::format("{}{}", member == 0 ? "" : ", ", 1000 + group * members + member);
        }
        tokens += ";\n";
    }
    return "VirtualToken = {\n" + tokens +
           "VirtualTokenActiveRecovery = activeEnhanced;\n}\nHAConfiguration = {\nhaLogStatus = "
           "enabled;\nreconnAtt = -1;\nAutoReconnectInterval = 60;\n}\n";
}

/// "operations: 4999 done, ...": how many.
double done_in(const std::string& said)
{
    const std::string begin = "operations: ";
    return std::stod(said.substr(said.find(begin) + begin.size()));
}

/// 10,000 faults a second, on any of all appliances; none of them changes what a call gets.
class Storm {
public:
    Storm() { std::ofstream(path_) << "hasim 1\nevery 100us until 10m any delay 1us\n"; }
    ~Storm() { std::remove(path_.c_str()); }
    Storm(const Storm&) = delete;
    Storm& operator=(const Storm&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_ =
        (std::filesystem::temp_directory_path() / fmt::format("hasim-bench-{}.hasim", ::getpid()))
            .string();
};

double signs(const std::string& hasim, int seconds, bool http, bool reader)
{
    const Storm storm;
    std::vector<std::string> more{"--scenario", storm.path(), "--stay", "--load",
                                  "sign 1000000/s threads 256"};
    if (http) {
        more.insert(more.end(), {"--http", "0"});
    }
    Run run(hasim, conf_of(32, 32), more);
    const auto begin = Clock::now();
    const auto end = begin + std::chrono::seconds(seconds);
    if (reader) {
        Socket events(run.port());
        events.ask("GET", "/api/v1/events");
        while (Clock::now() < end) {
            events.read(std::chrono::milliseconds(100));
            events.forget();
        }
    } else {
        std::this_thread::sleep_until(end);
    }
    const double real = std::chrono::duration<double>(Clock::now() - begin).count();
    return done_in(run.end()) / real;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

double percentile(std::vector<double> values, double share)
{
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

void slowed(const std::string& hasim, int seconds)
{
    constexpr int kRounds = 5;
    std::vector<double> plain;
    std::vector<double> served;
    std::vector<double> watched;
    for (int round = 0; round < kRounds; ++round) {
        plain.push_back(signs(hasim, seconds, false, false));
        served.push_back(signs(hasim, seconds, true, false));
        watched.push_back(signs(hasim, seconds, true, true));
    }
    fmt::print(
        "C_Sign/s (median of {}): {:.0f} without --http, {:.0f} with, {:.0f} with a reader\n",
        kRounds, median(plain), median(served), median(watched));
    fmt::print("slowed by a reader: {:.1f} % of --http alone, {:.1f} % of none (limit 5 %)\n",
               100 - 100 * median(watched) / median(served),
               100 - 100 * median(watched) / median(plain));
}

std::uint64_t last_id(const std::string& text)
{
    const std::size_t at = text.rfind("\nid: ");
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + 5));
}

void state_to_page(const std::string& hasim, int seconds)
{
    const Storm storm;
    Run run(
        hasim, conf_of(32, 32),
        {"--scenario", storm.path(), "--stay", "--load", "sign 1000/s threads 8", "--http", "0"});
    Socket events(run.port());
    events.ask("GET", "/api/v1/events");
    events.read_until("\r\n\r\n");
    Socket command(run.port());
    std::vector<double> delays;
    std::uint64_t first = 0;
    std::string tail;
    const auto begin = Clock::now();
    const auto end = begin + std::chrono::seconds(seconds);
    for (int number = 0; Clock::now() < end; ++number) {
        const std::string line = fmt::format("hsm{} busy {}ms", 1 + number % 1000, number + 1);
        const auto asked = Clock::now();
        command.ask("POST", "/api/v1/commands", line);
        if (!events.read_until(fmt::format("\"text\":\"{}\"", line))) {
            fmt::print("the event did not come\n");
            return;
        }
        delays.push_back(milliseconds(Clock::now() - asked));
        first = first == 0 ? last_id(events.text()) : first;
        const auto next = asked + std::chrono::milliseconds(100);
        while (Clock::now() < next) {
            events.read(std::chrono::milliseconds(5));
        }
        const std::size_t kept = std::min<std::size_t>(events.text().size(), 8192);
        tail = events.text().substr(events.text().size() - kept);
        events.forget();
        command.read(std::chrono::milliseconds(0));
    }
    const double real = std::chrono::duration<double>(Clock::now() - begin).count();
    fmt::print(
        "1,024 members, {:.0f} events/s: command to event p50 {:.1f} ms, p99 {:.1f} ms (limit 100 "
        "ms)\n",
        static_cast<double>(last_id(tail) - first) / real, percentile(delays, 0.5),
        percentile(delays, 0.99));
}

void many_readers(const std::string& hasim)
{
    constexpr std::size_t kReaders = 1000;
    Run run(hasim, conf_of(1, 3), {"--load", "none", "--http", "0"});
    std::vector<std::unique_ptr<Socket>> readers;
    for (std::size_t i = 0; i < kReaders; ++i) {
        readers.push_back(std::make_unique<Socket>(run.port()));
        readers.back()->ask("GET", "/api/v1/events");
    }
    for (const auto& reader : readers) {
        reader->read_until("\r\n\r\n");
    }
    const Socket command(run.port());
    std::vector<double> delays;
    for (int round = 1; round <= 5; ++round) {
        const std::string line = fmt::format("hsm1 busy {}ms", round);
        const auto asked = Clock::now();
        command.ask("POST", "/api/v1/commands", line);
        std::size_t got = 0;
        for (const auto& reader : readers) {
            got += reader->read_until("\"text\":\"" + line, std::chrono::seconds(5)) ? 1U : 0U;
        }
        delays.push_back(milliseconds(Clock::now() - asked));
        if (got != kReaders) {
            fmt::print("{} of {} readers got the event\n", got, kReaders);
            return;
        }
    }
    fmt::print("{} readers: the last has an event after {:.0f} ms (median of {})\n", kReaders,
               median(delays), delays.size());
}

void scrapes(const std::string& hasim, int seconds)
{
    Run run(hasim, conf_of(4, 25), {"--load", "sign 100/s threads 4", "--http", "0"});
    std::vector<double> delays;
    Socket scraper(run.port());
    auto next = Clock::now();
    for (int i = 0; i < seconds * 50; ++i) {
        std::this_thread::sleep_until(next);
        next += std::chrono::milliseconds(20);
        const auto asked = Clock::now();
        scraper.ask("GET", "/metrics");
        scraper.read_until("hasim_event_readers_dropped_total 0\n");
        delays.push_back(milliseconds(Clock::now() - asked));
        scraper.forget();
    }
    fmt::print("100 members, 50 scrapes/s: p50 {:.2f} ms, p99 {:.2f} ms (limit 20 ms)\n",
               percentile(delays, 0.5), percentile(delays, 0.99));
}

}  // namespace

int main(int count, char** words)
{
    if (count < 2) {
        fmt::print(stderr, "usage: hasim_bench_http HASIM [SECONDS]\n");
        return 2;
    }
    struct rlimit limit {};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::setvbuf(stdout, nullptr, _IOLBF, 0);  // what a child would print again
    const int seconds = count > 2 ? std::atoi(words[2]) : 3;
    slowed(words[1], seconds);
    state_to_page(words[1], 3 * seconds);
    many_readers(words[1]);
    scrapes(words[1], seconds);
    return 0;
}
