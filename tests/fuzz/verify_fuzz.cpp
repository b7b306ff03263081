// Puts any bytes into one file of a corpus, chosen by the first of them. Holds: verify ends, in findings that are
// bounded and in one line each, and finds that the corpus is not as it was made. Each input is a handful of files that
// are written and read, which is what bounds its rate.
#include "harness.hpp"

#include <stdlib.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "corpus/make.hpp"
#include "corpus/manifest.hpp"
#include "corpus/verify.hpp"

namespace {

using namespace hasim;
using namespace hasim::corpus;
namespace fs = std::filesystem;

std::string read(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, std::string_view text)
{
    std::ofstream(path, std::ios::binary)
        .write(text.data(), static_cast<std::streamsize>(text.size()));
}

/// A small corpus, for as long as the process lives.
const fs::path& corpus_folder()
{
    static const fs::path* const folder = [] {
        std::string name = (fs::temp_directory_path() / "hasim-fuzz-XXXXXX").string();
        HASIM_ASSERT(::mkdtemp(name.data()) != nullptr);
        CorpusRequest request;
        request.profile_name = "tiny";
        request.profile_text =
            "profile 1\nspan 1d\nload 60/h\ninterval 60s\nattempts 5\n\n"
            "outage every 2h long 20s..5m cable out for D\n";
        request.lines = 5;
        HASIM_ASSERT(complete(request).empty());
        MakeOptions options;
        options.directory = name;
        options.force = true;
        const std::atomic<bool> stop = false;
        HASIM_ASSERT(make_corpus(request, options, stop).end == MakeOutcome::End::done);
        HASIM_ASSERT(verify_corpus(name).findings.empty());
        return new fs::path(name);
    }();
    static const int registered = std::atexit([] { fs::remove_all(*folder); });
    static_cast<void>(registered);
    return *folder;
}

}  // namespace

HASIM_FUZZ(verify)
(const std::uint8_t* data, std::size_t size)
{
    constexpr std::array kFiles{"manifest.json", "ws-0001/labels.jsonl", "ws-0001/outages.jsonl",
                                "ws-0001/haErrorLog.txt"};
    if (size == 0) {
        return 0;
    }
    const fs::path file = corpus_folder() / kFiles[data[0] % kFiles.size()];
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::string whole = read(file);
    write(file, data[0] % kFiles.size() == 0 ? sealed(std::string(text)) : std::string(text));
    const VerifyOutcome outcome = verify_corpus(corpus_folder().string());
    HASIM_ASSERT(!outcome.findings.empty() || text == whole);
    HASIM_ASSERT(outcome.findings.size() <= 100);
    for (const Finding& finding : outcome.findings) {
        HASIM_ASSERT(!finding.text.empty() && finding.text.size() < 2000);
    }
    write(file, whole);
    return 0;
}
