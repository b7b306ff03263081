#include "logtools/decompress.hpp"

#include <utility>
#include <vector>

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <fmt/format.h>

namespace hasim::logtools {
namespace {

constexpr std::size_t kInputPiece = 64 * 1024;
constexpr std::string_view kCut = "is cut: its compressed data ends too early";

// The compressed bytes at hand.
class Input {
public:
    explicit Input(std::unique_ptr<ByteSource> raw) : raw_(std::move(raw)), piece_(kInputPiece) {}

    /// More bytes when all were used; false at the end.
    bool refill()
    {
        if (used_ == size_) {
            used_ = 0;
            size_ = raw_->read(piece_);
        }
        return used_ < size_;
    }
    [[nodiscard]] char* data() { return piece_.data() + used_; }
    [[nodiscard]] std::size_t size() const { return size_ - used_; }
    void use(std::size_t size) { used_ += size; }
    [[nodiscard]] const std::string& trouble() const { return raw_->trouble(); }

private:
    std::unique_ptr<ByteSource> raw_;
    std::vector<char> piece_;
    std::size_t size_ = 0;
    std::size_t used_ = 0;
};

class GzipSource final : public ByteSource {
public:
    explicit GzipSource(std::unique_ptr<ByteSource> raw) : input_(std::move(raw))
    {
        constexpr int kGzipOnly = 16 + MAX_WBITS;
        usable_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
    }
    ~GzipSource() override { inflateEnd(&stream_); }
    GzipSource(const GzipSource&) = delete;
    GzipSource& operator=(const GzipSource&) = delete;

    std::size_t read(std::span<char> out) override
    {
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        while (usable_ && stream_.avail_out == out.size()) {
            if (!input_.refill()) {
                end(input_.trouble().empty() && inside_ ? std::string(kCut) : input_.trouble());
                break;
            }
            inflate_some();
        }
        return out.size() - stream_.avail_out;
    }

private:
    void inflate_some()
    {
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(input_.size());
        inside_ = true;
        const int result = inflate(&stream_, Z_NO_FLUSH);
        input_.use(input_.size() - stream_.avail_in);
        if (result == Z_STREAM_END) {
            inside_ = false;
            usable_ = inflateReset(&stream_) == Z_OK;
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            end(fmt::format("is not whole gzip data: {}",
                            stream_.msg == nullptr ? "damaged" : stream_.msg));
        }
    }
    void end(std::string why)
    {
        usable_ = false;
        trouble_ = std::move(why);
    }

    Input input_;
    z_stream stream_{};
    bool usable_ = false;
    bool inside_ = true;  // a member has begun and not ended
};

class ZstdSource final : public ByteSource {
public:
    explicit ZstdSource(std::unique_ptr<ByteSource> raw)
        : input_(std::move(raw)), context_(ZSTD_createDCtx(), &ZSTD_freeDCtx)
    {
        usable_ =
            context_ != nullptr && ZSTD_isError(ZSTD_DCtx_setParameter(
                                       context_.get(), ZSTD_d_windowLogMax, kMaxWindowLog)) == 0;
    }

    std::size_t read(std::span<char> out) override
    {
        ZSTD_outBuffer put{out.data(), out.size(), 0};
        while (usable_ && put.pos == 0) {
            // Bytes may wait inside although all input was used: only a call without progress asks for more.
            if (!input_.refill() && !waiting_) {
                end(input_.trouble().empty() && inside_ ? std::string(kCut) : input_.trouble());
                break;
            }
            ZSTD_inBuffer take{input_.data(), input_.size(), 0};
            const std::size_t result = ZSTD_decompressStream(context_.get(), &put, &take);
            input_.use(take.pos);
            if (ZSTD_isError(result) != 0) {
                end(reason(result));
                break;
            }
            inside_ = result != 0;
            waiting_ = put.pos == put.size;
        }
        return put.pos;
    }

private:
    static std::string reason(std::size_t result)
    {
        if (ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge) {
            return fmt::format(
                "needs more than {} MiB to be decompressed; pipe it in through zstd -dc --long=31",
                (1U << kMaxWindowLog) >> 20U);
        }
        return fmt::format("is not whole Zstandard data: {}", ZSTD_getErrorName(result));
    }
    void end(std::string why)
    {
        usable_ = false;
        trouble_ = std::move(why);
    }

    Input input_;
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context_;
    bool usable_ = false;
    bool inside_ = true;
    bool waiting_ = false;
};

}  // namespace

Compression compression_of(std::string_view first_bytes)
{
    if (first_bytes.starts_with("\x1f\x8b")) {
        return Compression::gzip;
    }
    // A frame, or one to be skipped (RFC 8878, section 3.1.2), as parallel compressors put first.
    const bool skippable = first_bytes.size() >= 4 && (first_bytes[0] & 0xf0) == 0x50 &&
                           first_bytes.substr(1, 3) == "\x2a\x4d\x18";
    return skippable || first_bytes.starts_with("\x28\xb5\x2f\xfd") ? Compression::zstd
                                                                    : Compression::none;
}

std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> raw)
{
    return std::make_unique<GzipSource>(std::move(raw));
}

std::unique_ptr<ByteSource> unzstd(std::unique_ptr<ByteSource> raw)
{
    return std::make_unique<ZstdSource>(std::move(raw));
}

}  // namespace hasim::logtools
