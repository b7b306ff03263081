#include "corpus/waiting_labels.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include "corpus/block_file.hpp"

namespace hasim::corpus {

namespace {

[[noreturn]] void fail(const char* what)
{
    throw OutputError(std::string("a temporary file for labels cannot be ") + what + ": " +
                      std::generic_category().message(errno));
}

}  // namespace

void WaitingLabels::add(const Label& label)
{
    if (newest_.size() >= kInMemory) {
        spill();
    }
    newest_.push_back(label);
}

void WaitingLabels::spill()
{
    if (!older_) {
        older_.reset(std::tmpfile());
        if (!older_) {
            fail("made");
        }
    }
    if (std::fwrite(newest_.data(), sizeof(Label), newest_.size(), older_.get()) !=
        newest_.size()) {
        fail("written");
    }
    in_file_ += newest_.size();
    newest_.clear();
}

void WaitingLabels::rewind()
{
    if (older_ && (std::fflush(older_.get()) != 0 || std::fseek(older_.get(), 0, SEEK_SET) != 0)) {
        fail("written");
    }
}

/// The next ones of the file; 0 when there are no more.
std::size_t WaitingLabels::read(std::vector<Label>& block)
{
    const std::size_t wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(in_file_, block.size()));
    if (wanted > 0 && std::fread(block.data(), sizeof(Label), wanted, older_.get()) != wanted) {
        fail("read");
    }
    in_file_ -= wanted;
    return wanted;
}

void WaitingLabels::clear()
{
    newest_.clear();
    older_.reset();
    in_file_ = 0;
}

}  // namespace hasim::corpus
