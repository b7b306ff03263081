// Goal: diagnostics are one clean line each on standard error. Method: standard error is a file for the while.
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "sink/diagnostics.hpp"
#include "sink/ha_log_file.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"

using namespace hasim;
using namespace hasim::sink;

namespace {

template <class Body>
std::string standard_error_of(Body body)
{
    const hasim::test::TemporaryDirectory directory;
    const std::string path = (directory.path() / "stderr").string();
    const int saved = dup(STDERR_FILENO);
    const int file = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
    dup2(file, STDERR_FILENO);
    body();
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(file);
    return hasim::test::read_file(path);
}

}  // namespace

TEST_CASE("a diagnostic names the program and its level, below the threshold it is not printed")
{
    CHECK(standard_error_of([] {
              Diagnostics diagnostics(Level::warning);
              diagnostics.info("not this");
              diagnostics.warning("beware");
              diagnostics.error("{} is no format");
              diagnostics.set_threshold(Level::debug);
              diagnostics.debug("now");
          }) == "hasim: warning: beware\nhasim: error: {} is no format\nhasim: debug: now\n");
}

TEST_CASE("text from outside cannot forge lines or colours")
{
    CHECK(standard_error_of([] { Diagnostics().error("bad\nhasim: error: forged"); }) ==
          "hasim: error: bad\\x0ahasim: error: forged\n");
}

TEST_CASE("findings and log troubles have their words")
{
    CHECK(standard_error_of([] {
              Diagnostics diagnostics;
              diagnostics.finding({"f.conf", 3, 7, Severity::warning, "unknown key"});
              diagnostics.finding({"f.conf", 0, 0, Severity::error, "empty"});
              diagnostics.log_trouble({LogTrouble::Kind::begins, "cannot write x: why", 0});
              diagnostics.log_trouble({LogTrouble::Kind::ends, "writing x again", 1});
              diagnostics.log_trouble({LogTrouble::Kind::ends, "writing x again", 12});
              diagnostics.log_trouble({LogTrouble::Kind::not_rotated, "cannot rotate x: why", 0});
          }) ==
          "hasim: warning: f.conf:3:7: unknown key\n"
          "hasim: error: f.conf: empty\n"
          "hasim: error: cannot write x: why; HA log records are lost until it can be written\n"
          "hasim: warning: writing x again; 1 HA log record was not written\n"
          "hasim: warning: writing x again; 12 HA log records were not written\n"
          "hasim: error: cannot rotate x: why; it grows beyond logLen\n");
}
