// Catch2 version 2's main, compiled once for all test programs; version 3 brings a library that has it.
#define CATCH_CONFIG_MAIN
#include "support/catch.hpp"
