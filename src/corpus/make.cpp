#include "corpus/make.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/core.h>

#include "base/words.hpp"
#include "corpus/manifest.hpp"
#include "host/parallel.hpp"
#include "host/replace_file.hpp"
#include "scenario/values.hpp"

namespace hasim::corpus {
namespace {

namespace fs = std::filesystem;

/// Writes at real pace: sleeps in pieces, so that an interruption is noticed.
class Pace {
public:
    using Tell = std::function<void(Duration /*wait*/, WallTime /*due*/)>;

    /// `tell` hears of waits that a reader would wonder about.
    Pace(double rate, std::uint64_t writers, const std::atomic<bool>& stop, Tell tell)
        : rate_(rate / static_cast<double>(std::max<std::uint64_t>(writers, 1))),
          stop_(stop),
          tell_(std::move(tell))
    {
    }

    /// Waits until the line of `time` is to be written.
    void wait(WallTime time)
    {
        constexpr std::chrono::seconds kLong{2};
        using Clock = std::chrono::steady_clock;
        ++lines_;
        if (lines_ == 1) {
            begin_ = Clock::now();
            first_ = time;
        }
        const auto passed =
            rate_ > 0 ? std::chrono::duration_cast<Clock::duration>(
                            std::chrono::duration<double>(static_cast<double>(lines_) / rate_))
                      : std::chrono::duration_cast<Clock::duration>(time - first_);
        const Clock::time_point due = begin_ + passed;
        const auto left = due - Clock::now();
        if (rate_ <= 0 && left >= kLong) {
            tell_(std::chrono::duration_cast<Duration>(left), time);
        }
        while (!stop_.load() && Clock::now() < due) {
            std::this_thread::sleep_for(
                std::min<Clock::duration>(due - Clock::now(), std::chrono::milliseconds(100)));
        }
    }

private:
    double rate_;
    const std::atomic<bool>& stop_;
    Tell tell_;
    std::uint64_t lines_ = 0;
    std::chrono::steady_clock::time_point begin_;
    WallTime first_{};
};

class Making {
public:
    Making(const CorpusRequest& request, const MakeOptions& options, const std::atomic<bool>& stop)
        : request_(request),
          options_(options),
          stop_asked_(stop),
          range_(shard_range(request.workstations, request.shard, request.shards)),
          manifest_(
              (fs::path(options.directory) / manifest_name(request.shard, request.shards)).string())
    {
    }

    MakeOutcome run()
    {
        if (std::string refused = prepare(); !refused.empty()) {
            return {MakeOutcome::End::refused, std::move(refused)};
        }
        const std::uint64_t count = range_.last + 1 - range_.first;
        const std::uint64_t jobs =
            std::max<std::uint64_t>(1, std::min(options_.follow ? count : options_.jobs, count));
        host::in_parallel(jobs, count, [this](std::uint64_t index) { work(range_.first + index); });
        return finish();
    }

private:
    /// Refuses what would overwrite something; makes room when told to.
    std::string prepare()
    {
        std::error_code error;
        const fs::path root(options_.directory);
        if (fs::exists(root, error) && !fs::is_directory(root, error)) {
            return fmt::format("--out {}: is no directory", options_.directory);
        }
        const bool shares = request_.shards > 1;  // a directory with other shards
        const bool used = fs::exists(root, error) && !fs::is_empty(root, error);
        if (!options_.force && ((used && !shares) || fs::exists(manifest_, error))) {
            return fmt::format(
                "--out {}: exists and is not empty; name another directory, or add --force to "
                "write "
                "this corpus over what it would collide with",
                options_.directory);
        }
        fs::create_directories(root, error);
        if (error) {
            return fmt::format("--out {}: cannot be made: {}", options_.directory, error.message());
        }
        // Without its manifest no half of an old corpus looks whole while it is replaced.
        fs::remove(manifest_, error);
        for (std::uint64_t number = range_.first; number <= range_.last; ++number) {
            for (const std::string& place : {final_place(number), working_place(number)}) {
                if (fs::exists(place, error)) {
                    if (!options_.force) {
                        return fmt::format("{}: exists; add --force to write it anew", place);
                    }
                    fs::remove_all(place, error);
                }
            }
        }
        return {};
    }

