#include "corpus/verify.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "base/plain_text.hpp"
#include "corpus/corpus_file.hpp"
#include "corpus/json_difference.hpp"
#include "corpus/label_check.hpp"
#include "corpus/make.hpp"
#include "corpus/manifest.hpp"
#include "host/parallel.hpp"
#include "host/read_file.hpp"

namespace hasim::corpus {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFindings = 100;
constexpr std::size_t kMaxFindingsOfAFile = 10;

class Verifying {
public:
    Verifying(const std::string& directory, const VerifyOptions& options)
        : directory_(directory), options_(options)
    {
    }

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
        std::string first;  // what the first manifest is of
        for (const std::string& name : names) {
            const std::string path = place(name);
            const auto read = host::read_file(path, kMaxManifestBytes, host::Content::bytes,
                                              host::From::regular_file);
            if (const Finding* finding = std::get_if<Finding>(&read)) {
                return unreadable(*finding);
            }
            const std::string& text = std::get<std::string>(read);
            auto manifest = read_manifest(path, text);
            if (const Finding* finding = std::get_if<Finding>(&manifest)) {
                return unreadable(*finding);
            }
            const std::string corpus = corpus_of(std::get<Manifest>(manifest).request);
            if (first.empty()) {
                first = corpus;
            } else if (corpus != first) {
                add(path, 0, "is of another corpus: its options are not those of " + names.front());
            }
            check(path, text, std::get<Manifest>(manifest));
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
        fs::directory_iterator entry(directory_, error);
        for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
            const std::string name = entry->path().filename().string();
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

    /// Derives from the files all that a manifest can say of them, and compares.
    void check(const std::string& path, const std::string& text, Manifest& manifest)
    {
        if (!is_unedited(text)) {
            add(path, 0,
                "was edited, or is not whole: its last line is not the digest of the rest");
        }
        if (const std::vector<Finding> wrong = complete(manifest.request); !wrong.empty()) {
            add(path, 0, "names options that make no corpus: " + wrong.front().text);
            return;
        }
        const CorpusRequest& request = manifest.request;
        const ShardRange range = shard_range(request.workstations, request.shard, request.shards);
        if (manifest.workstations != range.last + 1 - range.first) {
            add(path, 0,
                fmt::format("lists {} workstations, and its options are of {}",
                            manifest.workstations, range.last + 1 - range.first));
            return;
        }
        std::map<std::string, std::uint64_t> log_bytes = check_files(manifest);
        std::vector<WorkstationResult> results;
        for (std::uint64_t number = range.first; number <= range.last; ++number) {
            const std::string name = corpus::workstation_name(number);
            WorkstationResult result =
                LabelCheck(place(name), [this](const std::string& file, std::uint64_t line,
                                               std::string what) {
                    add(file, line, std::move(what));
                }).run();
            result.number = number;
            result.seed =
                corpus::draw_workstation(request.profile, request.shape, request.seed, number).seed;
            result.log_bytes = log_bytes[name];
            outcome_.lines += result.lines;
            results.push_back(std::move(result));
        }
        // The files were compared one by one.
        for (const std::string& difference :
             manifest_differences(text, manifest_text(request, manifest.version, results))) {
            add(path, 0, difference);
        }
        if (options_.again) {
            make_again(path, manifest, range);
        }
    }

    /// Every file against its entry; the bytes of logs, by workstation.
    std::map<std::string, std::uint64_t> check_files(const Manifest& manifest)
    {
        std::map<std::string, std::uint64_t> log_bytes;
        for (const FileEntry& file : manifest.files) {
            const std::size_t slash = file.path.find('/');
            const std::string folder = file.path.substr(0, slash);
            const bool inside = file.path.starts_with("ws-") && slash != std::string::npos &&
                                file.path.find("..") == std::string::npos;
            const auto found = inside ? digest_of(place(file.path)) : std::nullopt;
            known_.insert(file.path);
            ++outcome_.files;
            if (!found) {
                add(place(file.path), 0,
                    "is missing or cannot be read, though the manifest lists it");
                continue;
            }
            if (found->bytes != file.bytes) {
                add(place(file.path), 0,
                    fmt::format("has {} bytes instead of {}", found->bytes, file.bytes));
            } else if (found->digest != file.digest) {
                add(place(file.path), 0,
                    "is not what was written: its digest differs from the manifest's");
            }
            if (file.path.ends_with(".txt")) {
                log_bytes[folder] += found->bytes;
            }
        }
        return log_bytes;
    }

    /// Makes every workstation again, on no disk, and compares the files it would have.
    void make_again(const std::string& path, const Manifest& manifest, ShardRange range)
    {
        std::map<std::string, FileEntry> listed;
        for (const FileEntry& file : manifest.files) {
            listed[file.path] = file;
        }
        const std::atomic<bool> stop = false;
        std::mutex mutex;
        host::in_parallel(options_.jobs, range.last + 1 - range.first, [&](std::uint64_t index) {
            std::string failed;
            std::vector<FileEntry> files;
            try {
                files =
                    WorkstationWriter(manifest.request, range.first + index, "", stop).run().files;
            } catch (const std::exception& exception) {
                failed = exception.what();
            }
            const std::scoped_lock lock(mutex);
            if (!failed.empty()) {
                add(path, 0, fmt::format("cannot be made again: {}", failed));
            }
            for (const FileEntry& file : files) {
                if (listed[file.path] != file) {
                    add(place(file.path), 0,
                        fmt::format("is not what hasim makes of the options of {}, which was made "
                                    "by version {}",
                                    path, in_quotes(manifest.version)));
                }
            }
        });
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
    VerifyOptions options_;
    VerifyOutcome outcome_;
    std::map<std::string, std::size_t> told_;  ///< findings, by file
    std::set<std::string> known_;
};

}  // namespace

VerifyOutcome verify_corpus(const std::string& directory, const VerifyOptions& options)
{
    return Verifying(directory, options).run();
}

}  // namespace hasim::corpus
