// Goal: whatever an appliance answers, the application gets a code within ReceiveTimeout, and nothing is read out of
// bounds. Method: an appliance made of a few lines answers one call as no appliance should.
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <p11-kit/pkcs11.h>

#include "cryptoki/call.hpp"
#include "host/file_handle.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "wire/frame_reader.hpp"

using namespace hasim;
using namespace std::chrono_literals;

namespace {

/// What goes back for a PKCS#11 call: any bytes. Nothing: the connection is closed.
using Hostility = std::function<std::optional<std::string>(const Request&)>;

std::string reply_frame(RequestId id, Code code, const std::string& body)
{
    std::string bytes;
    wire::encode(Reply{id, code, body}, bytes);
    return bytes;
}

/// Opens partitions and logs in as an appliance does; calls are answered by a Hostility.
class FakeAppliance {
public:
    explicit FakeAppliance(Hostility hostility) : hostility_(std::move(hostility))
    {
        listener_ = host::FileHandle(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(listener_.get(), 8) == 0);
        REQUIRE(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port = ntohs(address.sin_port);
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        stop_reads_ = host::FileHandle(ends[0]);
        stop_writes_ = host::FileHandle(ends[1]);
        thread_ = std::thread([this] { serve(); });
    }
    ~FakeAppliance()
    {
        stop_writes_.close();
        thread_.join();
    }
    FakeAppliance(const FakeAppliance&) = delete;
    FakeAppliance& operator=(const FakeAppliance&) = delete;

    std::uint16_t port = 0;

private:
    /// False when it is to end.
    bool wait_for(int descriptor) const
    {
        std::array<pollfd, 2> both{pollfd{descriptor, POLLIN, 0}, {stop_reads_.get(), POLLIN, 0}};
        return ::poll(both.data(), both.size(), -1) > 0 && both[1].revents == 0;
    }

    void serve()
    {
        while (wait_for(listener_.get())) {
            const host::FileHandle client(
                ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            converse(client.get());
        }
    }

    void converse(int client)
    {
        wire::FrameReader reader(wire::FrameKind::request);
        std::array<char, 4096> input{};
        while (wait_for(client)) {
            const ssize_t got = ::read(client, input.data(), input.size());
            if (got <= 0) {
                return;
            }
            reader.feed({input.data(), static_cast<std::size_t>(got)});
            while (reader.next() == wire::ReadStatus::frame) {
                const Request request = reader.request();
                const auto bytes = request.operation == Operation::call
                                       ? hostility_(request)
                                       : reply_frame(request.id, Code::ok, {});
                if (!bytes) {
                    return;
                }
                [[maybe_unused]] const ssize_t sent =
                    ::send(client, bytes->data(), bytes->size(), MSG_NOSIGNAL);
            }
        }
    }

    Hostility hostility_;
    host::FileHandle listener_;
    host::FileHandle stop_reads_;
    host::FileHandle stop_writes_;
    std::thread thread_;
};

constexpr auto kReceiveTimeout = 500ms;

/// What C_GenerateRandom of 16 bytes, and a search, return from such an appliance.
struct Codes {
    CK_RV random = CKR_OK;
    CK_RV find = CKR_OK;
};

Codes ask(Hostility hostility)
{
    const FakeAppliance appliance(std::move(hostility));
    const test::TemporaryDirectory folder;
    std::ofstream(folder.path() / "Chrystoki.conf")
        << "LunaSA Client = { ReceiveTimeout = " << kReceiveTimeout.count()
        << "; ServerName00 = 127.0.0.1; ServerPort00 = " << appliance.port << "; }\n"
        << "VirtualToken = { VirtualToken00Label = g; VirtualToken00SN = 1100; "
           "VirtualToken00Members = 100; VirtualTokenActiveRecovery = activeEnhanced; }\n"
           "HAConfiguration = { HAOnly = 1; }\n";
    ::setenv("ChrystokiConfigurationPath", folder.path().c_str(), 1);
    REQUIRE(C_Initialize(nullptr) == CKR_OK);
    CK_SESSION_HANDLE session = 0;
    REQUIRE(C_OpenSession(0, CKF_SERIAL_SESSION, nullptr, nullptr, &session) == CKR_OK);
    Codes codes;
    std::array<CK_BYTE, 16> bytes{};
    codes.random = C_GenerateRandom(session, bytes.data(), bytes.size());
    codes.find = C_FindObjectsInit(session, nullptr, 0);
    REQUIRE(C_Finalize(nullptr) == CKR_OK);
    return codes;
}

}  // namespace

TEST_CASE("an appliance as it should be is no hostile one")
{
    const Codes codes = ask([](const Request& request) {
        const auto call = cryptoki::decode_call(request.body);
        cryptoki::Result result;
        result.data.resize(call ? static_cast<std::size_t>(call->number) : 0);
        return reply_frame(request.id, Code::ok, cryptoki::encode(result));
    });
    CHECK(codes.random == CKR_OK);
    CHECK(codes.find == CKR_OK);
}

TEST_CASE("whatever an appliance answers, the application gets a code in time")
{
    const auto begun = std::chrono::steady_clock::now();
    const auto fails = [](Hostility hostility) {
        const Codes codes = ask(std::move(hostility));
        CHECK(codes.random == CKR_DEVICE_ERROR);
        CHECK(codes.find == CKR_DEVICE_ERROR);
    };
    SECTION("garbage")
    {
        fails([](const Request&) { return std::string(1000, '\xaa'); });
    }
    SECTION("a frame of a huge length")
    {
        fails([](const Request& request) {
            std::string bytes = reply_frame(request.id, Code::ok, "x");
            bytes[wire::offset::body_size] = '\x7f';
            return bytes;
        });
    }
    SECTION("the answer to another request")
    {
        fails([](const Request& request) {
            return reply_frame(RequestId{request.id.value + 1}, Code::ok, "x");
        });
    }
    SECTION("no answer")
    {
        fails([](const Request&) { return std::string(); });
    }
    SECTION("a closed connection")
    {
        fails([](const Request&) { return std::nullopt; });
    }
    SECTION("a body that is no result")
    {
        fails(
            [](const Request& request) { return reply_frame(request.id, Code::ok, "no result"); });
    }
    SECTION("a result that says it has more than there is")
    {
        fails([](const Request& request) {
            cryptoki::Result result;
            std::string body = cryptoki::encode(result);
            body[0] = '\x7f';
            return reply_frame(request.id, Code::ok, body);
        });
    }
    CHECK(std::chrono::steady_clock::now() - begun < 20 * kReceiveTimeout);
}

TEST_CASE(
    "a result that is not that of the call is an error, and what was asked for stays as it is")
{
    // Three bytes where sixteen were asked for; handles of a search are whatever the appliance says.
    const Codes codes = ask([](const Request& request) {
        cryptoki::Result result;
        result.numbers = {1, 2, 3};
        result.data = "abc";
        return reply_frame(request.id, Code::ok, cryptoki::encode(result));
    });
    CHECK(codes.random == CKR_DEVICE_ERROR);
    CHECK(codes.find == CKR_OK);
}
