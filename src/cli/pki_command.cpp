// `hasim pki`: certificates for mutual TLS between a simulated client and simulated appliances.
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "base/plain_text.hpp"
#include "cli/commands.hpp"
#include "host/new_files.hpp"
#include "tls/certificates.hpp"

namespace hasim::cli {

namespace {

namespace fs = std::filesystem;

/// A file to be made, and what is said of it.
struct PkiFile {
    std::string_view name;
    std::string_view what;
    std::string text;
    bool secret = false;
};

std::vector<PkiFile> files_of(tls::Pki pki)
{
    return {
        {"ca.pem", "the CA: both sides trust it", std::move(pki.ca.certificate)},
        {"ca-key.pem", "its private key", std::move(pki.ca.key), true},
        {"appliance.pem", "certificate of the appliances", std::move(pki.appliance.certificate)},
        {"appliance-key.pem", "its private key", std::move(pki.appliance.key), true},
        {"appliance-expired.pem", "the same, but it has expired", std::move(pki.expired_appliance)},
        {"client.pem", "certificate of the client", std::move(pki.client.certificate)},
        {"client-key.pem", "its private key", std::move(pki.client.key), true},
        {"client-expired.pem", "the same, but it has expired", std::move(pki.expired_client)},
    };
}

class PkiCommand final : public CommandBody {
public:
    void declare(Options& options) override
    {
        options.positional("DIR", directory_, "where the files are made; it is made when missing");
        options.number("--days", "N", days_, 1, 36'500, "how many days the certificates are valid");
        options.text("--client", "NAME", client_, "common name of the client's certificate");
        options.flag("--force", force_, "replace files that exist");
    }

    ExitCode run(Console& console) override
    {
        if (const std::string wrong = tls::wrong_name(client_); !wrong.empty()) {
            console.error(fmt::format("--client: {} {}; give a name of 1 to {} characters",
                                      in_quotes(client_), wrong, tls::kLongestName));
            return ExitCode::usage;
        }
        std::error_code unknown;
        const fs::path directory = fs::absolute(directory_, unknown).lexically_normal();
        if (directory_.empty() || unknown) {
            console.error("DIR names no directory; give one, such as pki");
            return ExitCode::usage;
        }
        const std::vector<PkiFile> shown = files_of({});
        if (!may_be_made(directory, shown, console)) {
            return ExitCode::usage;
        }
        auto made = tls::make_pki(
            {.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
             .days = static_cast<std::uint32_t>(days_),
             .client_name = client_});
        if (const auto* error = std::get_if<std::string>(&made)) {
            console.error("certificates cannot be made: " + *error);
            return ExitCode::environment;
        }
        return make(directory, files_of(std::get<tls::Pki>(std::move(made))), console);
    }

private:
    bool may_be_made(const fs::path& directory, const std::vector<PkiFile>& files,
                     Console& console) const
    {
        std::error_code error;
        const fs::file_status status = fs::status(directory, error);
        if (fs::exists(status) && !fs::is_directory(status)) {
            console.error(directory.string() + ": is no directory; name another");
            return false;
        }
        for (const PkiFile& file : files) {
            const fs::path path = directory / file.name;
            if (!force_ && fs::exists(fs::symlink_status(path, error))) {
                console.error(path.string() +
                              ": exists already; name another directory, or give --force to "
                              "replace what is there");
                return false;
            }
        }
        return true;
    }

    ExitCode make(const fs::path& directory, std::vector<PkiFile> files, Console& console) const
    {
        std::error_code error;
        fs::create_directories(directory, error);
        if (error) {
            console.error(directory.string() + ": cannot be made: " + error.message());
            return ExitCode::environment;
        }
        std::vector<host::NewFile> wanted;
        std::string said;
        for (PkiFile& file : files) {
            const std::string path = (directory / file.name).string();
            said += fmt::format("{:<22} {}\n", file.name, file.what);
            wanted.push_back({path, std::move(file.text), file.secret});
        }
        const auto standing = force_ ? host::Standing::replaced : host::Standing::kept;
        if (const std::string wrong = host::make_files(wanted, standing); !wrong.empty()) {
            console.error(wrong);
            return ExitCode::environment;
        }
        console.write(
            fmt::format("{}\n"
                        "In the section `LunaSA Client` of Chrystoki.conf:\n"
                        "    ServerCAFile = {};\n"
                        "    ClientCertFile = {};\n"
                        "    ClientPrivKeyFile = {};\n",
                        said, (directory / "ca.pem").string(), (directory / "client.pem").string(),
                        (directory / "client-key.pem").string()));
        return ExitCode::done;
    }

    std::string directory_;
    std::uint64_t days_ = 365;
    std::string client_ = "hasim-client";
    bool force_ = false;
};

}  // namespace

const Command kPkiCommand = command<PkiCommand>(
    "pki", "makes certificates for TLS between client and appliances",
    "Makes a CA, a certificate for appliances and one for the client, with their private keys, "
    "and of both a certificate that expired a day ago. For tests and training alone: the CA's key "
    "lies beside the rest, and nothing is ever revoked.");

}  // namespace hasim::cli
