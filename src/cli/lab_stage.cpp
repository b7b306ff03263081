#include "cli/lab_stage.hpp"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "cli/run_request.hpp"
#include "scenario/faults.hpp"
#include "sim/world/domains.hpp"
#include "tls/context.hpp"

namespace hasim::cli {

namespace {

constexpr std::string_view kModuleName = "libhasim_pkcs11.so";

/// The module that was built or installed with this program; empty when there is none.
std::string find_module()
{
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    const fs::path folder = program.parent_path();
    for (const fs::path& candidate :
         {folder / kModuleName, folder.parent_path() / HASIM_LIBRARY_FOLDER / kModuleName}) {
        if (fs::exists(candidate, error)) {
            return candidate.string();
        }
    }
    return {};
}

/// What the appliances of a lab show, beside the client's files: as `hasim pki` makes them.
std::string beside(const Settings& settings, std::string_view name)
{
    return (std::filesystem::path(settings.server_ca_file).parent_path() / name).string();
}

/// The configuration names the client's three files, and beside them are those of the appliances.
bool has_tls(const Settings& settings)
{
    std::error_code error;
    return !settings.server_ca_file.empty() && !settings.client_cert_file.empty() &&
           !settings.client_key_file.empty() &&
           std::filesystem::exists(beside(settings, "appliance.pem"), error);
}

lab::TlsFiles tls_files(const Settings& settings)
{
    if (!has_tls(settings)) {
        return {};
    }
    const auto whole = [](const std::string& path) {
        std::error_code error;
        return std::filesystem::absolute(path, error).string();
    };
    return {whole(settings.server_ca_file), whole(settings.client_cert_file),
            whole(settings.client_key_file)};
}

/// Empty, or what is wrong with the files.
std::string use_tls(const Settings& settings, live::TcpNetwork& network, Console& console)
{
    if (!has_tls(settings)) {
        if (!settings.server_ca_file.empty()) {
            console.info(
                "hasim: no appliance.pem beside ServerCAFile: connections are not TLS "
                "(`hasim pki DIR` makes what it takes)");
        }
        return {};
    }
    const auto context = [&](std::string_view certificate) {
        return tls::Context::from_files(tls::Role::server,
                                        {settings.server_ca_file, beside(settings, certificate),
                                         beside(settings, "appliance-key.pem")});
    };
    auto good = context("appliance.pem");
    auto expired = context("appliance-expired.pem");
    for (auto* one : {&good, &expired}) {
        if (std::string* problem = std::get_if<std::string>(one)) {
            return std::move(*problem);
        }
    }
    network.use_server_tls(std::get<tls::Context>(std::move(good)),
                           std::get<tls::Context>(std::move(expired)));
    return {};
}

/// What a scenario may say that has no meaning where the application is another process.
std::string not_for_a_lab(const Scenario& scenario)
{
    for (const Event& event : scenario.events) {
        const scenario::FaultInfo& fault = scenario::fault_info(event.fault.kind);
        if (fault.chapter == scenario::FaultChapter::client ||
            fault.chapter == scenario::FaultChapter::machine) {
            return fmt::format(
                "{}:{}: '{}' is done to hasim's own client and its machine; here the application "
                "is the client, so leave the line out",
                event.place.line, event.place.column, fault.words);
        }
    }
    return {};
}

}  // namespace

std::variant<std::unique_ptr<LabStage>, ExitCode> LabStage::open(const LabRequest& request,
                                                                 PlayInputs& inputs, bool waits,
                                                                 Console& console)
{
    const auto fails = [&](const std::string& why, ExitCode code) {
        console.error(why);
        return code;
    };
    if (std::string wrong = not_for_a_lab(inputs.options.scenario); !wrong.empty()) {
        return fails(request.play.scenario + ":" + wrong, ExitCode::usage);
    }
    const std::string module = find_module();
    if (module.empty()) {
        return fails(fmt::format("{} is not beside this program; build the target hasim_module",
                                 kModuleName),
                     ExitCode::environment);
    }
    const RunRequest run{request.play, request.log_dir, request.speed, false, request.force};
    const auto log = speed_is_sane(run, inputs.options, console)
                         ? log_directory_for(run, inputs, console,
                                             waits ? "only the scorecard has the lines"
                                                   : "and no lines are written")
                         : std::nullopt;
    if (!log) {
        return ExitCode::usage;
    }
    auto made =
        request.lab.empty() ? lab::LabDirectory::temporary() : lab::LabDirectory::at(request.lab);
    if (const std::string* problem = std::get_if<std::string>(&made)) {
        return fails(*problem, ExitCode::environment);
    }
    std::unique_ptr<LabStage> lab(new LabStage(std::get<lab::LabDirectory>(std::move(made))));
    auto loaded = token::TokenModule::load({request.token_module, lab->directory_.path(),
                                            sim::count_domains(inputs.options.settings)});
    if (const std::string* problem = std::get_if<std::string>(&loaded)) {
        return fails(*problem, ExitCode::environment);
    }
    inputs.options.start = std::chrono::system_clock::now();
    std::error_code error;
    lab->module_ = module;
    lab->log_directory_ =
        log->empty() ? std::string{} : std::filesystem::absolute(*log, error).string();
    lab->stage_ =
        std::make_unique<LiveStage>(inputs.options, request.speed, std::get<0>(std::move(loaded)));
    const std::string origin = inputs.conf_path.empty()
                                   ? std::string{}
                                   : std::filesystem::absolute(inputs.conf_path, error).string();
    lab->session_ = std::make_unique<ExecSession>(*lab->stage_, lab->directory_,
                                                  lab->log_directory_, request.speed, waits,
                                                  tls_files(inputs.options.settings), origin);
    std::string problem = use_tls(inputs.options.settings, lab->stage_->network(), console);
    if (!problem.empty()) {
        return fails(problem, ExitCode::usage);
    }
    problem = lab->stage_->listen(inputs.options.scenario.port, request.http.address.has_value());
    if (problem.empty()) {
        problem = lab->session_->prepare();
    }
    if (!problem.empty()) {
        return fails(problem, ExitCode::environment);
    }
    return lab;
}

std::vector<std::pair<std::string, std::string>> LabStage::environment() const
{
    return {{"ChrystokiConfigurationPath", directory_.path()},
            {"HASIM_PKCS11_MODULE", module_},
            {"PKCS11_MODULE_PATH", module_}};
}

}  // namespace hasim::cli
