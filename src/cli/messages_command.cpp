#include "cli/commands.hpp"
#include "cli/vocabulary.hpp"

#include "log/catalogue.hpp"
#include "log/template_pieces.hpp"

#include <fmt/format.h>

#include <string>

namespace hasim::cli {
namespace {

const log::Pieces& pieces_of(const log::Message& message)
{
    return log::kPieces[static_cast<std::size_t>(message.form)];
}

std::string arguments_text(const log::Message& message)
{
    std::string text;
    for (std::size_t i = 0; i < pieces_of(message).count; ++i) {
        const log::Piece& piece = pieces_of(message).list[i];
        if (piece.has_argument) {
            text += fmt::format("{}{} ({})", text.empty() ? "" : ", ",
                                log::placeholder_of(piece.argument), log::to_text(piece.argument));
        }
    }
    return text;
}

std::string as_text()
{
    std::string text;
    for (const log::Message& message : log::kCatalogue) {
        text += fmt::format("{}{}", text.empty() ? "" : "\n", message.id);
        if (message.status != log::MessageStatus::current) {
            text += fmt::format(" ({})", log::to_text(message.status));
        }
        if (!message.other_spelling.empty()) {
            text += fmt::format(", also {}", message.other_spelling);
        }
        text += fmt::format(
            "\n  template   {}\n  arguments  {}\n  written    {}\n  the note   {}\n",
            message.message_template, arguments_text(message), message.when, message.note);
    }
    return text;
}

class MessagesCommand final : public CommandBody {
public:
    void declare(Options& options) override { options.flag("--json", json_, "print JSON"); }

    ExitCode run(Console& console) override
    {
        console.write(json_ ? messages_json() : as_text());
        return ExitCode::done;
    }

private:
    bool json_ = false;
};

}  // namespace

const Command kMessagesCommand = command<MessagesCommand>(
    "messages", "prints the catalogue of HA log messages",
    "Each line form with its id and status, the template with its arguments, when hasim writes it, "
    "and "
    "what the vendor's note says of it. docs/messages.md tells the same with more words.");

}  // namespace hasim::cli
