// Goal: lines come in order with their places, whatever the pieces the bytes come in, compressed or not; what cannot be
// read to its end is a failure that names the file.
#include "support/catch.hpp"
#include "support/environment.hpp"

#include <zlib.h>
#include <zstd.h>

#include "log/catalogue.hpp"
#include "logtools/decompress.hpp"
#include "logtools/log_set.hpp"
#include "memory_source.hpp"

using namespace hasim;
using namespace hasim::logtools;
using hasim::test::MemorySource;

namespace {

std::string read_all(ByteSource& source, std::size_t piece)
{
    std::string text;
    std::vector<char> buffer(piece);
    while (const std::size_t got = source.read(buffer)) {
        text.append(buffer.data(), got);
    }
    return text;
}

std::string gzipped(const std::string& text)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstd(const std::string& text, int level = 3)
{
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), level));
    return out;
}

std::string long_text()
{
    std::string text;
    for (int i = 0; i < 20000; ++i) {
        text += std::to_string(i * 7919 % 10007) + " of a text that is long and not all the same\n";
    }
    return text;
}

}  // namespace

TEST_CASE("compressed bytes are told by their content and read as what they were")
{
    const std::string text = long_text();
    const std::size_t piece = GENERATE(1U, 1000U, 100'000U);
    for (const std::string& bytes :
         {text, gzipped(text), zstd(text), gzipped(text.substr(0, 5)) + gzipped(text.substr(5)),
          zstd(text.substr(0, 5)) + zstd(text.substr(5)), gzipped("") + gzipped(text)}) {
        const auto source = text_of(std::make_unique<MemorySource>(bytes, piece));
        CHECK(read_all(*source, 777) == text);
        CHECK(source->trouble().empty());
    }
    for (const std::string& bytes : {std::string(), gzipped(""), zstd("")}) {
        const auto source = text_of(std::make_unique<MemorySource>(bytes, piece));
        CHECK(read_all(*source, 777).empty());
        CHECK(source->trouble().empty());
    }
}

TEST_CASE("cut or damaged compressed data is trouble, after what could be read")
{
    const std::string text = long_text();
    for (const std::string& bytes : {gzipped(text), zstd(text)}) {
        const auto cut = text_of(std::make_unique<MemorySource>(bytes.substr(0, bytes.size() / 2)));
        const std::string got = read_all(*cut, 777);
        CHECK(text.starts_with(got));
        CHECK_THAT(cut->trouble(), ContainsSubstring("cut"));
        std::string wrong = bytes;
        for (std::size_t i = wrong.size() / 2; i < wrong.size(); ++i) {
            wrong[i] = 'x';
        }
        const auto damaged = text_of(std::make_unique<MemorySource>(wrong));
        (void)read_all(*damaged, 777);
        CHECK_FALSE(damaged->trouble().empty());
    }
}

TEST_CASE("a frame that wants much memory is refused with a remedy")
{
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, kMaxWindowLog + 1);
    // Unknown content size, or the window would shrink to it.
    std::string out(1000, '\0');
    ZSTD_outBuffer put{out.data(), out.size(), 0};
    ZSTD_inBuffer take{"text", 4, 0};
    ZSTD_compressStream2(context, &put, &take, ZSTD_e_flush);
    ZSTD_inBuffer none{nullptr, 0, 0};
    ZSTD_compressStream2(context, &put, &none, ZSTD_e_end);
    ZSTD_freeCCtx(context);
    const auto source = text_of(std::make_unique<MemorySource>(out.substr(0, put.pos)));
    CHECK(read_all(*source, 100).empty());
    CHECK_THAT(source->trouble(), ContainsSubstring("32 MiB") && ContainsSubstring("zstd -dc"));
}

TEST_CASE("lines keep their places across files and blocks")
{
    std::string first;
    for (int i = 0; i < 5000; ++i) {
        first += std::string(log::kCatalogue[0].sample) + '\n';
    }
    first += "half a line";
    LineStream stream = test::stream_of({first, "", std::string(log::kCatalogue[1].sample)});
    PlacedLine line;
    std::uint64_t lines = 0;
    while (stream.next(line) && line.index == 0) {
        ++lines;
        CHECK(line.line.number == lines);
        REQUIRE(first.substr(line.offset, line.line.text.size()) == line.line.text);
    }
    CHECK(lines == 5001);
    CHECK(line.index == 2);
    CHECK(line.line.number == 1);
    CHECK(line.line.parsed.form == LogForm::drop_unrecoverable);
    CHECK_FALSE(stream.next(line));
    CHECK_FALSE(stream.failure());
}

TEST_CASE("a very long line is unknown as a whole, and the lines behind it are read")
{
    const std::string sample(log::kCatalogue[0].sample);
    LineStream stream =
        test::stream_of({std::string(1'000'000, 'x') + sample + '\n' + sample + '\n'});
    PlacedLine line;
    REQUIRE(stream.next(line));
    CHECK(line.cut);
    CHECK(line.line.kind == log::LineKind::unknown);
    REQUIRE(stream.next(line));
    CHECK(line.line.kind == log::LineKind::record);
    CHECK(line.line.number == 2);
    CHECK(line.offset == 1'000'000 + sample.size() + 1);
    CHECK_FALSE(stream.next(line));
}

