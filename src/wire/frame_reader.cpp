#include "wire/frame_reader.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "wire/bytes.hpp"
#include "wire/crc32c.hpp"

namespace hasim::wire {
namespace {

std::size_t body_size_of(std::string_view header)
{
    return get32(&header[offset::body_size]);
}

std::string number(std::uint64_t value)
{
    return std::to_string(value);
}

std::uint8_t octet_at(std::string_view bytes, std::size_t index)
{
    return static_cast<unsigned char>(bytes[index]);
}

// A string grows to at least twice its capacity; asking for the largest frame at once keeps that the limit.
std::size_t room_for(std::size_t frame_size)
{
    return frame_size > kMaxFrame / 2 ? kMaxFrame : frame_size;
}

bool known_operation(std::uint8_t operation)
{
    return operation >= static_cast<std::uint8_t>(Operation::open) &&
           operation <= static_cast<std::uint8_t>(Operation::clone_in);
}

}  // namespace

void FrameReader::feed(std::string_view bytes)
{
    if (!error_.empty()) {
        return;
    }
    HASIM_ASSERT(fed_.empty());
    fed_ = bytes;
}

ReadStatus FrameReader::next()
{
    if (!error_.empty()) {
        return ReadStatus::error;
    }
    if (partial_used_) {
        partial_used_ = false;
        partial_.clear();
    }
    if (!partial_.empty()) {
        return next_from_partial();
    }
    if (fed_.size() >= kHeaderSize) {
        if (!header_is_sound(fed_.substr(0, kHeaderSize))) {
            return ReadStatus::error;
        }
        const std::size_t size = kHeaderSize + body_size_of(fed_);
        if (fed_.size() >= size) {
            const std::string_view frame = fed_.substr(0, size);
            fed_.remove_prefix(size);
            return read(frame);
        }
        partial_.reserve(room_for(size));
    }
    return next_from_partial();
}

// The slow way, for a frame that came in pieces: first its header is collected, then its body.
ReadStatus FrameReader::next_from_partial()
{
    if (partial_.size() < kHeaderSize) {
        keep(fed_.substr(0, kHeaderSize - partial_.size()));
        if (!partial_.empty() && !header_is_sound(partial_)) {
            return ReadStatus::error;
        }
        if (partial_.size() < kHeaderSize) {
            return ReadStatus::need_more;
        }
    }
    const std::size_t size = kHeaderSize + body_size_of(partial_);
    partial_.reserve(room_for(size));
    keep(fed_.substr(0, size - partial_.size()));
    if (partial_.size() < size) {
        return ReadStatus::need_more;
    }
    partial_used_ = true;
    return read(partial_);
}

void FrameReader::keep(std::string_view bytes)
{
    partial_.append(bytes);
    fed_.remove_prefix(bytes.size());
}

// Judges a header, or as much of one as is there.
bool FrameReader::header_is_sound(std::string_view header)
{
    const std::size_t magic = std::min(header.size(), kMagic.size());
    if (header.substr(0, magic) != kMagic.substr(0, magic)) {
        fail("no frame of hasim: it does not begin with \"" + std::string(kMagic) + '"');
        return false;
    }
    if (header.size() > offset::version && octet_at(header, offset::version) != kVersion) {
        fail("protocol version " + number(octet_at(header, offset::version)) +
             ", this side speaks version " + number(kVersion));
        return false;
    }
    if (header.size() < kHeaderSize) {
        return true;
    }
    if (parity_of(header.data()) != 0) {
        fail("a damaged header: its parity is wrong");
        return false;
    }
    const std::uint8_t kind = octet_at(header, offset::kind);
    if (kind != static_cast<std::uint8_t>(expected_)) {
        fail("frame kind " + number(kind) + " where " +
             number(static_cast<std::uint8_t>(expected_)) +
             (expected_ == FrameKind::request ? " (request)" : " (reply)") + " belongs");
        return false;
    }
    const std::uint8_t operation = octet_at(header, offset::operation);
    if (expected_ == FrameKind::request ? !known_operation(operation) : operation != 0) {
        fail("unknown operation " + number(operation));
        return false;
    }
    if (expected_ == FrameKind::request && get32(&header[offset::code]) != 0) {
        fail("a request with a return code");
        return false;
    }
    if (body_size_of(header) > kMaxBody) {
        fail("a body of " + number(body_size_of(header)) + " bytes, at most " + number(kMaxBody) +
             " are allowed");
        return false;
    }
    return true;
}

ReadStatus FrameReader::read(std::string_view frame)
{
    const std::string_view body = frame.substr(kHeaderSize);
    const std::uint32_t crc = crc32c(crc32c(0, frame.substr(0, offset::checksum)), body);
    if (crc != get32(&frame[offset::checksum])) {
        return fail("a damaged frame: its checksum is wrong");
    }
    frame_.id.value = get64(&frame[offset::id]);
    frame_.operation = expected_ == FrameKind::request
                           ? static_cast<Operation>(octet_at(frame, offset::operation))
                           : Operation::open;
    frame_.code = static_cast<Code>(get32(&frame[offset::code]));
    frame_.body = body;
    return ReadStatus::frame;
}

// From here on the stream is lost: where the next frame would begin, nobody knows.
ReadStatus FrameReader::fail(std::string reason)
{
    error_ = std::move(reason);
    fed_ = {};
    partial_ = {};
    partial_used_ = false;
    frame_ = {};
    return ReadStatus::error;
}

}  // namespace hasim::wire
