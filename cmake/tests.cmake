# Tests. tests/unit/<folder>/*_test.cpp become one program hasim_test_<folder>; each TEST_CASE is one CTest test.
enable_testing()
find_package(Catch2 REQUIRED)
include(Catch)

if(Catch2_VERSION VERSION_GREATER_EQUAL 3)
  set(catch_library Catch2::Catch2WithMain)
else()
  set(catch_library Catch2::Catch2)
  # A name that CTest spoils (a semicolon does) must not pass because it names no test; version 3 sees to that itself.
  set(catch_arguments EXTRA_ARGS -w NoTests)
endif()

# Nobody waits for the code of tests: what they test is optimised and checked as the build says, they themselves less.
set(test_options -O1)
if(HASIM_SANITIZE STREQUAL "address,undefined")
  set(test_options -O0 -fno-sanitize=undefined)
endif()

# Catch2 is the costliest header of a test: it is read once, with those that everything reads.
hasim_precompiled(hasim_test_headers ${PROJECT_SOURCE_DIR}/tests/support/catch.hpp)
target_include_directories(hasim_test_headers PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(hasim_test_headers PRIVATE ${catch_library})
target_compile_options(hasim_test_headers PRIVATE ${test_options})

# Compiles a target as tests are. Where its files are joined their helpers share a namespace: names that clash are told
# by the compiler.
function(hasim_compile_as_test target)
  target_compile_options(${target} PRIVATE ${test_options})
  target_precompile_headers(${target} REUSE_FROM hasim_test_headers)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${HASIM_JOIN} UNITY_BUILD_BATCH_SIZE 0)
endfunction()

# What tests share: golden files, running the built program, temporary directories, and Catch2's main.
file(GLOB support CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/support/*.cpp)
set(catch_main ${PROJECT_SOURCE_DIR}/tests/support/catch_main.cpp)
if(Catch2_VERSION VERSION_GREATER_EQUAL 3)
  list(REMOVE_ITEM support ${catch_main})
endif()
add_library(hasim_test_support STATIC ${support})
target_include_directories(hasim_test_support PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_compile_definitions(hasim_test_support PRIVATE
  HASIM_BUILT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" HASIM_BUILT_BINARY="${PROJECT_BINARY_DIR}/hasim")
target_link_libraries(hasim_test_support PUBLIC hasim_settings fmt::fmt ${catch_library})
hasim_compile_as_test(hasim_test_support)
# Catch2 itself is large, and stands alone.
set_source_files_properties(${catch_main} PROPERTIES
  COMPILE_OPTIONS "-O0;-fno-sanitize=all" SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON)

# What a folder's tests use beyond the library of the same name.
set(test_libraries_live hasim_log)
set(test_libraries_lab hasim_conf)
set(test_libraries_scenario hasim_conf)
set(test_libraries_sim hasim_play)
set(test_libraries_play hasim_cli)
set(test_libraries_swarm hasim_cli)
set(test_libraries_logtools ${PCRE2_LIBRARY})
set(test_libraries_ha hasim_log)

# What runs the built program, or looks at the tree: tools/test builds it beside the program itself.
add_custom_target(hasim_program_tests)

# hasim_test(<name> <folder> <kind> <library>...): one test program from the folder's *_test.cpp (and other *.cpp);
# `kind` is unit or program.
function(hasim_test name folder kind)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(hasim_test_${name} ${sources})
  target_link_libraries(hasim_test_${name} PRIVATE hasim_test_support ${ARGN})
  hasim_compile_as_test(hasim_test_${name})
  if(kind STREQUAL program)
    add_dependencies(hasim_program_tests hasim_test_${name})
  endif()
  catch_discover_tests(hasim_test_${name} TEST_PREFIX "${name}/" ${catch_arguments} PROPERTIES
    LABELS "${name};${kind}" TIMEOUT 300
    ENVIRONMENT "HASIM_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
    ENVIRONMENT_MODIFICATION "HASIM_BINARY=set:${PROJECT_BINARY_DIR}/hasim")
endfunction()

file(GLOB unit_folders CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/tests/unit
  ${PROJECT_SOURCE_DIR}/tests/unit/*)
foreach(folder IN LISTS unit_folders)
  hasim_test(${folder} tests/unit/${folder} unit hasim_${folder} ${test_libraries_${folder}})
endforeach()

# These start labs with it.
add_dependencies(hasim_test_pkcs11 hasim)

# The built program, run as a user runs it.
hasim_test(e2e tests/e2e program hasim_base Boost::json ${test_libraries_e2e})
if(TARGET hasim_test_e2e)
  add_dependencies(hasim_test_e2e hasim hasim_module)
endif()

# The house rules, checked on the source tree.
hasim_test(tidy tests/tidy program)

# The light ones of the applications that tools/test --clients runs. A module with a sanitizer in it cannot be loaded into
# a program without.
if(NOT HASIM_SANITIZE)
  set(light_clients pkcs11-tool p11tool)
  file(GLOB engine /usr/lib/*/engines-3/pkcs11.so)
  if(engine)
    list(APPEND light_clients openssl-engine)
  endif()
  foreach(client IN LISTS light_clients)
    add_test(NAME "clients/${client}" COMMAND ${PROJECT_SOURCE_DIR}/tests/clients/${client})
    set_tests_properties("clients/${client}" PROPERTIES LABELS clients TIMEOUT 180
      ENVIRONMENT "HASIM=${PROJECT_BINARY_DIR}/hasim")
  endforeach()
