/// manifest.json: what a corpus was made from, what is in it, and a digest of every file. Written
/// last: a corpus without it is not whole.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "corpus/block_file.hpp"
#include "corpus/request.hpp"
#include "corpus/workstation_writer.hpp"
#include "hasim/result.hpp"

namespace hasim::corpus {

inline constexpr std::size_t kMaxManifestBytes = std::size_t{256} << 20;

/// "manifest.json", or "manifest-2-of-8.json" for a shard, so that shards may share a directory.
[[nodiscard]] std::string manifest_name(std::uint64_t shard, std::uint64_t shards);

/// The whole text. The same for the same request, whatever made it.
[[nodiscard]] std::string manifest_text(const CorpusRequest& request, const std::string& version,
                                        const std::vector<WorkstationResult>& results);

/// `text` with the digest of its other lines as its last one, which takes the place of an older one.
[[nodiscard]] std::string sealed(std::string text);

/// Whether `text` is as manifest_text() wrote it: its last line holds the digest of what stands before.
[[nodiscard]] bool is_unedited(std::string_view text);

/// What a manifest says.
struct Manifest {
    std::string version;
    CorpusRequest request;  ///< its zone and profile are read from their texts by `complete`
    std::size_t workstations = 0;  ///< how many it lists
    std::vector<FileEntry> files;
};

/// Reads one; `path` is its name in the finding.
[[nodiscard]] std::variant<Manifest, Finding> read_manifest(const std::string& path,
                                                            std::string_view text);

/// What a request asks for, but for its shard: the same text for all shards of one corpus.
[[nodiscard]] std::string corpus_of(CorpusRequest request);

/// Fills in what a request holds as text: profile, noise, time zone. Returns what is wrong, or nothing.
[[nodiscard]] std::vector<Finding> complete(CorpusRequest& request);

}  // namespace hasim::corpus
