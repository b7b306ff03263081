#include "cli/man_page.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/declared_command.hpp"
#include "cli/help.hpp"

namespace hasim::cli {
namespace {

std::string page_name(std::string_view command)
{
    std::string name = "hasim-" + std::string(command);
    std::ranges::replace(name, ' ', '-');
    return name;
}

std::string upper_case(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    return text;
}

std::string heading(const std::string& name, std::string_view summary, std::string_view version)
{
    return fmt::format(
        ".\\\" Made by \"hasim man\" from the options of the program.\n"
        ".TH {} 1 \"\" \"hasim {}\" \"hasim\"\n"
        ".SH NAME\n{} \\- {}\n",
        roff_text(upper_case(name)), version, roff_text(name), roff_text(summary));
}

// Paragraphs are parted by empty lines, as in the help texts.
std::string paragraphs(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const std::size_t end = text.find("\n\n");
        result += ".PP\n" + roff_text(text.substr(0, end)) + '\n';
        text.remove_prefix(std::min(end == std::string_view::npos ? end : end + 2, text.size()));
    }
    return result;
}

// What is typed as it stands is bold, what stands for something else is slanted.
std::string term(const OptionDeclaration& declaration)
{
    if (declaration.positional()) {
        return "\\fI" + roff_text(declaration.name) + "\\fR";
    }
    const std::string name = "\\fB" + roff_text(declaration.name) + "\\fR";
    return declaration.value.empty() ? name
                                     : name + " \\fI" + roff_text(declaration.value) + "\\fR";
}

std::string entry(const std::string& term, std::string_view text)
{
    return ".TP\n" + term + '\n' + roff_text(text) + '\n';
}

std::string declarations(const Options& options, bool positional)
{
    std::string rows;
    for (const OptionDeclaration& declaration : options.declarations()) {
        if (declaration.positional() == positional) {
            rows += entry(term(declaration), explained(declaration));
        }
    }
    return rows;
}

std::string exit_status()
{
    std::string rows;
    for (const HelpRow& row : exit_statuses()) {
        rows += entry("\\fB" + row.term + "\\fR", row.text);
    }
    return ".SH EXIT STATUS\n" + rows;
}

std::string environment()
{
    static const std::array rows{
        HelpRow{"ChrystokiConfigurationPath",
                "the directory of the Chrystoki.conf that is read where no --conf is given"},
        HelpRow{"HASIM_PKCS11_MODULE",
                "set by hasim exec for its command: the PKCS#11 module to load"},
        HelpRow{"HASIM_LOG", "where that module writes diagnostics; - is standard error"},
        HelpRow{"NO_COLOR", "when set, diagnostics have no colours"},
        HelpRow{"TMPDIR", "where hasim exec makes its temporary folder"},
        HelpRow{"TZ", "the zone of the stamps of the HA log"},
        HelpRow{"XDG_RUNTIME_DIR", "where hasim ctl finds the hasim that runs"},
    };
    std::string text = ".SH ENVIRONMENT\n";
    for (const HelpRow& row : rows) {
        text += entry("\\fB" + roff_text(row.term) + "\\fR", row.text);
    }
    return text;
}

ManPage main_page(const std::vector<Command>& commands, std::string_view version)
{
    std::string text = heading(
        "hasim", "the HA client of a Luna Network HSM against simulated appliances", version);
    text +=
        ".SH SYNOPSIS\n.B hasim\n\\fICOMMAND\\fR [options]\n.br\n.B hasim \\-\\-conf\n\\fIFILE\\fR "
        "...\n";
    text += ".br\n.B hasim help\n[\\fICOMMAND\\fR]\n.br\n.B hasim \\-\\-version\n.SH DESCRIPTION\n";
    text += roff_text(
        "hasim is the HA client sub-system of a Luna Network HSM that runs without a Luna: it "
        "reads a "
        "Chrystoki.conf, talks over TCP to simulated appliances, drops, fails over, recovers and "
        "logs in, "
        "and writes the documented lines to haErrorLog.txt.");
    text +=
        '\n' + paragraphs(
                   "With options alone it is the command run; with nothing it says how to start. "
                   "Results go to standard output, everything else to standard error.");
    text += ".SH COMMANDS\n";
    for (const Command& command : commands) {
        text += entry("\\fB" + roff_text(command.name) + "\\fR",
                      fmt::format("{}; see {}(1)", command.summary, page_name(command.name)));
    }
    text += exit_status() + environment();
    text +=
        ".SH EXAMPLES\n.PP\nA client with any configuration, and an outage from another terminal:\n"
        ".PP\n.EX\nhasim run \\-\\-conf Chrystoki.conf \\-\\-log\\-dir halog\n"
        "hasim ctl \\(aqhsm2 cable out\\(aq\nhasim ctl \\(aqheal all\\(aq\n.EE\n";
    return {"hasim", text};
}

ManPage command_page(const Command& command, std::string_view version)
{
    const DeclaredCommand declared(command);
    const Options& options = declared.options();
    const std::string name = page_name(command.name);
    std::string text = heading(name, command.summary, version);
    text += ".SH SYNOPSIS\n" + roff_text(synopsis(command, options)) + '\n';
    text += ".SH DESCRIPTION\n" +
            roff_text(fmt::format("hasim {} {}.", command.name, command.summary)) + '\n';
    text += paragraphs(command.details);
    if (const std::string rows = declarations(options, true); !rows.empty()) {
        text += ".SH ARGUMENTS\n" + rows;
    }
    text += ".SH OPTIONS\n" + declarations(options, false);
    text += entry("\\fB\\-\\-help\\fR", "print a short form of this page");
    text += exit_status() + ".SH SEE ALSO\n.BR hasim (1)\n";
    return {name, text};
}

}  // namespace

std::string roff_text(std::string_view text)
{
    std::string result;
    bool line_begins = true;
    for (const char letter : text) {
        if (line_begins && (letter == '.' || letter == '\'')) {
            result += "\\&";
        }
        line_begins = letter == '\n';
        switch (letter) {
        case '\\': result += "\\e"; break;
        case '-': result += "\\-"; break;
        case '\'': result += "\\(aq"; break;
        case '`': result += "\\(ga"; break;
        case '^': result += "\\(ha"; break;
        case '~': result += "\\(ti"; break;
        case '"': result += "\\(dq"; break;
        case '|': result += "|\\:"; break;  // a list of words may be parted there
        default: result += letter;
        }
    }
    return result;
}

std::vector<ManPage> man_pages(const std::vector<Command>& commands, std::string_view version)
{
    std::vector<ManPage> pages{main_page(commands, version)};
    for (const Command& command : commands) {
        pages.push_back(command_page(command, version));
    }
    return pages;
}

}  // namespace hasim::cli
