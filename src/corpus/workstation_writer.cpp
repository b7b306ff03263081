#include "corpus/workstation_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fmt/core.h>

#include "log/catalogue.hpp"
#include "log/rotation.hpp"
#include "scenario/values.hpp"

namespace hasim::corpus {
namespace {

using std::chrono::seconds;

constexpr std::uint64_t kPartsWithoutLine = 1000;
constexpr WallTime kLastMoment{std::chrono::sys_days{std::chrono::year(2199) / 1 / 1}};

}  // namespace

WorkstationWriter::WorkstationWriter(const CorpusRequest& request, std::uint64_t number,
                                     std::string directory, const std::atomic<bool>& stop,
                                     Pacer pacer, bool loghub)
    : request_(request),
      directory_(std::move(directory)),
      name_(corpus::workstation_name(number)),
      stop_(stop),
      pacer_(std::move(pacer)),
      loghub_(loghub),
      workstation_(corpus::draw_workstation(request.profile, request.shape, request.seed, number)),
      noise_(Random(workstation_.seed).fork("noise")),
      labels_(path("labels.jsonl")),
      outages_(path("outages.jsonl")),
      part_start_(request.start)
{
    result_.number = number;
    result_.seed = workstation_.seed;
    if (loghub_) {
        structured_ = std::make_unique<BlockFile>(path("haErrorLog_structured.csv"));
        structured_->write(kStructuredHeader);
    }
}

std::string WorkstationWriter::path(const std::string& name) const
{
    return directory_.empty() ? std::string() : directory_ + "/" + name;
}

bool WorkstationWriter::enough() const
{
    return (request_.lines && result_.lines >= *request_.lines) ||
           (request_.bytes && result_.log_bytes >= *request_.bytes);
}

bool WorkstationWriter::go_on()
{
    return !stop_.load(std::memory_order_relaxed) && !enough();
}

WorkstationResult WorkstationWriter::run()
{
    const bool counted = request_.lines || request_.bytes;
    const WallTime end =
        counted ? kLastMoment : request_.start + request_.span.value_or(request_.profile.span);
    for (std::uint64_t part = 1; go_on() && part_start_ < end; ++part) {
        play_part(part, std::min<Duration>(request_.profile.boot, end - part_start_));
        if (counted && result_.lines == 0 && part >= kPartsWithoutLine) {
            break;
        }
    }
    result_.interrupted = stop_.load();
    if (counted && !result_.interrupted && !enough()) {
        throw OutputError(fmt::format(
            "{}: this profile makes too few lines ({} by {}): ask for fewer, or raise its rates",
            name_, result_.lines, scenario::wall_time_text(part_start_)));
    }
    if (log_) {
        close_log(std::string(log::kLogFileName));
    }
    labels_.close();
    outages_.close();
    list("labels.jsonl", labels_);
    list("outages.jsonl", outages_);
    if (structured_) {
        structured_->close();
        list("haErrorLog_structured.csv", *structured_);
        BlockFile templates(path("haErrorLog_templates.csv"));
        templates.write(templates_table(events_));
        templates.close();
        list("haErrorLog_templates.csv", templates);
    }
    std::sort(result_.files.begin(), result_.files.end(),
              [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; });
    return std::move(result_);
}

// ---- One part -------------------------------------------------------------------------------------------------------

void WorkstationWriter::play_part(std::uint64_t number, Duration length)
{
    corpus::PartRequest asked;
    asked.number = number;
    asked.start = part_start_;
    asked.length = length;
    asked.first_outage = result_.outages + 1;
    asked.timezone = request_.timezone;
    asked.messages = request_.messages;
    asked.stamp = request_.stamp == "ctime" ? StampStyle::ctime : StampStyle::note;
    asked.clock_jumps = request_.noise_rates.of(Noise::clock);
    corpus::DrawnPart part = corpus::draw_part(request_.profile, workstation_, asked);
    first_outage_ = asked.first_outage;
    caused_.assign(part.outages.size(), {});
    Instant end;
    {
        corpus::CorpusPlay play(workstation_, part, *this);
        end = play.run();
    }
    write_scenario(number, part, end);
    write_outages(part, end);
    part_start_ += end.time_since_epoch() + kBootTime;
}

void WorkstationWriter::write_scenario(std::uint64_t number, const corpus::DrawnPart& part,
                                       Instant end)
{
    corpus::DrawnPart cut{part.scenario, {}, {}};
    corpus::end_part(cut, end);
    cut.scenario.opening = {fmt::format(
        " Part {} of workstation {}: what happened between two of its restarts.", number, name_)};
    const std::string name =
        number == 1 ? std::string("scenario.hasim") : fmt::format("scenario-{:04}.hasim", number);
    BlockFile file(path(name));
    file.write(print(cut.scenario));
    file.close();
    list(name, file);
}

void WorkstationWriter::write_outages(const corpus::DrawnPart& part, Instant end)
{
    const WallTime part_end = part_start_ + end.time_since_epoch();
    for (std::size_t i = 0; i < part.outages.size(); ++i) {
        if (part.outages[i].start <= end) {
            append_outage(outages_.buffer(), part.outages[i], part_start_, part_end, caused_[i]);
            outages_.settle();
            ++result_.outages;
        }
    }
}

// ---- Lines ----------------------------------------------------------------------------------------------------------

bool WorkstationWriter::drawn(Noise noise)
{
    const std::uint32_t rate = request_.noise_rates.of(noise);
    return rate != 0 && noise_.chance(rate);
}

void WorkstationWriter::on_record(const LogRecord& record, Duration clock_offset,
                                  std::uint64_t outage)
{
    const WallTime time = part_start_ + record.at.time_since_epoch();
    if (pacer_) {
        pacer_(time);
        if (stop_.load()) {
            return;  // its time has not come
        }
    }
    const WallTime stamp = time + clock_offset;
    if (drawn(Noise::foreign)) {
        write_foreign(foreign_line(noise_), time, Noise::foreign);
    }
    if (drawn(Noise::utf8)) {
        write_foreign(invalid_line(noise_), time, Noise::utf8);
    }
    const bool padded_day = drawn(Noise::day);
    const bool mixed = request_.stamp == "mixed" && noise_.chance(500);
    log::Formatter& formatter = padded_day || mixed || request_.stamp == "ctime" ? ctime_ : note_;
    const std::string_view text(line_.data(),
                                formatter.format(record, request_.zone.local(stamp), line_));
    Label label;
    label.time = time;
    label.record = record;
    label.outage = outage;
    label.noise =
        static_cast<NoiseSet>((padded_day ? bit(Noise::day) : 0U) |
                              (clock_offset != Duration::zero() ? bit(Noise::clock) : 0U));
    ++result_.counts[static_cast<std::size_t>(record.form)];
    if (outage != 0) {
        caused_[outage - first_outage_].push_back(result_.lines + 1);
    }
    if (request_.noise_rates.any()) {
        write_noisy(text, label);
    } else {
        write_line(text, "\n", label);
    }
    rotate_if_full(stamp);
    if (pacer_ && log_) {
        log_->flush();
    }
}

void WorkstationWriter::write_noisy(std::string_view text, Label& label)
{
    constexpr std::size_t kLeastTorn = 30;  // enough of it to be told for the beginning of a record
    std::string line(text);
    if (log::has_code(label.record.form) && drawn(Noise::code)) {
        line = other_code(line, noise_);
        label.noise |= bit(Noise::code);
    }
    if (drawn(Noise::torn)) {
        line.resize(kLeastTorn + static_cast<std::size_t>(noise_.below(line.size() - kLeastTorn)));
        label.noise |= bit(Noise::torn);
        write_line(line, "", label);
        return;
    }
    const bool crlf = drawn(Noise::crlf);
    label.noise = static_cast<NoiseSet>(label.noise | (crlf ? bit(Noise::crlf) : 0U));
    write_line(line, crlf ? "\r\n" : "\n", label);
}

void WorkstationWriter::write_foreign(std::string_view text, WallTime time, Noise noise)
{
    Label label;
    label.time = time;
    label.noise = bit(noise);
    label.is_record = false;
    ++result_.foreign;
    write_line(text, "\n", label);
}

void WorkstationWriter::write_line(std::string_view text, std::string_view ending,
                                   const Label& label)
{
    if (!log_) {
        log_ = std::make_unique<BlockFile>(path(std::string(log::kLogFileName)));
        limit_ = workstation_.settings.ha.log_length;
        line_number_ = 1;
    }
    Label kept = label;
    kept.id = ++result_.lines;
    kept.line = line_number_;
    kept.offset = log_->size();
    waiting_.add(kept);
    std::string& out = log_->buffer();
    out += text;
    out += ending;
    log_->settle();
    line_number_ += ending.empty() ? 0 : 1;
    result_.log_bytes += text.size() + ending.size();
    if (structured_) {
        const bool whole = label.is_record && (label.noise & bit(Noise::torn)) == 0;
        ++events_[whole ? static_cast<std::size_t>(label.record.form) + 1 : 0];
        append_structured(structured_->buffer(), kept.id, text,
                          whole ? &label.record.form : nullptr);
        structured_->settle();
    }
}

void WorkstationWriter::rotate_if_full(WallTime stamp)
{
    if (!log::is_full(log_->size(), limit_)) {
        return;
    }
    if (drawn(Noise::rotation)) {
        limit_ += workstation_.settings.ha.log_length;
        return;
    }
    newest_ = log::next_name(std::chrono::floor<seconds>(stamp), newest_);
    close_log(log::to_text(*newest_));
}

void WorkstationWriter::close_log(const std::string& name)
{
    log_->close();
    list(name, *log_);
    log_.reset();
    waiting_.take_all([&](const Label& label) {
        label_text_.append(labels_.buffer(), name, label);
        labels_.settle();
    });
    const std::string from = path(std::string(log::kLogFileName));
    const std::string to = path(name);
    if (from != to && std::rename(from.c_str(), to.c_str()) != 0) {
        throw OutputError(
            fmt::format("{}: cannot be renamed: {}", from, std::generic_category().message(errno)));
    }
}

void WorkstationWriter::list(const std::string& name, const BlockFile& file)
{
    result_.files.push_back({name_ + "/" + name, file.size(), file.digest()});
}

}  // namespace hasim::corpus
