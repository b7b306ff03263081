#include "host/descriptor_limit.hpp"

#include <sys/resource.h>

#include "support/catch.hpp"

namespace hasim::host {

namespace {

/// Puts the soft limit back.
class KeptLimit {
public:
    KeptLimit() { REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0); }
    ~KeptLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    KeptLimit(const KeptLimit&) = delete;
    KeptLimit& operator=(const KeptLimit&) = delete;

    [[nodiscard]] rlim_t hard() const { return before_.rlim_max; }

    static rlim_t soft()
    {
        rlimit limit{};
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
        return limit.rlim_cur;
    }

    void set_soft(rlim_t soft) const
    {
        rlimit limit = before_;
        limit.rlim_cur = soft;
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
    }

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("the soft limit is raised to what is needed, and never lowered")
{
    const KeptLimit limit;
    REQUIRE(limit.hard() >= 200);
    limit.set_soft(100);
    CHECK(!raise_descriptor_limit(150));
    CHECK(KeptLimit::soft() == 150);
    CHECK(!raise_descriptor_limit(120));
    CHECK(KeptLimit::soft() == 150);
    CHECK(!raise_descriptor_limit(150));
    CHECK(KeptLimit::soft() == 150);
}

TEST_CASE("a hard limit that is too low is said, with both numbers, and nothing is changed")
{
    const KeptLimit limit;
    limit.set_soft(100);
    const auto problem = raise_descriptor_limit(std::uint64_t{1} << 62U);
    REQUIRE(problem);
    CHECK_THAT(
        *problem,
        StartsWith("4611686018427387904 open descriptors are needed, and this process may have "));
    CHECK_THAT(*problem, EndsWith("or raise the hard limit (ulimit -Hn)"));
    CHECK(KeptLimit::soft() == 100);
}

}  // namespace hasim::host
