// Goal: frames come out of a stream as they went in, however it is cut; everything else is need_more or an error that
// says why, and never a crash. Method: encode, spoil or cut, read.
#include "wire/frame_reader.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <ostream>
#include <vector>

#include "wire/bytes.hpp"
#include "wire/crc32c.hpp"

namespace hasim {
std::ostream& operator<<(std::ostream& out, const Request& request)
{
    return out << "request " << request.id.value << " op " << static_cast<int>(request.operation)
               << " body of " << request.body.size();
}
std::ostream& operator<<(std::ostream& out, const Reply& reply)
{
    return out << "reply " << reply.id.value << " code " << static_cast<std::uint32_t>(reply.code)
               << " body of " << reply.body.size();
}
}  // namespace hasim
namespace hasim::wire {
std::ostream& operator<<(std::ostream& out, ReadStatus status)
{
    return out << (status == ReadStatus::frame       ? "frame"
                   : status == ReadStatus::need_more ? "need_more"
                                                     : "error");
}
}  // namespace hasim::wire

using namespace hasim;
using namespace hasim::wire;

namespace {

const std::vector<Request> kRequests{
    {RequestId{1}, Operation::open, "1234840370164"},
    {RequestId{2}, Operation::login, "userpin"},
    {RequestId{~std::uint64_t{0}}, Operation::sign, std::string(300, 'x')},
    {RequestId{4}, Operation::sign, std::string(kMaxBody, '\xff')},
    {RequestId{5}, Operation::logout, ""},
};

std::string stream_of(const std::vector<Request>& requests)
{
    std::string bytes;
    for (const Request& request : requests) {
        encode(request, bytes);
    }
    return bytes;
}

std::string one_request()
{
    return stream_of({Request{RequestId{7}, Operation::sign, "to be signed"}});
}

// Corrects parity and checksum of a frame that was changed on purpose, so that what is wrong is only that change.
void mend(std::string& frame)
{
    frame[offset::parity] = 0;
    frame[offset::parity] = static_cast<char>(parity_of(frame.data()));
    const std::uint32_t crc =
        crc32c(crc32c(0, frame.substr(0, offset::checksum)), frame.substr(kHeaderSize));
    put32(&frame[offset::checksum], crc);
}

// Feeds `bytes` in pieces of `piece` bytes and collects what comes out.
std::vector<Request> read_in_pieces(FrameReader& reader, std::string_view bytes, std::size_t piece)
{
    std::vector<Request> requests;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        // A copy of its own that dies after the feed: the reader must not look at it later.
        const std::string fed(bytes.substr(at, piece));
        reader.feed(fed);
        while (reader.next() == ReadStatus::frame) {
            requests.push_back(reader.request());
        }
    }
    return requests;
}

std::string error_of(std::string_view bytes, FrameKind expected = FrameKind::request)
{
    FrameReader reader(expected);
    reader.feed(bytes);
    ReadStatus status = reader.next();
    while (status == ReadStatus::frame) {
        status = reader.next();
    }
    CHECK(status == ReadStatus::error);
    return std::string(reader.error());
}

}  // namespace

TEST_CASE("requests come out as they went in, in pieces of any size")
{
    const auto piece = GENERATE(as<std::size_t>{}, 1, 2, 7, 27, 28, 29, 100, 1460, 65536, 1000000);
    FrameReader reader(FrameKind::request);
    CHECK(read_in_pieces(reader, stream_of(kRequests), piece) == kRequests);
    CHECK(reader.error().empty());
    CHECK_FALSE(reader.inside_frame());
}

TEST_CASE("replies come out as they went in")
{
    const Reply first{RequestId{1}, Code::ok, "signature"};
    const Reply second{RequestId{2}, static_cast<Code>(0xffffffff), ""};
    std::string bytes;
    encode(first, bytes);
    encode(second, bytes);

    FrameReader reader(FrameKind::reply);
    reader.feed(bytes);
    REQUIRE(reader.next() == ReadStatus::frame);
    CHECK(reader.reply() == first);
    REQUIRE(reader.next() == ReadStatus::frame);
    CHECK(reader.reply() == second);
    CHECK(reader.next() == ReadStatus::need_more);
}

