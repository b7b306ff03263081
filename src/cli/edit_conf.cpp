#include "cli/edit_conf.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <variant>

#include "conf/configuration.hpp"
#include "host/read_file.hpp"
#include "host/replace_file.hpp"
#include "lab/derived_conf.hpp"

namespace hasim::cli {

namespace {

/// An error that the edit made; nothing when there is none.
std::optional<Finding> new_error(std::string_view before, std::string_view after,
                                 const std::string& path)
{
    const auto errors = [](const conf::Configuration& read) {
        std::vector<Finding> found;
        std::copy_if(read.findings.begin(), read.findings.end(), std::back_inserter(found),
                     [](const Finding& one) { return one.severity == Severity::error; });
        return found;
    };
    const auto old = errors(conf::read(before, path));
    for (Finding& error : errors(conf::read(after, path))) {
        const bool known = std::any_of(old.begin(), old.end(),
                                       [&](const Finding& one) { return one.text == error.text; });
        if (!known) {
            return std::move(error);
        }
    }
    return std::nullopt;
}

}  // namespace

std::string conf_path(const std::string& named)
{
    if (!named.empty()) {
        return named;
    }
    const char* const directory = std::getenv("ChrystokiConfigurationPath");
    return directory != nullptr && *directory != '\0'
               ? (std::filesystem::path(directory) / "Chrystoki.conf").string()
               : std::string();
}

std::string conf_to_edit(const std::string& named)
{
    const std::string path = conf_path(named);
    const auto read = host::read_file(path, conf::kMaxFileBytes);
    const std::string* const text = std::get_if<std::string>(&read);
    const auto origin = text == nullptr ? std::nullopt : lab::origin_of(*text);
    return origin.value_or(path);
}

ConfEdit edit_conf(const std::string& path,
                   const std::function<conf::Edited(std::string_view)>& change, bool force)
{
    host::FileEdit edit(path);
    if (!edit.problem().empty()) {
        return {ExitCode::environment, edit.problem(), {}, false};
    }
    const auto read = host::read_file(path, conf::kMaxFileBytes);
    if (const Finding* const problem = std::get_if<Finding>(&read)) {
        return {ExitCode::environment, to_text(*problem), {}, false};
    }
    const std::string& before = std::get<std::string>(read);
    conf::Edited edited = change(before);
    if (!edited.ok()) {
        return {ExitCode::usage, path + ": " + edited.problem, before, false};
    }
    if (edited.text == before) {
        return {ExitCode::done, {}, before, false};
    }
    if (const auto error = force ? std::nullopt : new_error(before, edited.text, path)) {
        return {ExitCode::usage, path + " was not changed: " + error->text, before, false};
    }
    if (edited.text.size() > conf::kMaxFileBytes) {
        return {ExitCode::usage, path + " was not changed: it would be longer than 1 MiB", before,
                false};
    }
    if (std::string problem = edit.replace(before, edited.text); !problem.empty()) {
        return {ExitCode::environment, std::move(problem), before, false};
    }
    return {ExitCode::done, {}, std::move(edited.text), true};
}

}  // namespace hasim::cli
