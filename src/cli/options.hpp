/// What a command takes on its command line: declared once, read by parse(), printed by help_text().
///
///     options.positional("FILE", files_, "logs to read");
///     options.number("--seed", "N", seed_, 0, 1000, "what the random draws start from");
///     options.flag("--json", json_, "print JSON");
///
/// Each declaration binds a variable that keeps its value when the option is absent; that value is the default that
/// the help shows. Values are checked while they are read, so a command's run() sees only good ones.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hasim::cli {

/// Takes one value; the answer is empty, or what is wrong with it ("is not a whole number from 1 to 9").
using ReadValue = std::function<std::string(std::string_view)>;

/// What a shell offers where a value is typed.
enum class Offer : std::uint8_t {
    by_name,      ///< files for FILE, PATH and PAGE, directories for DIR, else nothing
    words,        ///< those declared
    files,        ///< any path
    directories,  ///< paths of directories
    programs,     ///< a program, and then what that takes
    nothing,
};

/// One declared option or positional argument.
struct OptionDeclaration {
    std::string name;          ///< "--seed", or "FILE" for a positional argument
    std::string value;         ///< what the help calls the value; empty for a flag
    std::string help;          ///< one or more phrases; no full stop
    std::string default_text;  ///< shown as (default: ...); empty: not shown
    bool required = false;
    bool repeated = false;  ///< may stand, or be given, more than once
    bool verbatim = false;  ///< from its first word on nothing is an option
    ReadValue read;
    std::vector<std::string> words{};  ///< what a shell offers with Offer::words
    Offer offered = Offer::by_name;

    [[nodiscard]] bool positional() const { return !name.starts_with('-'); }
    [[nodiscard]] bool flag() const { return value.empty() && !positional(); }
    /// Never by_name.
    [[nodiscard]] Offer offer() const;
};

/// The declarations of one command, in the order of its help text. Bound variables must outlive it.
class Options {
public:
    void flag(std::string name, bool& target, std::string help);
    void text(std::string name, std::string value, std::string& target, std::string help);
    void text(std::string name, std::string value, std::optional<std::string>& target,
              std::string help);
    /// A text that must be given.
    void required_text(std::string name, std::string value, std::string& target, std::string help);
    /// A text that may be given several times.
    void texts(std::string name, std::string value, std::vector<std::string>& target,
               std::string help);
    /// A whole number from `least` to `most`, both included.
    void number(std::string name, std::string value, std::uint64_t& target, std::uint64_t least,
                std::uint64_t most, std::string help);
    void number(std::string name, std::string value, std::optional<std::uint64_t>& target,
                std::uint64_t least, std::uint64_t most, std::string help);
    /// A finite decimal number from `least` to `most`, both included.
    void decimal(std::string name, std::string value, double& target, double least, double most,
                 std::string help);
    /// One of `words`; the help and the error name them all.
    void choice(std::string name, std::vector<std::string> words, std::string& target,
                std::string help);
    /// Anything else: `declaration.read` turns the text into a value.
    void add(OptionDeclaration declaration);

    /// A positional argument that must be given, and one that may be left out.
    void positional(std::string name, std::string& target, std::string help);
    void optional_positional(std::string name, std::string& target, std::string help);
    /// One or more positional arguments; declared last.
    void positionals(std::string name, std::vector<std::string>& target, std::string help);
    /// None or more words, from the first that is no option on, whatever they look like; declared last.
    void rest(std::string name, std::vector<std::string>& target, std::string help);

    /// What a shell offers for the value of what was declared last; it may be something else all the same.
    void offer(std::vector<std::string> words);
    void offer(Offer offered);

    [[nodiscard]] const std::vector<OptionDeclaration>& declarations() const
    {
        return declarations_;
    }

private:
    std::vector<OptionDeclaration> declarations_;
};

/// Reads `arguments` (without the program's and the command's name) into the bound variables. The answer is empty, or
/// what is wrong, in one line with a remedy. `--help` and `-h` are accepted, and set `help` instead.
[[nodiscard]] std::string parse(const Options& options, const std::vector<std::string>& arguments,
                                bool& help);

/// A whole number in decimal digits alone, or nothing.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

}  // namespace hasim::cli
