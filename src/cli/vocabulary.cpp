#include "cli/vocabulary.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "log/catalogue.hpp"
#include "log/template_pieces.hpp"

namespace hasim::cli {

using scenario::FaultInfo;

namespace {

boost::json::array arguments_json(const log::Message& message)
{
    const log::Pieces& pieces = log::kPieces[static_cast<std::size_t>(message.form)];
    boost::json::array arguments;
    for (std::size_t i = 0; i < pieces.count; ++i) {
        const log::Piece& piece = pieces.list[i];
        if (piece.has_argument) {
            boost::json::object argument;
            argument["name"] = log::placeholder_of(piece.argument);
            argument["kind"] = log::to_text(piece.argument);
            arguments.push_back(std::move(argument));
        }
    }
    return arguments;
}

}  // namespace

std::string messages_json()
{
    std::string text = "[";
    for (const log::Message& message : log::kCatalogue) {
        boost::json::object object;
        object["id"] = message.id;
        object["form"] = message.name;
        if (!message.other_spelling.empty()) {
            object["other_spelling"] = message.other_spelling;
        }
        object["status"] = log::to_text(message.status);
        object["template"] = message.message_template;
        object["arguments"] = arguments_json(message);
        object["written"] = message.when;
        object["note"] = message.note;
        object["sample"] = message.sample;
        text += text.size() == 1 ? "\n  " : ",\n  ";
        text += boost::json::serialize(object);
    }
    return text + "\n]\n";
}

std::string faults_json(const std::vector<const FaultInfo*>& faults)
{
    std::string text = "[";
    for (const FaultInfo* const info : faults) {
        const boost::json::object object{{"words", info->words},
                                         {"usage", scenario::usage(*info)},
                                         {"chapter", scenario::title_of(info->chapter)},
                                         {"targets", scenario::targets_text(*info)},
                                         {"may_last", info->may_last},
                                         {"does", info->does},
                                         {"client_sees", info->sees},
                                         {"lines", info->lines}};
        text += text == "[" ? "\n  " : ",\n  ";
        text += boost::json::serialize(object);
    }
    return text + "\n]\n";
}

std::string faults_json()
{
    std::vector<const FaultInfo*> all;
    for (const FaultInfo& info : scenario::fault_table()) {
        all.push_back(&info);
    }
    return faults_json(all);
}

std::vector<std::string> fault_words()
{
    std::vector<std::string> words;
    for (const FaultInfo& info : scenario::fault_table()) {
        std::string_view rest = info.words;
        while (!rest.empty()) {
            const std::string word(rest.substr(0, rest.find(' ')));
            rest.remove_prefix(std::min(word.size() + 1, rest.size()));
            if (std::ranges::find(words, word) == words.end()) {
                words.push_back(word);
            }
        }
    }
    return words;
}

}  // namespace hasim::cli
