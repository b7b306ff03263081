#include "monitor/line_waits.hpp"

#include <algorithm>
#include <utility>

#include "monitor/world_events.hpp"
#include "play/log_match.hpp"

namespace hasim::monitor {

class LineWaits::Wait {
public:
    Wait(LogPattern pattern, Found found) : pattern_(std::move(pattern)), found_(std::move(found))
    {
    }
    [[nodiscard]] const LogPattern& pattern() const { return pattern_; }
    void end(const boost::json::object& line)
    {
        if (const Found found = std::exchange(found_, nullptr)) {
            found(line);
        }
    }

private:
    LogPattern pattern_;
    Found found_;
};

boost::json::object LineWaits::object(const Line& line) const
{
    boost::json::object object = line_object(world_, line.text, line.client, line.record);
    object["line"] = line.number;
    return object;
}

std::shared_ptr<LineWaits::Wait> LineWaits::wait(LogPattern pattern, std::uint64_t after,
                                                 Found found)
{
    std::erase_if(waits_, [](const std::weak_ptr<Wait>& one) { return one.expired(); });
    if (waits_.size() >= kMostWaits) {
        return nullptr;
    }
    auto wait = std::make_shared<Wait>(std::move(pattern), std::move(found));
    for (const Line& line : recent_) {
        if (line.number > after &&
            play::matches(world_, wait->pattern(), line.client, line.record)) {
            wait->end(object(line));
            return wait;
        }
    }
    waits_.push_back(wait);
    return wait;
}

void LineWaits::on_line(std::string_view line, WallTime, sim::ClientIndex client,
                        const LogRecord& record)
{
    if (world_.log_directory_missing() || world_.disk_full()) {
        return;  // it is in no file
    }
    recent_.push_back({++lines_, client, record, std::string(line)});
    if (recent_.size() > kMostLines) {
        recent_.pop_front();
    }
    std::erase_if(waits_, [&](const std::weak_ptr<Wait>& one) {
        const std::shared_ptr<Wait> wait = one.lock();
        if (wait == nullptr || play::matches(world_, wait->pattern(), client, record)) {
            if (wait != nullptr) {
                wait->end(object(recent_.back()));
            }
            return true;
        }
        return false;
    });
}

}  // namespace hasim::monitor
