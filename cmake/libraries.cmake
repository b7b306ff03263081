# One static library per folder, hasim_<name>; the arrows are those of docs/architecture.md. Files are found by
# themselves: a new source needs no line here.

# A library does not wait for those it uses: only programs do.
set(CMAKE_OPTIMIZE_DEPENDENCIES ON)

# What waits for a person, for a peer or for the machines that it plays: it takes less of the compiler's time.
set(idle_libraries conf scenario lunacm tls monitor lab token control http corpus swarm cli)

function(hasim_library name folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  list(REMOVE_ITEM sources ${PROJECT_SOURCE_DIR}/src/cli/main.cpp)
  if(sources)
    add_library(hasim_${name} STATIC ${sources})
    target_link_libraries(hasim_${name} PUBLIC hasim_settings fmt::fmt ${ARGN})
    if(name IN_LIST idle_libraries)
      target_compile_options(hasim_${name} PRIVATE ${HASIM_IDLE_OPTIONS})
      target_precompile_headers(hasim_${name} REUSE_FROM hasim_idle_headers)
    else()
      target_precompile_headers(hasim_${name} REUSE_FROM hasim_headers)
    endif()
    # One translation unit a folder: headers are read and templates made once for all of its files.
    set_target_properties(hasim_${name} PROPERTIES UNITY_BUILD ${HASIM_JOIN} UNITY_BUILD_BATCH_SIZE 0)
  else()
    add_library(hasim_${name} INTERFACE)
    target_link_libraries(hasim_${name} INTERFACE hasim_settings fmt::fmt ${ARGN})
  endif()
endfunction()

# All commands. It takes longest to compile, and what stands first is begun first: so two cores end together.
hasim_library(cli src/cli hasim_conf hasim_swarm hasim_sink hasim_live hasim_control hasim_logtools hasim_corpus hasim_lab
  hasim_token hasim_tls hasim_monitor hasim_http hasim_lunacm Boost::json CLI11::CLI11 hasim_edit)
target_compile_definitions(hasim_cli PRIVATE HASIM_VERSION="${PROJECT_VERSION}")
# The one file that reads CLI11, which shares nothing with the others: joined with them it takes longer.
set_source_files_properties(src/cli/parse.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

# Vocabulary, and the pure parts above it.
hasim_library(base src/base)
hasim_library(wire src/wire hasim_base)
hasim_library(cryptoki src/cryptoki hasim_base hasim_pkcs11_header)
hasim_library(ha src/ha hasim_base)
hasim_library(log src/log hasim_base)
hasim_library(conf src/conf hasim_base hasim_inih)
hasim_library(scenario src/scenario hasim_log hasim_cryptoki)
hasim_library(sim sim hasim_ha hasim_wire hasim_cryptoki hasim_log hasim_scenario)
hasim_library(play src/play hasim_sim hasim_conf)
# What touches the machine.
hasim_library(sink src/sink hasim_log hasim_host spdlog::spdlog)
hasim_library(host src/host hasim_base date::date-tz)
# The library's reader of time-zone rules does not compile as C++20.
set_source_files_properties(src/host/zone_rule.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS -std=c++17)
# TLS without sockets, and the certificates of hasim pki.
hasim_library(tls src/tls hasim_host OpenSSL::SSL OpenSSL::Crypto)
# Readers of logs: log parse, check, stats, report.
hasim_library(logtools src/logtools hasim_log hasim_ha hasim_host ZLIB::ZLIB hasim_zstd)
# What is seen of a live run: state, events, metrics, a recording.
hasim_library(monitor src/monitor hasim_play Boost::json)
hasim_library(swarm src/swarm hasim_play hasim_logtools)
hasim_library(live src/live hasim_ha hasim_wire hasim_sim hasim_host hasim_tls hasim_asio)
hasim_library(lab src/lab hasim_host hasim_ha hasim_cryptoki hasim_asio Boost::json)
# The PKCS#11 module: a library of its own for tests, and the shared object that applications load.
hasim_library(pkcs11 src/pkcs11 hasim_cryptoki hasim_sim hasim_live hasim_sink hasim_conf hasim_lab)
hasim_library(token src/token hasim_sim hasim_live hasim_cryptoki ${CMAKE_DL_LIBS})
hasim_library(control src/control hasim_log hasim_host hasim_asio Boost::json)
hasim_library(http src/http hasim_monitor hasim_live hasim_host hasim_asio Boost::json)
hasim_library(corpus src/corpus hasim_play hasim_host Boost::json hasim_xxhash Threads::Threads)
# lunacm's commands, without a terminal.
hasim_library(lunacm src/lunacm hasim_conf hasim_scenario)
include(cmake/profiles.cmake)
include(cmake/web.cmake)

# Where the module is installed, below the prefix. No linker and no other program is to find it by itself: without the
# environment that `hasim exec` makes it is of no use.
set(HASIM_LIBRARY_FOLDER lib/hasim/module)
target_compile_definitions(hasim_cli PRIVATE HASIM_LIBRARY_FOLDER="${HASIM_LIBRARY_FOLDER}")

if(EXISTS ${PROJECT_SOURCE_DIR}/src/cli/main.cpp)
  add_executable(hasim src/cli/main.cpp)
  include(cmake/module.cmake)
  target_link_libraries(hasim PRIVATE hasim_cli)
endif()
