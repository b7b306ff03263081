/// One harness a file: HASIM_FUZZ(name) begins the function that takes an input of any bytes and returns 0. It is
/// libFuzzer's entry in hasim_fuzz_<name>, and one of the harnesses of hasim_replay in every build.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

namespace hasim::fuzz {

using Harness = int (*)(const std::uint8_t* data, std::size_t size);

/// The harnesses of this program by their names.
inline std::map<std::string_view, Harness>& harnesses()
{
    static std::map<std::string_view, Harness> all;
    return all;
}

}  // namespace hasim::fuzz

#ifdef HASIM_LIBFUZZER
#define HASIM_FUZZ(name) extern "C" int LLVMFuzzerTestOneInput
#else
#define HASIM_FUZZ(name)                                                \
    static int name##_harness(const std::uint8_t*, std::size_t);        \
    [[maybe_unused]] static const bool name##_is_known =                \
        hasim::fuzz::harnesses().emplace(#name, name##_harness).second; \
    static int name##_harness
#endif