TEST_CASE("a frame that is whole in what was fed is not copied")
{
    const std::string bytes = one_request();
    FrameReader reader(FrameKind::request);
    reader.feed(bytes);
    REQUIRE(reader.next() == ReadStatus::frame);
    CHECK(reader.frame().body.data() == bytes.data() + kHeaderSize);
}

TEST_CASE("every beginning of a frame needs more, and says that it is inside one")
{
    const std::string bytes = one_request();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        FrameReader reader(FrameKind::request);
        reader.feed(std::string_view(bytes).substr(0, size));
        CHECK(reader.next() == ReadStatus::need_more);
        CHECK(reader.next() == ReadStatus::need_more);
        CHECK(reader.inside_frame() == (size > 0));
    }
}

TEST_CASE("any one wrong bit is an error, without waiting for more")
{
    const std::string sound = one_request();
    for (std::size_t bit = 0; bit < sound.size() * 8; ++bit) {
        std::string bytes = sound;
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
        CAPTURE(bit);
        CHECK_FALSE(error_of(bytes).empty());
    }
}

TEST_CASE("after an error the stream stays in error, whatever comes")
{
    FrameReader reader(FrameKind::request);
    reader.feed("GET / HTTP/1.1\r\n");
    CHECK(reader.next() == ReadStatus::error);
    const std::string reason(reader.error());
    CHECK(reason == "no frame of hasim: it does not begin with \"HSIM\"");
    const std::string sound = one_request();
    for (int i = 0; i < 3; ++i) {
        reader.feed(sound);
        CHECK(reader.next() == ReadStatus::error);
        CHECK(reader.error() == reason);
    }
    CHECK_FALSE(reader.inside_frame());
}

TEST_CASE("garbage is noticed with its first byte")
{
    FrameReader reader(FrameKind::request);
    reader.feed("X");
    CHECK(reader.next() == ReadStatus::error);
}

TEST_CASE("another version is an error that names both")
{
    std::string bytes = one_request();
    bytes[offset::version] = 2;
    const std::string error = "protocol version 2, this side speaks version 1";
    CHECK(error_of(bytes) == error);
    // The rest of that version's header may be laid out in another way: it is not looked at.
    CHECK(error_of(bytes.substr(0, offset::version + 1)) == error);
}

TEST_CASE("errors say what is wrong")
{
    std::string bytes = one_request();
    SECTION("the other direction")
    {
        CHECK(error_of(bytes, FrameKind::reply) == "frame kind 1 where 2 (reply) belongs");
    }
    SECTION("an unknown operation")
    {
        bytes[offset::operation] = GENERATE(as<char>{}, 0, 8, 127);
        mend(bytes);
        CHECK_THAT(error_of(bytes), ContainsSubstring("unknown operation"));
    }
    SECTION("a request with a code")
    {
        bytes[offset::code] = 1;
        mend(bytes);
        CHECK(error_of(bytes) == "a request with a return code");
    }
    SECTION("a body over the limit")
    {
        put32(&bytes[offset::body_size], static_cast<std::uint32_t>(kMaxBody) + 1);
        mend(bytes);
        CHECK(error_of(bytes.substr(0, kHeaderSize)) ==
              "a body of 1048577 bytes, at most 1048576 are allowed");
    }
    SECTION("a damaged header")
    {
        bytes[offset::body_size + 3] = static_cast<char>(bytes[offset::body_size + 3] + 1);
        CHECK(error_of(bytes) == "a damaged header: its parity is wrong");
    }
    SECTION("a damaged body")
    {
        bytes.back() = '?';
        CHECK(error_of(bytes) == "a damaged frame: its checksum is wrong");
    }
    SECTION("garbage after a sound frame")
    {
        CHECK_THAT(error_of(bytes + "?"), ContainsSubstring("no frame of hasim"));
    }
}
