// Goal: who is told of a line finds it in the file.
#include "pkcs11/log_output.hpp"

#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim;

TEST_CASE("a record is told of when it is in the file, and each once")
{
    const test::TemporaryDirectory folder;
    HaSettings settings;
    settings.log_path = folder.path().string();
    pkcs11::Diagnostics diagnostics;
    pkcs11::LogOutput output(settings, WallTime{}, diagnostics);
    std::mutex mutex;
    std::vector<std::string> found;
    for (std::uint32_t attempt = 1; attempt <= 20; ++attempt) {
        LogRecord record;
        record.form = LogForm::recovered;
        record.attempt = attempt;
        output.write(record, WallTime{}, [&] {
            std::ifstream file(folder.path() / "haErrorLog.txt");
            const std::lock_guard lock(mutex);
            found.emplace_back(std::istreambuf_iterator<char>(file),
                               std::istreambuf_iterator<char>());
        });
    }
    output.finish();
    REQUIRE(found.size() == 20);
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK_THAT(found[i],
                   ContainsSubstring("recovery attempt " + std::to_string(i + 1) + " succeeded"));
    }
}

TEST_CASE("without a file a record is told of all the same")
{
    pkcs11::Diagnostics diagnostics;
    pkcs11::LogOutput output({}, WallTime{}, diagnostics);
    bool told = false;
    output.write({}, WallTime{}, [&] { told = true; });
    output.finish();
    CHECK(told);
}
