#include "host/descriptor_limit.hpp"

#include <sys/resource.h>
#include <cerrno>
#include <cstring>

#include <fmt/core.h>

namespace hasim::host {

std::optional<std::string> raise_descriptor_limit(std::uint64_t needed)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return fmt::format("the limit of open descriptors cannot be read: {}",
                           std::strerror(errno));
    }
    if (limit.rlim_cur >= needed) {
        return std::nullopt;
    }
    if (limit.rlim_max < needed) {
        return fmt::format(
            "{} open descriptors are needed, and this process may have {} at most; use fewer "
            "appliances "
            "or clients, or raise the hard limit (ulimit -Hn)",
            needed, limit.rlim_max);
    }
    limit.rlim_cur = needed;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return fmt::format("the limit of open descriptors cannot be raised to {}: {}", needed,
                           std::strerror(errno));
    }
    return std::nullopt;
}

std::uint64_t descriptor_limit()
{
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace hasim::host
