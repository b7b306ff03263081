# The standard headers that most files read, and {fmt}, compiled once. Half of what a build took was reading them again.
# Files go on naming every header that they use: the clang preset builds without this, so that a missing one is told.
set(HASIM_PRECOMPILED
  <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <set> <string>
  <string_view> <utility> <variant> <vector> <fmt/format.h>)

# A source file of its own, because a target without one has no precompiled header to lend.
file(WRITE ${PROJECT_BINARY_DIR}/precompiled/empty.cpp "")

# hasim_precompiled(<target> <header>...): a target that others take their precompiled header from.
function(hasim_precompiled target)
  add_library(${target} OBJECT EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/precompiled/empty.cpp)
  target_link_libraries(${target} PRIVATE hasim_settings fmt::fmt)
  target_precompile_headers(${target} PRIVATE ${HASIM_PRECOMPILED} ${ARGN})
endfunction()

hasim_precompiled(hasim_headers)
hasim_precompiled(hasim_idle_headers)
target_compile_options(hasim_idle_headers PRIVATE ${HASIM_IDLE_OPTIONS})
