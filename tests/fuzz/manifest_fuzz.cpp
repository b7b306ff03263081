// Feeds any bytes to the reader of manifests. Holds: reading ends with a manifest or one finding; a manifest's request
// is either complete, or what is wrong with it is told; and what is complete is within the bounds of a request.
#include "harness.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "base/assert.hpp"
#include "corpus/manifest.hpp"

HASIM_FUZZ(manifest)
(const std::uint8_t* data, std::size_t size)
{
    using namespace hasim;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    auto read = corpus::read_manifest("manifest.json", text);
    if (const auto* finding = std::get_if<Finding>(&read)) {
        HASIM_ASSERT(!finding->text.empty());
        return 0;
    }
    corpus::CorpusRequest& request = std::get<corpus::Manifest>(read).request;
    if (corpus::complete(request).empty()) {
        HASIM_ASSERT(request.workstations >= 1 && request.workstations <= corpus::kMaxWorkstations);
        HASIM_ASSERT(request.shard >= 1 && request.shard <= request.shards);
        HASIM_ASSERT(request.shape.groups >= 1 && request.shape.processes >= 1);
        HASIM_ASSERT(request.shape.least_members >= 1 &&
                     request.shape.least_members <= request.shape.most_members);
    }
    return 0;
}
