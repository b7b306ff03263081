/// Which files a user means: files as they are, directories and a haErrorLog.txt with the rotated ones before it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "hasim/result.hpp"

namespace hasim::logtools {

struct LogFiles {
    std::vector<std::string> files;
    std::vector<std::string> notes;  ///< what was left out, and why
};

/// The files that `arguments` mean, in the order in which they are to be read; or what is wrong with one of them.
///
/// A directory stands for its HA log: the rotated files haErrorLog_<stamp>[_NNN].txt, oldest first, then
/// haErrorLog.txt. A file called haErrorLog.txt stands for itself and the rotated ones beside it. Any of them may have
/// the ending of a compressor behind it; where the uncompressed file is there, too, it alone is read, with a note: a
/// compressor is at work. Every other name, and "-", stands for itself. A file that was meant before is not read twice.
[[nodiscard]] std::variant<LogFiles, Finding> files_meant(
    const std::vector<std::string>& arguments);

}  // namespace hasim::logtools
