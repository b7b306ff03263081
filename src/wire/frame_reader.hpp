/// Frames out of a stream of bytes, as it comes: in pieces of any size, from anybody.
#pragma once

#include <string>
#include <string_view>

#include "wire/frame.hpp"

namespace hasim::wire {

/// What FrameReader::next found.
enum class ReadStatus : std::uint8_t {
    frame,      ///< one whole, sound frame: see frame()
    need_more,  ///< what was fed is used up; feed more
    error,      ///< the stream is no hasim stream of this direction: see error(). It stays so
};

/// One frame. `body` points into the reader or into what was fed: it is good until the next call of next() or feed().
struct Frame {
    RequestId id{};
    Operation operation = Operation::open;  ///< requests only
    Code code = Code::ok;                   ///< replies only
    std::string_view body;
};

/// Reads one direction of one connection. Use: feed(bytes), then next() until it does not say `frame`; the bytes must
/// stay where they are until then, because a frame that is whole in them is not copied. What is left of an unfinished
/// frame is kept, never more than one frame of kMaxFrame bytes. Every byte sequence is either frames, the beginning of
/// one (need_more), or an error; a header is judged byte by byte as it comes, so garbage is noticed before it is long.
class FrameReader {
public:
    /// Reads requests (an appliance does) or replies (a client does); the other kind is an error.
    explicit FrameReader(FrameKind expected) : expected_(expected) {}

    /// As if made anew, for another stream of the same direction.
    void renew()
    {
        partial_used_ = false;
        fed_ = {};
        partial_.clear();
        frame_ = {};
        error_.clear();
    }

    /// Hands over the next bytes of the stream. What was fed before must be used up (asserted), unless in error.
    void feed(std::string_view bytes);

    [[nodiscard]] ReadStatus next();

    /// The frame that next() just found.
    [[nodiscard]] const Frame& frame() const { return frame_; }
    /// The same, as values of their own.
    [[nodiscard]] Request request() const
    {
        return {frame_.id, frame_.operation, std::string(frame_.body)};
    }
    [[nodiscard]] Reply reply() const { return {frame_.id, frame_.code, std::string(frame_.body)}; }

    /// Why the stream is in error: cause, no full stop. Empty when it is not.
    [[nodiscard]] std::string_view error() const { return error_; }

    /// A frame has begun and is not whole yet. A stream that ends here was cut.
    [[nodiscard]] bool inside_frame() const { return !partial_.empty() && !partial_used_; }

private:
    ReadStatus next_from_partial();
    ReadStatus read(std::string_view frame);
    ReadStatus fail(std::string reason);
    bool header_is_sound(std::string_view header);
    void keep(std::string_view bytes);

    FrameKind expected_;
    bool partial_used_ = false;  ///< partial_ is the frame that next() returned last
    std::string partial_;        ///< the beginning of a frame, from earlier feeds
    std::string_view fed_;       ///< not yet used up
    Frame frame_;
    std::string error_;
};

}  // namespace hasim::wire
