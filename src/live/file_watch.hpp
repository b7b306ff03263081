/// Notices that a text file changed.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "live/background_read.hpp"

namespace hasim::live {

/// Watches the directory that the file's name is in, so an editor that writes a new file and renames it is noticed as
/// well as one that writes in place, and the directory of what a symbolic link points at. The file is read when
/// somebody who wrote it closes it, or something is renamed or linked into its place; what has the same content as
/// before is no change. A file that is gone is no change either: the next one that appears is.
class FileWatch {
public:
    /// Takes the new text.
    using Changed = std::function<void(const std::string& text)>;
    /// Takes why a change could not be read, or that watching has ended; a phrase without full stop.
    using Problem = std::function<void(const std::string& text)>;

    /// Both functions are called from the loop of `io`. A file longer than `limit` bytes is a problem.
    FileWatch(boost::asio::io_context& io, std::string path, std::size_t limit, Changed changed,
              Problem problem);

    /// Begins to watch, given what the file held when it was read last: what was written since then is found in the
    /// loop's next turn. The answer is empty, or why it cannot be watched.
    [[nodiscard]] std::string start(std::string text);

    /// The file is being read.
    [[nodiscard]] bool is_reading() const { return read_.busy(); }

private:
    [[nodiscard]] std::string watch(const std::string& file);
    [[nodiscard]] std::string watch_all();
    void wait();
    bool take_notices();
    [[nodiscard]] bool concerns(int watched, std::uint32_t mask, const std::string& name) const;
    void look();
    void take(BackgroundRead::Result result);
    void tell(const std::string& problem);

    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> notices_;
    std::string path_;
    Changed changed_;
    Problem problem_;
    std::string text_;
    std::string told_;  ///< the last problem, to tell it once
    /// By watch descriptor: the directory, and the names in it that lead to the file.
    struct Directory {
        std::string path;
        std::set<std::string> names;
    };
    std::map<int, Directory> directories_;
    BackgroundRead read_;
    std::shared_ptr<bool> alive_ =
        std::make_shared<bool>(true);  ///< for handlers that come after the end
};

}  // namespace hasim::live
