# Fuzz harnesses: each tests/fuzz/<name>_fuzz.cpp is one (tests/fuzz/harness.hpp). In every build
# `hasim_replay <name>` runs the inputs in tests/fuzz/seeds/<name>/ as one test; with HASIM_FUZZ there is a libFuzzer
# program for each: `build/fuzz/hasim_fuzz_<name> -max_total_time=60 /tmp/found tests/fuzz/seeds/<name>`.
# Under the sanitizers on one core of 2026, frame makes 70,000 inputs a second and command_line 9,000. Readers of texts
# make 1,500 to 7,000, because a text of a page is read whole, printed and read again. sequence, report, control, world
# and verify make 400 to 700: an input of theirs is a log checked in five ways, a page of HTML, a dozen system calls, a
# minute of a world, a directory of files.

# What a harness uses beyond the pure libraries.
set(fuzz_libraries_call hasim_lab)
set(fuzz_libraries_client hasim_pkcs11)
set(fuzz_libraries_command_line hasim_cli)
set(fuzz_libraries_control hasim_control)
set(fuzz_libraries_decompress hasim_logtools)
set(fuzz_libraries_http hasim_http)
set(fuzz_libraries_lunacm hasim_lunacm)
set(fuzz_libraries_manifest hasim_corpus)
set(fuzz_libraries_profile hasim_corpus)
set(fuzz_libraries_report hasim_logtools)
set(fuzz_libraries_sequence hasim_logtools)
set(fuzz_libraries_tls hasim_tls)
set(fuzz_libraries_verify hasim_corpus)
set(fuzz_libraries_world hasim_cli)

add_custom_target(hasim_fuzzers)  # all there is for the suite of this name, and nothing else
file(GLOB harnesses CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/*_fuzz.cpp)
add_executable(hasim_replay ${harnesses} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cpp)
target_link_libraries(hasim_replay PRIVATE hasim_play)
hasim_compile_as_test(hasim_replay)
add_dependencies(hasim_program_tests hasim_replay)
add_dependencies(hasim_fuzzers hasim_replay)
foreach(harness IN LISTS harnesses)
  get_filename_component(name ${harness} NAME)
  string(REPLACE "_fuzz.cpp" "" name ${name})
  target_link_libraries(hasim_replay PRIVATE ${fuzz_libraries_${name}})
  add_test(NAME "fuzz/seeds of ${name}"
    COMMAND hasim_replay ${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/seeds/${name})
  set_tests_properties("fuzz/seeds of ${name}" PROPERTIES LABELS fuzz TIMEOUT 300)

  if(HASIM_FUZZ)
    add_executable(hasim_fuzz_${name} ${harness})
    target_link_libraries(hasim_fuzz_${name} PRIVATE hasim_play ${fuzz_libraries_${name}})
    target_compile_definitions(hasim_fuzz_${name} PRIVATE HASIM_LIBFUZZER)
    target_link_options(hasim_fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(hasim_fuzzers hasim_fuzz_${name})
  endif()
endforeach()
