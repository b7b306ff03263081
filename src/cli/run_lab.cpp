// `hasim appliances --lab`: a lab that stays up, for applications that others start.
#include <unistd.h>
#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "cli/lab_stage.hpp"
#include "cli/run_request.hpp"
#include "cli/run_session.hpp"
#include "cli/run_streams.hpp"

namespace hasim::cli {

namespace {

constexpr std::string_view kEnvironmentName = "env.sh";

/// For a shell: quoted, whatever is in it.
std::string shell_word(std::string_view text)
{
    std::string word = "'";
    for (const char c : text) {
        word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return word + "'";
}

std::string environment_text(const LabStage& lab)
{
    std::string text = "# For a shell:  . env.sh\n";
    for (const auto& [name, value] : lab.environment()) {
        text += fmt::format("export {}={}\n", name, shell_word(value));
    }
    return text;
}

}  // namespace

ExitCode run_lab(const LabRequest& request, PlayInputs inputs, Console& console)
{
    auto opened = LabStage::open(request, inputs, false, console);
    if (const ExitCode* code = std::get_if<ExitCode>(&opened)) {
        return *code;
    }
    LabStage& lab = *std::get<0>(opened);
    LiveStage& stage = lab.stage();
    print_addresses(stage, console);
    RunStreams streams(console, Writing::on_a_thread);
    const RunFacts facts =
        facts_of({request.play, request.log_dir, request.speed, false, false, true, {}}, inputs,
                 lab.log_directory());
    Desk desk(stage, about_run(facts, "lab", inputs.options.start), inputs.conf_text,
              Clients::elsewhere, nullptr);
    lab.session().on_line(desk);
    RunSession session(stage, desk, streams);
    session.on_edited([&] { lab.session().configuration_changed(); });
    session.watch_configuration(inputs.conf_path, inputs.conf_text);
    auto doors = open_doors(stage, desk, facts, request.http);
    if (const std::string* const problem = std::get_if<std::string>(&doors)) {
        console.error(*problem);
        return ExitCode::environment;
    }
    session.introduce(facts, std::get<Doors>(doors));
    // Last: whoever waits for it finds everything else in place.
    if (const std::string problem =
            lab.directory().write(std::string(kEnvironmentName), environment_text(lab));
        !problem.empty()) {
        console.error(problem);
        return ExitCode::environment;
    }
    streams.say(sink::Level::info, fmt::format("ready: applications find the lab with  . {}/{}",
                                               lab.directory().path(), kEnvironmentName));
    stage.play().runner().keep_nothing();
    stage.driver().catch_signals([&](int) { stage.stop(); });
    const int status = stage.run(std::nullopt, false, nullptr);
    session.close();
    const bool interrupted = status != 0 || stage.driver().interrupted();
    static_cast<void>(streams.finish(std::chrono::milliseconds(2000)));
    if (const std::string trouble = lab.session().trouble(); !trouble.empty()) {
        console.error(trouble);
    }
    return interrupted ? ExitCode::interrupted : ExitCode::done;
}

}  // namespace hasim::cli
