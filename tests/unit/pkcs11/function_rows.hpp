/// Every function of the interface as something that can be called without knowing which one it is.
#pragma once

#include "unit/pkcs11/calls.hpp"

#include <functional>
#include <string>
#include <vector>

namespace hasim::test {

/// What the first argument says.
enum class Takes { nothing, slot, session };

/// What the pointers of a call are.
enum class Pointers { null, zeros };

struct FunctionRow {
    std::string name;
    Takes takes = Takes::nothing;
    /// `handle` is the slot or session, or the flags of C_WaitForSlotEvent; numbers are 0.
    std::function<CK_RV(CK_ULONG handle, Pointers pointers)> call;
};

/// All 68, in the order of the function list.
[[nodiscard]] std::vector<FunctionRow> all_functions();

}  // namespace hasim::test
