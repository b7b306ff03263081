#include "corpus/verify.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/core.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "base/plain_text.hpp"
#include "corpus/manifest.hpp"
#include "hasim/ha_log.hpp"
#include "host/read_file.hpp"
#include "log/catalogue.hpp"

namespace hasim::corpus {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t kMaxFindings = 100;
constexpr std::size_t kMaxFindingsOfAFile = 10;
constexpr std::size_t kMaxLogBytes = std::size_t{1} << 30;

/// A corpus is made of regular files: a pipe may never come, a device never end. -1 for anything else.
int open_regular(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status {};
    if (descriptor >= 0 && (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))) {
        ::close(descriptor);
        return -1;
    }
    return descriptor;
}

/// A name of the manifest or of a label that stays in its folder.
bool is_plain_name(std::string_view name)
{
    return !name.empty() && name != "." && name != ".." &&
           name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

/// A file, line by line, in blocks.
class Lines {
public:
    explicit Lines(const std::string& path) : descriptor_(open_regular(path)) {}
    ~Lines()
    {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;

    bool next(std::string_view& line)
    {
        for (;;) {
            const std::size_t end = buffer_.find('\n', at_);
            if (end != std::string::npos) {
                line = std::string_view(buffer_).substr(at_, end - at_);
                at_ = end + 1;
                return true;
            }
            buffer_.erase(0, at_);
            at_ = 0;
            const std::size_t had = buffer_.size();
            buffer_.resize(had + kBlock);
            const ssize_t got =
                descriptor_ < 0 ? 0 : ::read(descriptor_, buffer_.data() + had, kBlock);
            buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
            if (got <= 0 || buffer_.size() > kMostPerLine) {
                return false;
            }
        }
    }

private:
    static constexpr std::size_t kBlock = std::size_t{256} << 10;
    static constexpr std::size_t kMostPerLine = std::size_t{64} << 20;
    int descriptor_;
    std::string buffer_;
    std::size_t at_ = 0;
};

/// A list of ids, in little memory: two lists with one tally are the same, but for one chance in 2^64.
struct IdsTally {
    std::uint64_t count = 0;
    std::uint64_t mixed = 0;

    void add(std::uint64_t id)
    {
        ++count;
        mixed = (mixed ^ id) * 0x9e3779b97f4a7c15U;
        mixed ^= mixed >> 32;
    }
    friend bool operator==(const IdsTally&, const IdsTally&) = default;
};

std::optional<std::string> digest_of(const std::string& path, std::uint64_t& size)
{
    const int descriptor = open_regular(path);
    if (descriptor < 0) {
        return std::nullopt;
    }
    Digest digest;
    std::string block(std::size_t{1} << 20, '\0');
    size = 0;
    ssize_t got = 0;
    while ((got = ::read(descriptor, block.data(), block.size())) > 0) {
        digest.add(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
        size += static_cast<std::uint64_t>(got);
    }
    ::close(descriptor);
    return got < 0 ? std::nullopt : std::optional(digest.text());
}

bool has_noise(const json::object& row, std::string_view name)
{
    const json::value& noise = row.at("noise");
    return noise.is_array() && std::ranges::any_of(noise.as_array(), [&](const json::value& one) {
               return one.is_string() && std::string_view(one.as_string()) == name;
           });
}

bool is_text(const json::value& value, std::string_view text)
{
    return value.is_string() && std::string_view(value.as_string()) == text;
}

/// What in `row` is not so in `line`; empty when all of it is.
std::string mismatch(const json::object& row, const log::ParsedLine& line)
{
    const log::Message& message = log::kCatalogue[static_cast<std::size_t>(line.form)];
    if (!is_text(row.at("message"), message.id) || !is_text(row.at("form"), message.name)) {
        return "message";
    }
    if (json::value_to<std::uint64_t>(row.at("pid")) != line.pid.value) {
        return "pid";
    }
    if (!is_text(row.at("group"), line.group.text())) {
        return "group";
    }
    if (!is_text(row.at("member"), line.member.text())) {
        return "member";
    }
    const std::uint64_t attempt =
        row.at("attempt").is_null() ? 0 : json::value_to<std::uint64_t>(row.at("attempt"));
    if (attempt != line.attempt) {
        return "attempt";
    }
    const std::string code = fmt::format("0x{:08x}", static_cast<std::uint32_t>(line.code));
    const bool code_fits =
        log::has_code(line.form) ? is_text(row.at("code"), code) : row.at("code").is_null();
    return code_fits ? "" : "code";
}

class Verifying {
public:
    explicit Verifying(const std::string& directory) : directory_(directory) {}

    VerifyOutcome run()
    {
        const std::vector<std::string> names = manifests();
        if (names.empty()) {
            outcome_.unreadable = true;
            add(directory_, 0,
                "holds no manifest.json: this is no corpus, or it is not whole; make it again with "
                "hasim corpus --force");
            return std::move(outcome_);
        }
        std::set<std::uint64_t> shards;
        std::uint64_t wanted = 1;
        for (const std::string& name : names) {
            const std::string path = place(name);
            const auto text = host::read_file(path, kMaxManifestBytes, host::Content::bytes,
                                              host::From::regular_file);
            if (const Finding* finding = std::get_if<Finding>(&text)) {
                return unreadable(*finding);
            }
            if (!is_unedited(std::get<std::string>(text))) {
                add(path, 0,
                    "was edited, or is not whole: its last line is not the digest of the rest");
            }
            const auto manifest = read_manifest(path, std::get<std::string>(text));
            if (const Finding* finding = std::get_if<Finding>(&manifest)) {
                return unreadable(*finding);
            }
            check(std::get<Manifest>(manifest));
            shards.insert(std::get<Manifest>(manifest).request.shard);
            wanted = std::get<Manifest>(manifest).request.shards;
        }
        if (shards.size() != wanted) {
            add(directory_, 0, fmt::format("holds {} of {} shards", shards.size(), wanted));
        }
        look_for_others();
        return std::move(outcome_);
    }

private:
    [[nodiscard]] std::string place(const std::string& name) const
    {
        return (fs::path(directory_) / name).string();
    }

    VerifyOutcome unreadable(const Finding& finding)
    {
        outcome_.unreadable = true;
        outcome_.findings.push_back(finding);
        return std::move(outcome_);
    }

    std::vector<std::string> manifests() const
    {
        std::vector<std::string> names;
        std::error_code error;
        for (const fs::directory_entry& entry : fs::directory_iterator(directory_, error)) {
            const std::string name = entry.path().filename().string();
            if (name.starts_with("manifest") && name.ends_with(".json")) {
                names.push_back(name);
            }
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    void add(const std::string& file, std::uint64_t line, std::string text)
    {
        // One broken file must not hide what is wrong with the others.
        if (++told_[file] <= kMaxFindingsOfAFile && outcome_.findings.size() < kMaxFindings) {
            outcome_.findings.push_back(
                {file, static_cast<std::uint32_t>(line), 0, Severity::error, std::move(text)});
        }
    }

    void check(const Manifest& manifest)
    {
        for (const FileEntry& file : manifest.files) {
            const bool inside =
                file.path.starts_with("ws-") && file.path.find("..") == std::string::npos;
            std::uint64_t size = 0;
            const auto digest = inside ? digest_of(place(file.path), size) : std::nullopt;
            known_.insert(file.path);
            ++outcome_.files;
            if (!digest) {
                add(place(file.path), 0,
                    "is missing or cannot be read, though the manifest lists it");
            } else if (size != file.bytes) {
                add(place(file.path), 0,
                    fmt::format("has {} bytes instead of {}", size, file.bytes));
            } else if (*digest != file.digest) {
                add(place(file.path), 0,
                    "is not what was written: its digest differs from the manifest's");
            }
        }
        std::uint64_t lines = 0;
        for (const WorkstationSummary& workstation : manifest.workstations) {
            lines += workstation.lines;
            if (is_plain_name(workstation.name) && workstation.name.starts_with("ws-")) {
                check_labels(workstation);
            } else {
                add(directory_, 0,
                    fmt::format(
                        "the manifest names a workstation {}, which is no folder of a corpus",
                        in_quotes(workstation.name)));
            }
        }
        if (lines != manifest.lines) {
            add(directory_, 0, "the manifest contradicts itself about the number of lines");
        }
    }

    void check_labels(const WorkstationSummary& workstation)
    {
        const std::string path = place(workstation.name + "/labels.jsonl");
        Lines lines(path);
        std::string_view text;
        std::uint64_t row = 0;
        log_name_.clear();
        caused_.clear();
        while (lines.next(text)) {
            ++row;
            try {
                check_row(workstation.name,
                          json::parse(json::string_view(text.data(), text.size())).as_object(), row,
                          path);
            } catch (const std::exception& exception) {
                add(path, row, fmt::format("is no label: {}", exception.what()));
            }
        }
        outcome_.lines += row;
        if (row != workstation.lines) {
            add(path, 0, fmt::format("has {} rows instead of {}", row, workstation.lines));
        }
        check_outages(workstation);
    }

    void check_row(const std::string& name, const json::object& row, std::uint64_t number,
                   const std::string& path)
    {
        const auto file = json::value_to<std::string>(row.at("file"));
        if (file != log_name_) {
            open_log(name, file);
        }
        const auto offset = json::value_to<std::uint64_t>(row.at("offset"));
        const auto line = json::value_to<std::uint64_t>(row.at("line"));
        if (json::value_to<std::uint64_t>(row.at("id")) != number) {
            add(path, number, "its id is not the number of its row");
        }
        if (offset >= log_.size() || offset < counted_to_) {
            add(path, number, fmt::format("offset {} is outside of {}", offset, file));
            return;
        }
        lines_ += static_cast<std::uint64_t>(
            std::count(log_.begin() + static_cast<std::ptrdiff_t>(counted_to_),
                       log_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
        counted_to_ = offset;
        if (lines_ + 1 != line) {
            add(path, number,
                fmt::format("offset {} is in line {}, not {}", offset, lines_ + 1, line));
        }
        if (!row.at("outage").is_null()) {
            caused_[json::value_to<std::uint64_t>(row.at("outage"))].add(number);
        }
        if (row.at("form").is_null() || has_noise(row, "torn")) {
            return;
        }
        std::string_view text = std::string_view(log_).substr(offset);
        text = text.substr(0, text.find('\n'));
        log::ParsedLine parsed;
        if (log::parse_line(text.ends_with('\r') ? text.substr(0, text.size() - 1) : text,
                            parsed) != log::LineKind::record) {
            add(path, number, fmt::format("there is no record at {}:{}", file, line));
        } else if (const std::string part = mismatch(row, parsed); !part.empty()) {
            add(path, number, fmt::format("its {} is not that of {}:{}", part, file, line));
        }
    }

    void open_log(const std::string& workstation, const std::string& file)
    {
        log_name_ = file;
        log_.clear();
        lines_ = 0;
        counted_to_ = 0;
        if (is_plain_name(file)) {
            auto text = host::read_file(place(workstation + "/" + file), kMaxLogBytes,
                                        host::Content::bytes, host::From::regular_file);
            if (std::string* whole = std::get_if<std::string>(&text)) {
                log_ = std::move(*whole);
            }
        }
    }

    void check_outages(const WorkstationSummary& workstation)
    {
        const std::string path = place(workstation.name + "/outages.jsonl");
        Lines lines(path);
        std::string_view text;
        std::uint64_t row = 0;
        while (lines.next(text)) {
            ++row;
            try {
                const json::value read = json::parse(json::string_view(text.data(), text.size()));
                const json::object& outage = read.as_object();
                IdsTally named;
                for (const json::value& line : outage.at("lines").as_array()) {
                    named.add(json::value_to<std::uint64_t>(line));
                }
                const auto id = json::value_to<std::uint64_t>(outage.at("id"));
                if (id != row || named != caused_[id] ||
                    json::value_to<std::uint64_t>(outage.at("count")) != named.count) {
                    add(path, row, "its lines are not those whose labels name it");
                }
                caused_.erase(id);
            } catch (const std::exception& exception) {
                add(path, row, fmt::format("is no outage: {}", exception.what()));
            }
        }
        if (row != workstation.outages || !caused_.empty()) {
            add(path, 0,
                fmt::format("has {} rows instead of {}, or labels name others", row,
                            workstation.outages));
        }
    }

    /// What is there and in no manifest would be read as a part of the corpus.
    void look_for_others()
    {
        std::error_code error;
        fs::recursive_directory_iterator entry(directory_, error);
        for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
            std::error_code unknown;
            const std::string path = entry->path().lexically_relative(directory_).string();
            const bool manifest = path.starts_with("manifest") && path.ends_with(".json");
            // A link to a folder is none: what it leads to is in no manifest.
            const bool folder = entry->is_directory(unknown) && !entry->is_symlink(unknown);
            if (!folder && !manifest && !known_.contains(path)) {
                add(place(path), 0, "is in no manifest");
            }
        }
        if (error) {
            add(directory_, 0, "cannot be searched for other files: " + error.message());
        }
    }

    std::string directory_;
    VerifyOutcome outcome_;
    std::map<std::string, std::size_t> told_;  ///< findings, by file
    std::set<std::string> known_;
    std::string log_name_;
    std::string log_;
    std::uint64_t lines_ = 0;  ///< newlines before counted_to_
    std::uint64_t counted_to_ = 0;
    std::map<std::uint64_t, IdsTally> caused_;  ///< lines whose labels name an outage
};

}  // namespace

VerifyOutcome verify_corpus(const std::string& directory)
{
    return Verifying(directory).run();
}

}  // namespace hasim::corpus