endif()

# So are these of the examples; how each fails is left to tools/test --examples.
if(NOT HASIM_SANITIZE)
  set(light_examples shell)
  execute_process(COMMAND /usr/bin/python3 -c "import pytest" RESULT_VARIABLE no_pytest OUTPUT_QUIET ERROR_QUIET)
  if(no_pytest EQUAL 0)
    list(APPEND light_examples pytest)
  endif()
  execute_process(COMMAND /usr/bin/python3 -c "import yaml, jsonschema" RESULT_VARIABLE no_yaml OUTPUT_QUIET ERROR_QUIET)
  if(no_yaml EQUAL 0)
    list(APPEND light_examples detections)
  endif()
  foreach(example IN LISTS light_examples)
    add_test(NAME "examples/${example}" COMMAND ${PROJECT_SOURCE_DIR}/tests/examples/${example})
    set_tests_properties("examples/${example}" PROPERTIES LABELS examples TIMEOUT 180
      ENVIRONMENT "HASIM=${PROJECT_BINARY_DIR}/hasim;HASIM_EXAMPLE_HOLDS=yes")
  endforeach()
endif()

# And these of the parsers that tools/test --parsers runs, where their program is there.
if(NOT HASIM_SANITIZE)
  foreach(pair lnav:lnav liblognorm:lognormalizer splunk:perl)
    string(REPLACE ":" ";" pair ${pair})
    list(GET pair 0 parser)
    list(GET pair 1 program)
    find_program(HASIM_HAS_${program} ${program})
    if(HASIM_HAS_${program})
      add_test(NAME "parsers/${parser}" COMMAND ${PROJECT_SOURCE_DIR}/tests/parsers/${parser})
      set_tests_properties("parsers/${parser}" PROPERTIES LABELS parsers TIMEOUT 180
        ENVIRONMENT "HASIM=${PROJECT_BINARY_DIR}/hasim")
    endif()
  endforeach()
endif()

# What needs no program: the manifest for Kubernetes, and what tools/install does on which system.
if(NOT HASIM_SANITIZE)
  set(scripts install/systems)
  execute_process(COMMAND /usr/bin/python3 -c "import jsonschema, yaml" RESULT_VARIABLE no_schema OUTPUT_QUIET ERROR_QUIET)
  if(no_schema EQUAL 0)
    list(APPEND scripts clusters/kubernetes)
  endif()
  foreach(script IN LISTS scripts)
    add_test(NAME "${script}" COMMAND ${PROJECT_SOURCE_DIR}/tests/${script})
    set_tests_properties("${script}" PROPERTIES LABELS scripts TIMEOUT 60)
  endforeach()
endif()

include(cmake/fuzz.cmake)
