#include "base/plain_text.hpp"
#include "cli/commands.hpp"
#include "cli/log_input.hpp"
#include "logtools/explain.hpp"
#include "logtools/explain_code.hpp"
#include "logtools/row_writer.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace hasim::cli {
namespace {

namespace json = boost::json;

json::array list_of(const std::array<std::string_view, log::kMaxAdvice>& items)
{
    json::array list;
    for (const std::string_view item : items) {
        if (!item.empty()) {
            list.emplace_back(item);
        }
    }
    return list;
}

json::object record_json(const log::ParsedLine& record)
{
    const log::Message& message = log::message_of(record.form);
    json::object object{{"kind", "record"},
                        {"message", message.id},
                        {"form", message.name},
                        {"status", log::to_text(message.status)},
                        {"time", logtools::stamp_text(record.stamp)},
                        {"pid", record.pid.value},
                        {"group", record.group.text()},
                        {"member", record.member.text()}};
    if (log::has_attempt(record.form)) {
        object["attempt"] = record.attempt;
    }
    if (log::has_code(record.form)) {
        object["code"] = static_cast<std::uint32_t>(record.code);
        object["code_name"] = printable(record.code_name);
        object["code_means"] = logtools::code_meaning(record.code);
    }
    object["note"] = message.note;
    object["written"] = message.when;
    object["causes"] = list_of(message.causes);
    object["next"] = list_of(message.next);
    return object;
}

std::string as_json(const logtools::Explanation& explanation)
{
    json::object object;
    if (explanation.is_record) {
        object = record_json(explanation.parsed);
    } else {
        object = {{"kind", log::to_text(explanation.kind)},
                  {"matched", explanation.parsed.matched},
                  {"expected", explanation.expected}};
        object["nearest"] = explanation.nearest == nullptr ? json::value(nullptr)
                                                           : json::value(explanation.nearest->id);
    }
    return json::serialize(object) + "\n";
}

class LogExplainCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.positional("LINE", line_,
                           "one line of an HA log, quoted for the shell; - for the lines of "
                           "standard input");
        options.flag("--json", json_, "print a JSON object a line");
    }

    ExitCode run(Console& console) override
    {
        if (line_ == "-") {
            return explain_input(console);
        }
        const logtools::Explanation explanation = logtools::explain(line_);
        console.write(json_ ? as_json(explanation) : explanation.text);
        return explanation.is_record ? ExitCode::done : ExitCode::does_not_hold;
    }

private:
    [[nodiscard]] ExitCode explain_input(Console& console) const
    {
        logtools::LineStream stream({line_});
        ResultBuffer results(console);
        ExitCode code = ExitCode::done;
        bool first = true;
        for (logtools::PlacedLine line; stream.next(line) && results.go_on();) {
            const logtools::Explanation explanation = logtools::explain(line.line.text);
            if (json_) {
                results.text() += as_json(explanation);
            } else {
                results.text() += (first ? "" : "\n") + explanation.text;
            }
            first = false;
            code = explanation.is_record ? code : ExitCode::does_not_hold;
        }
        results.finish();
        return stream.failure() ? log_input_failed(*stream.failure(), console) : code;
    }

    std::string line_;
    bool json_ = false;
};

}  // namespace

const Command kLogExplainCommand = command<LogExplainCommand>(
    "log explain", "says what a line of an HA log means",
    "Its id, its parts, what its return code means, what the vendor's note says of it, when it is "
    "written, likely causes and what to do next. For a line that is no record: the column where it "
    "stops to look like one, what would be expected there, and the message that it is nearest to; "
    "then the exit status is 1. With - it explains each line of standard input.");

}  // namespace hasim::cli