    [[nodiscard]] std::string final_place(std::uint64_t number) const
    {
        return (fs::path(options_.directory) / corpus::workstation_name(number)).string();
    }

    [[nodiscard]] std::string working_place(std::uint64_t number) const
    {
        return options_.follow ? final_place(number)
                               : (fs::path(options_.directory) /
                                  ("." + corpus::workstation_name(number) + ".part"))
                                     .string();
    }

    void work(std::uint64_t number)
    {
        if (halt()) {
            return;
        }
        try {
            make(number);
        } catch (const std::exception& exception) {
            fail(exception.what());
        }
    }

    [[nodiscard]] bool halt() const { return stop_asked_.load() || stopped_.load(); }

    void make(std::uint64_t number)
    {
        const std::string place = working_place(number);
        fs::create_directory(place);
        Pacer pacer;
        Pace pace(options_.rate, range_.last + 1 - range_.first, stop_asked_,
                  [&](Duration wait, WallTime due) { tell_wait(number, wait, due); });
        if (options_.follow) {
            pacer = [&pace](WallTime time) { pace.wait(time); };
        }
        WorkstationWriter writer(request_, number, place, stop_asked_, pacer);
        WorkstationResult result = writer.run();
        if (result.interrupted) {
            return;
        }
        if (place != final_place(number)) {
            fs::rename(place, final_place(number));
        }
        const std::scoped_lock lock(mutex_);
        results_.push_back(std::move(result));
        if (options_.progress) {
            options_.progress(results_.size());
        }
    }

    void tell_wait(std::uint64_t number, Duration wait, WallTime due)
    {
        const std::scoped_lock lock(mutex_);
        if (options_.tell) {
            options_.tell(fmt::format(
                "{}: the next line is due in {}, at {} of the corpus; --rate N/s writes faster",
                workstation_name(number), about(wait),
                scenario::wall_time_text(std::chrono::floor<std::chrono::seconds>(due))));
        }
    }

    void fail(const char* text)
    {
        const std::scoped_lock lock(mutex_);
        if (failure_.empty()) {
            failure_ = text;
        }
        stopped_.store(true);
    }

    MakeOutcome finish()
    {
        const bool whole = failure_.empty() && !stop_asked_.load();
        // Who followed has read what was written: that stays.
        const bool keeps = whole || (failure_.empty() && options_.follow);
        std::error_code ignored;
        for (std::uint64_t number = range_.first; !keeps && number <= range_.last; ++number) {
            fs::remove_all(working_place(number), ignored);
        }
        if (!failure_.empty()) {
            return {MakeOutcome::End::failed, failure_};
        }
        if (stop_asked_.load()) {
            return {
                MakeOutcome::End::interrupted,
                options_.follow
                    ? fmt::format("interrupted; what was written stays in {}, without a manifest",
                                  options_.directory)
                    : "interrupted; there is no manifest, the corpus is not whole"};
        }
        std::sort(results_.begin(), results_.end(),
                  [](const WorkstationResult& a, const WorkstationResult& b) {
                      return a.number < b.number;
                  });
        MakeOutcome outcome;
        for (const WorkstationResult& result : results_) {
            ++outcome.workstations;
            outcome.lines += result.lines;
            outcome.bytes += result.log_bytes;
            outcome.outages += result.outages;
        }
        if (std::string wrong =
                host::replace_file(manifest_, manifest_text(request_, options_.version, results_));
            !wrong.empty()) {
            return {MakeOutcome::End::failed, std::move(wrong)};
        }
        return outcome;
    }

    const CorpusRequest& request_;
    const MakeOptions& options_;
    const std::atomic<bool>& stop_asked_;
    std::atomic<bool> stopped_ = false;
    ShardRange range_;
    std::string manifest_;
    std::mutex mutex_;  ///< for what follows
    std::vector<WorkstationResult> results_;
    std::string failure_;
};

}  // namespace

ShardRange shard_range(std::uint64_t workstations, std::uint64_t shard, std::uint64_t shards)
{
    return {workstations * (shard - 1) / shards + 1, workstations * shard / shards};
}

MakeOutcome make_corpus(const CorpusRequest& request, const MakeOptions& options,
                        const std::atomic<bool>& stop)
{
    return Making(request, options, stop).run();
}

}  // namespace hasim::corpus
