#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace hasim {

void assertion_failed(const char* condition, const char* file, int line)
{
    std::fprintf(stderr, "hasim: internal error: %s:%d: %s does not hold; please report it\n", file,
                 line, condition);
    std::abort();
}

}  // namespace hasim
