#include <optional>

#include <fmt/core.h>

#include "base/words.hpp"
#include "cli/commands.hpp"
#include "corpus/verify.hpp"
#include "host/parallel.hpp"

namespace hasim::cli {
namespace {

class CorpusVerifyCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.positional("DIR", directory_, "a corpus");
        options.flag("--again", verify_.again,
                     "also make it again from the options of its manifest, on no disk, and compare "
                     "every file");
        options.number("-j", "N", jobs_, 1, 256,
                       "with --again: how many workstations at once; as many as there are cores "
                       "without it");
    }

    ExitCode run(Console& console) override
    {
        verify_.jobs = jobs_.value_or(host::cores());
        const corpus::VerifyOutcome outcome = corpus::verify_corpus(directory_, verify_);
        for (const Finding& finding : outcome.findings) {
            console.diagnostic(to_text(finding));
        }
        if (outcome.unreadable) {
            return ExitCode::usage;
        }
        if (!outcome.findings.empty()) {
            return ExitCode::does_not_hold;
        }
        console.write(fmt::format("{}: {} and {} are as they were made\n", directory_,
                                  counted(outcome.files, "file"), counted(outcome.lines, "line")));
        return ExitCode::done;
    }

private:
    std::string directory_;
    corpus::VerifyOptions verify_;
    std::optional<std::uint64_t> jobs_;
};

}  // namespace

const Command kCorpusVerifyCommand =
    command<CorpusVerifyCommand>("corpus verify", "checks a corpus against its manifest",
                                 "Every file is read and its digest compared; every label is "
                                 "looked up in its log and compared with what the line "
                                 "says; every outage is compared with the labels that name it; "
                                 "what the manifest says is derived from the files again; "
                                 "what is in no manifest is told. A directory of "
                                 "shards must hold all of them.");

}  // namespace hasim::cli
