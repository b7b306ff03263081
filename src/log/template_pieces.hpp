/// Templates of the catalogue, taken apart at compile time: what the formatter and the parser are made from.
#pragma once

#include <array>
#include <string_view>

#include "log/catalogue.hpp"

namespace hasim::log {

/// A run of literal text (which may be empty), and the argument behind it, if any.
struct Piece {
    std::string_view literal;
    bool has_argument = false;
    ArgumentKind argument = ArgumentKind::serial;
};

inline constexpr std::size_t kMaxPieces = 5;

struct Pieces {
    std::array<Piece, kMaxPieces> list{};
    std::size_t count = 0;
};

/// What stands between stamp, pid, group serial and the rest of a line.
inline constexpr std::string_view kBeforePid = " : [";
inline constexpr std::string_view kBeforeGroup = "] HA group: ";

/// The kind that `placeholder` ("<Integer>") stands for. Anything else does not compile.
constexpr ArgumentKind kind_of_placeholder(std::string_view placeholder)
{
    if (placeholder == "<SerialNumber>") {
        return ArgumentKind::serial;
    }
    if (placeholder == "<Integer>") {
        return ArgumentKind::attempt;
    }
    if (placeholder == "<ErrorCodeHex>") {
        return ArgumentKind::code_hex;
    }
    if (placeholder == "<ErrorCodeString>") {
        return ArgumentKind::code_name;
    }
    throw "a template names an unknown placeholder";
}

/// The pieces of a template after its <MessagePrefix>; the first literal starts with the blank behind the prefix.
constexpr Pieces split_template(std::string_view text)
{
    if (text.substr(0, kPrefixPlaceholder.size()) != kPrefixPlaceholder) {
        throw "a template does not start with the message prefix";
    }
    text.remove_prefix(kPrefixPlaceholder.size());
    Pieces pieces;
    while (!text.empty()) {
        Piece& piece = pieces.list.at(pieces.count++);
        const std::size_t open = text.find('<');
        piece.literal = text.substr(0, open);
        if (open == std::string_view::npos) {
            break;
        }
        const std::size_t close = text.find('>', open);
        piece.has_argument = true;
        piece.argument = kind_of_placeholder(text.substr(open, close + 1 - open));
        text.remove_prefix(close + 1);
    }
    return pieces;
}

inline constexpr std::array<Pieces, kLogForms> kPieces = [] {
    std::array<Pieces, kLogForms> all{};
    for (std::size_t i = 0; i < kLogForms; ++i) {
        all[i] = split_template(kCatalogue[i].message_template);
    }
    return all;
}();

}  // namespace hasim::log
