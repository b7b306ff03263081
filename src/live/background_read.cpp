#include "live/background_read.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "host/read_file.hpp"

namespace hasim::live {

BackgroundRead::BackgroundRead(boost::asio::io_context& io, std::string path, std::size_t limit,
                               Done done)
    : path_(std::move(path)),
      limit_(limit),
      done_(std::move(done)),
      answers_(io, [this](Result result) { take(std::move(result)); })
{
}

BackgroundRead::~BackgroundRead()
{
    constexpr std::chrono::milliseconds kPatience{500};
    thread_.finish(kPatience);
}

void BackgroundRead::begin()
{
    again_ = busy_;
    if (busy_) {
        return;
    }
    busy_ = true;
    static_cast<void>(thread_.post(0, [slot = answers_.slot(), path = path_, limit = limit_] {
        Result result = host::read_file(path, limit, host::Content::text, host::From::regular_file);
        if (std::holds_alternative<Finding>(*result) && ::access(path.c_str(), F_OK) != 0 &&
            errno == ENOENT) {
            result = std::nullopt;  // asked afterwards: it may go at any moment
        }
        slot->put(std::move(result));
    }));
}

void BackgroundRead::take(Result result)
{
    busy_ = false;
    if (std::exchange(again_, false)) {
        begin();  // what was read may be old by now
    }
    done_(std::move(result));
}

}  // namespace hasim::live
