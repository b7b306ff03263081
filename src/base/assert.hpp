/// Assertions that stay on in release: a programming error must stop the run, not bend the log.
#pragma once

namespace hasim {

/// Prints the place and the broken condition on standard error and aborts.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace hasim

#define HASIM_ASSERT(condition)                                             \
    do {                                                                    \
        if (!(condition)) {                                                 \
            ::hasim::assertion_failed(#condition, __FILE__, __LINE__);      \
        }                                                                   \
    } while (false)
