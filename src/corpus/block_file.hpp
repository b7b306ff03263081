/// Files of a corpus: written in large blocks, and their digest taken on the way.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hasim::corpus {

/// The machine failed: a full disk, a directory that is gone. Its text names the file.
class OutputError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// XXH3-128 of a stream of bytes, as 32 hex digits in the canonical order of `xxhsum -H2`.
class Digest {
public:
    Digest();
    ~Digest();
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    void add(std::string_view bytes);
    [[nodiscard]] std::string text() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// One finished file, as the manifest lists it.
struct FileEntry {
    std::string path;  ///< relative to the corpus
    std::uint64_t bytes = 0;
    std::string digest;

    friend bool operator==(const FileEntry&, const FileEntry&) = default;
};

class BlockFile {
public:
    /// Makes the file; an empty path swallows everything. Throws OutputError, as all of these do.
    explicit BlockFile(std::string path);
    ~BlockFile();
    BlockFile(const BlockFile&) = delete;
    BlockFile& operator=(const BlockFile&) = delete;

    void write(std::string_view bytes)
    {
        buffer_ += bytes;
        if (buffer_.size() >= kBlock) {
            flush();
        }
    }
    /// For those who append in place; to be followed by `settle`.
    [[nodiscard]] std::string& buffer() { return buffer_; }
    void settle()
    {
        if (buffer_.size() >= kBlock) {
            flush();
        }
    }
    void flush();
    /// Flushes and closes.
    void close();

    [[nodiscard]] std::uint64_t size() const { return flushed_ + buffer_.size(); }
    [[nodiscard]] std::string digest() const { return digest_.text(); }

private:
    static constexpr std::size_t kBlock = std::size_t{1} << 20;

    std::string path_;
    int descriptor_ = -1;
    std::string buffer_;
    std::uint64_t flushed_ = 0;
    Digest digest_;
};

}  // namespace hasim::corpus