TEST_CASE("what cannot be opened or read on ends the walk with its name")
{
    LineStream missing({"/no/such/file"});
    PlacedLine line;
    CHECK_FALSE(missing.next(line));
    REQUIRE(missing.failure());
    CHECK(to_text(*missing.failure()) == "/no/such/file: error: no such file");
    LineStream broken(
        {"log"}, [](const std::string&) -> std::variant<std::unique_ptr<ByteSource>, Finding> {
            return std::make_unique<MemorySource>("one line\n", 100, "cannot be read on");
        });
    CHECK(broken.next(line));
    CHECK_FALSE(broken.next(line));
    CHECK(broken.failure()->text == "cannot be read on");
}

TEST_CASE("what is no text of a log is trouble with a remedy, never read as one")
{
    using namespace std::string_literals;
    const auto trouble_of = [](const std::string& bytes) {
        const auto source = text_of(std::make_unique<MemorySource>(bytes));
        std::string all;
        std::array<char, 100> out{};
        while (const std::size_t got = source->read(out)) {
            all.append(out.data(), got);
        }
        return all.empty() ? source->trouble() : "read: " + all;
    };
    CHECK_THAT(trouble_of("\xfd"
                          "7zXZ\0...."s),
               StartsWith("is compressed by xz") && ContainsSubstring("xz -dc"));
    CHECK_THAT(trouble_of("BZh91AY&SY"), StartsWith("is compressed by bzip2"));
    CHECK_THAT(trouble_of("\x04\x22\x4d\x18...."), StartsWith("is compressed by lz4"));
    CHECK_THAT(trouble_of("PK\x03\x04...."), StartsWith("is compressed by zip"));
    CHECK_THAT(trouble_of("\xff\xfeW\0e\0"s),
               StartsWith("is a text in UTF-16") && ContainsSubstring("iconv"));
    CHECK_THAT(trouble_of("\xfe\xff\0W\0e"s), StartsWith("is a text in UTF-16"));
    CHECK_THAT(trouble_of("W\0e\0d\0"s), StartsWith("is a text in UTF-16"));
    CHECK(trouble_of("\xef\xbb\xbfWed Oct") == "read: Wed Oct");
    CHECK(trouble_of("BZ") == "read: BZ");
    CHECK(trouble_of("\xef\xbb") == "read: \xef\xbb");
    // Zeros, as a crash leaves them in a file, are still a text, though not a good one.
    CHECK(trouble_of("\0\0\0\0"s) == "read: " + "\0\0\0\0"s);
    CHECK(trouble_of("").empty());
}

TEST_CASE("of a file and its compressed copy one is read, and the other is told")
{
    const test::TemporaryDirectory directory;
    for (const char* name :
         {"haErrorLog.txt", "haErrorLog_20171004T162921Z.txt", "haErrorLog_20171004T162921Z.txt.gz",
          "haErrorLog.txt.zst", "haErrorLog_20161004T162921Z.txt.xz"}) {
        test::write_file(directory.path() / name, "");
    }
    const auto meant = std::get<LogFiles>(files_meant({directory.path().string()}));
    REQUIRE(meant.files.size() == 3);
    CHECK_THAT(meant.files[0],
               EndsWith(".txt.xz"));  // which says for itself that it cannot be read
    CHECK_THAT(meant.files[1], EndsWith("Z.txt"));
    REQUIRE(meant.notes.size() == 2);
    CHECK_THAT(meant.notes[0], EndsWith("haErrorLog_20171004T162921Z.txt.gz: left out, because "
                                        "haErrorLog_20171004T162921Z.txt is there, too"));
}

TEST_CASE("a directory or haErrorLog.txt brings its rotated files, oldest first")
{
    const test::TemporaryDirectory directory;
    const auto touch = [&](const char* name) { test::write_file(directory.path() / name, ""); };
    for (const char* name :
         {"haErrorLog.txt", "haErrorLog_20171004T162921Z_010.txt",
          "haErrorLog_20171004T162921Z_002.txt.zst", "haErrorLog_20171004T162921Z.txt",
          "haErrorLog_20161004T162921Z.txt.gz", "notes.txt", "haErrorLog_2.txt"}) {
        touch(name);
    }
    const std::string in = directory.path().string() + "/";
    const std::vector<std::string> expected{
        in + "haErrorLog_20161004T162921Z.txt.gz", in + "haErrorLog_20171004T162921Z.txt",
        in + "haErrorLog_20171004T162921Z_002.txt.zst", in + "haErrorLog_20171004T162921Z_010.txt",
        in + "haErrorLog.txt"};
    CHECK(std::get<0>(files_meant({directory.path().string()})).files == expected);
    CHECK(std::get<0>(files_meant({in + "haErrorLog.txt"})).files == expected);
    // Named again, a file is not read twice; another name stands for itself, there or not.
    std::vector<std::string> more = expected;
    more.push_back(in + "notes.txt");
    more.push_back("-");
    more.push_back("missing.txt");
    CHECK(std::get<0>(files_meant({directory.path().string(), in + "haErrorLog.txt",
                                   in + "notes.txt", "-", "missing.txt"}))
              .files == more);
    const test::TemporaryDirectory empty;
    CHECK_THAT(std::get<Finding>(files_meant({empty.path().string()})).text,
               ContainsSubstring("holds no haErrorLog.txt"));
}
