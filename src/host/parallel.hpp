/// Work on numbered items by several threads at once.
#pragma once

#include <cstdint>
#include <functional>

namespace hasim::host {

/// How many threads there are cores for; at least 1.
[[nodiscard]] std::uint64_t cores();

/// Calls `work` for 0 to count - 1, each once, `jobs` at a time and begun in their order; `work` may be called by any
/// thread. The first exception that it throws is thrown here, once what was begun is over; nothing more is begun then.
void in_parallel(std::uint64_t jobs, std::uint64_t count,
                 const std::function<void(std::uint64_t)>& work);

}  // namespace hasim::host
