#include "corpus/label_check.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "base/plain_text.hpp"
#include "corpus/json_fields.hpp"
#include "hasim/ha_log.hpp"
#include "log/catalogue.hpp"

namespace hasim::corpus {

namespace json = boost::json;

namespace {

/// A name that stays in its folder.
bool is_plain_name(std::string_view name)
{
    return !name.empty() && name != "." && name != ".." &&
           name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

bool has_noise(const json::object& row, std::string_view name)
{
    const json::value& noise = field(row, "noise");
    return noise.is_array() && std::ranges::any_of(noise.as_array(), [&](const json::value& one) {
               return one.is_string() && std::string_view(one.as_string()) == name;
           });
}

bool is_text(const json::value& value, std::string_view text)
{
    return value.is_string() && std::string_view(value.as_string()) == text;
}

/// What in `row` is not so in `line`; empty when all of it is.
std::string mismatch(const json::object& row, const log::ParsedLine& line)
{
    const log::Message& message = log::kCatalogue[static_cast<std::size_t>(line.form)];
    if (!is_text(field(row, "message"), message.id) || !is_text(field(row, "form"), message.name)) {
        return "message";
    }
    if (number_field(row, "pid") != line.pid.value) {
        return "pid";
    }
    if (!is_text(field(row, "group"), line.group.text())) {
        return "group";
    }
    if (!is_text(field(row, "member"), line.member.text())) {
        return "member";
    }
    const std::uint64_t attempt =
        field(row, "attempt").is_null() ? 0 : number_field(row, "attempt");
    if (attempt != line.attempt) {
        return "attempt";
    }
    const std::string code = fmt::format("0x{:08x}", static_cast<std::uint32_t>(line.code));
    const bool code_fits =
        log::has_code(line.form) ? is_text(field(row, "code"), code) : field(row, "code").is_null();
    return code_fits ? "" : "code";
}

}  // namespace

LabelCheck::LabelCheck(std::string folder, Tell tell)
    : folder_(std::move(folder)), tell_(std::move(tell)), labels_(folder_ + "/labels.jsonl")
{
}

WorkstationResult LabelCheck::run()
{
    check_labels();
    check_outages();
    return std::move(result_);
}

void LabelCheck::check_labels()
{
    LineFile lines(labels_);
    while (lines.next()) {
        try {
            check_row(parse_object(lines.text()), lines.number());
        } catch (const std::exception& wrong) {
            tell_(labels_, lines.number(), fmt::format("is no label: {}", wrong.what()));
        }
    }
    result_.lines = lines.number();
}

void LabelCheck::check_row(const json::object& row, std::uint64_t number)
{
    if (number_field(row, "id") != number) {
        tell_(labels_, number, "its id is not the number of its row");
    }
    if (!field(row, "outage").is_null()) {
        caused_[number_field(row, "outage")].add(number);
    }
    if (field(row, "form").is_null()) {
        ++result_.foreign;
    } else {
        const std::string form = text_field(row, "form");
        const auto message =
            std::find_if(log::kCatalogue.begin(), log::kCatalogue.end(),
                         [&](const log::Message& one) { return one.name == form; });
        if (message == log::kCatalogue.end()) {
            tell_(labels_, number, "there is no form " + in_quotes(form));
            return;
        }
        ++result_.counts[static_cast<std::size_t>(message->form)];
    }
    const std::string file = text_field(row, "file");
    const std::uint64_t offset = number_field(row, "offset");
    if (!go_to(file, offset)) {
        tell_(labels_, number, fmt::format("offset {} is outside of {}", offset, in_quotes(file)));
        return;
    }
    if (log_->number() != number_field(row, "line")) {
        tell_(labels_, number,
              fmt::format("offset {} is in line {}, not {}", offset, log_->number(),
                          number_field(row, "line")));
    }
    check_record(row, number, log_->text().substr(offset - log_->offset()));
}

/// Whether a record stands at that place which says what the label says.
void LabelCheck::check_record(const json::object& row, std::uint64_t number, std::string_view text)
{
    if (field(row, "form").is_null() || has_noise(row, "torn")) {
        return;
    }
    log::ParsedLine parsed;
    const std::string place = fmt::format("{}:{}", in_quotes(log_name_), log_->number());
    if (log::parse_line(text.ends_with('\r') ? text.substr(0, text.size() - 1) : text, parsed) !=
        log::LineKind::record) {
        tell_(labels_, number, "there is no record at " + place);
    } else if (const std::string part = mismatch(row, parsed); !part.empty()) {
        tell_(labels_, number, fmt::format("its {} is not that of {}", part, place));
    }
}

/// Reads on to the line of `file` that holds `offset`; labels name lines in their order.
bool LabelCheck::go_to(const std::string& file, std::uint64_t offset)
{
    if (file != log_name_ || log_ == nullptr) {
        log_name_ = file;
        log_ = is_plain_name(file) ? std::make_unique<LineFile>(folder_ + "/" + file) : nullptr;
        if (log_ == nullptr || !log_->next()) {
            log_ = nullptr;
            return false;
        }
    }
    while (offset > log_->offset() + log_->text().size()) {
        if (!log_->next()) {
            log_ = nullptr;
            return false;
        }
    }
    return offset >= log_->offset() && offset - log_->offset() <= log_->text().size();
}

void LabelCheck::check_outages()
{
    const std::string path = folder_ + "/outages.jsonl";
    LineFile lines(path);
    while (lines.next()) {
        try {
            const json::object outage = parse_object(lines.text());
            IdsTally named;
            for (const json::value& line : array_field(outage, "lines")) {
                named.add(number_of(line, "lines"));
            }
            const std::uint64_t id = number_field(outage, "id");
            if (id != lines.number() || named != caused_[id] ||
                number_field(outage, "count") != named.count) {
                tell_(path, lines.number(),
                      "the lines that it lists are not those whose labels name this outage");
            }
            caused_.erase(id);
        } catch (const std::exception& wrong) {
            tell_(path, lines.number(), fmt::format("is no outage: {}", wrong.what()));
        }
    }
    result_.outages = lines.number();
    if (!caused_.empty()) {
        tell_(path, 0,
              fmt::format("has no outage {}, which a label names", caused_.begin()->first));
    }
}

}  // namespace hasim::corpus
