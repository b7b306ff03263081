#include "logtools/count_logs.hpp"

#include <utility>

#include "host/parallel.hpp"
#include "logtools/line_stream.hpp"

namespace hasim::logtools {
namespace {

LogCount count_piece(const FilePiece& piece)
{
    auto opened = open_piece(piece);
    if (auto* const finding = std::get_if<Finding>(&opened)) {
        return {{}, std::move(*finding)};
    }
    ByteSource& source = *std::get<std::unique_ptr<ByteSource>>(opened);
    LineCounter counter;
    BlockReader blocks(source);
    for (Block block; blocks.next(block);) {
        counter.count(block);
    }
    LogCount counted{counter.counts(), std::nullopt};
    if (!source.trouble().empty()) {
        counted.failure =
            Finding{std::string(shown_name(piece.path)), 0, 0, Severity::error, source.trouble()};
    }
    return counted;
}

}  // namespace

LogCount count_logs(const std::vector<std::string>& files, std::uint64_t jobs, std::uint64_t least)
{
    std::vector<FilePiece> pieces;
    for (const std::string& file : files) {
        for (FilePiece& piece : pieces_of(file, jobs, least)) {
            pieces.push_back(std::move(piece));
        }
    }
    std::vector<LogCount> counted(pieces.size());
    host::in_parallel(jobs, pieces.size(),
                      [&](std::uint64_t index) { counted[index] = count_piece(pieces[index]); });
    LogCount all;
    for (LogCount& one : counted) {
        all.counts += one.counts;
        if (one.failure) {
            all.failure = std::move(one.failure);
            break;
        }
    }
    return all;
}

}  // namespace hasim::logtools
