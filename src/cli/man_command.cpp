// `hasim man`: the manual pages of this very program; packages are made with it.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/man_page.hpp"
#include "host/replace_file.hpp"

namespace hasim::cli {
namespace {

class ManCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.rest("COMMAND", words_, "of which command; hasim(1) itself without it");
        std::vector<std::string> names;
        for (const Command& command : all_commands()) {
            names.emplace_back(command.name.substr(0, command.name.find(' ')));
        }
        names.erase(std::unique(names.begin(), names.end()), names.end());
        options.offer(std::move(names));
        options.text("--out", "DIR", out_, "write every page into that directory, as NAME.1");
    }

    ExitCode run(Console& console) override
    {
        const std::vector<ManPage> pages = man_pages(all_commands(), HASIM_VERSION);
        if (!out_.empty()) {
            return write_all(pages, console);
        }
        std::string name = "hasim";
        for (const std::string& word : words_) {
            name += '-' + word;
        }
        const auto page = std::ranges::find(pages, name, &ManPage::name);
        if (page == pages.end()) {
            console.error(
                fmt::format("there is no page {}; hasim --help lists the commands", name));
            return ExitCode::usage;
        }
        console.write(page->text);
        return ExitCode::done;
    }

private:
    ExitCode write_all(const std::vector<ManPage>& pages, Console& console) const
    {
        if (!words_.empty()) {
            console.error("--out writes every page: leave COMMAND out");
            return ExitCode::usage;
        }
        std::error_code error;
        std::filesystem::create_directories(out_, error);
        if (error) {
            console.error(fmt::format("{}: cannot be made: {}", out_, error.message()));
            return ExitCode::environment;
        }
        for (const ManPage& page : pages) {
            if (const std::string wrong = host::replace_file(
                    (std::filesystem::path(out_) / (page.name + ".1")).string(), page.text);
                !wrong.empty()) {
                console.error(wrong);
                return ExitCode::environment;
            }
        }
        return ExitCode::done;
    }

    std::vector<std::string> words_;
    std::string out_;
};

}  // namespace

const Command kManCommand =
    command<ManCommand>("man", "prints its manual pages",
                        "In the form that man reads: hasim man log parse | man -l -. An installed "
                        "package has them already: man hasim-log-parse.");

}  // namespace hasim::cli
