# What hasim builds on; tools/packages.txt says why. All come from Debian.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)
endif()
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)

find_path(INIH_INCLUDE ini.h REQUIRED)
find_library(INIH_LIBRARY inih REQUIRED)
add_library(hasim_inih INTERFACE)
target_include_directories(hasim_inih SYSTEM INTERFACE ${INIH_INCLUDE})
target_link_libraries(hasim_inih INTERFACE ${INIH_LIBRARY})

# The PKCS#11 interface in C: a header alone.
find_path(PKCS11_INCLUDE p11-kit/pkcs11.h PATH_SUFFIXES p11-kit-1 REQUIRED)
add_library(hasim_pkcs11_header INTERFACE)
target_include_directories(hasim_pkcs11_header SYSTEM INTERFACE ${PKCS11_INCLUDE})

find_package(ZLIB REQUIRED)
find_path(ZSTD_INCLUDE zstd.h REQUIRED)
find_library(ZSTD_LIBRARY zstd REQUIRED)
add_library(hasim_zstd INTERFACE)
target_include_directories(hasim_zstd SYSTEM INTERFACE ${ZSTD_INCLUDE})
target_link_libraries(hasim_zstd INTERFACE ${ZSTD_LIBRARY})

find_path(XXHASH_INCLUDE xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
add_library(hasim_xxhash INTERFACE)
target_include_directories(hasim_xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE})
target_link_libraries(hasim_xxhash INTERFACE ${XXHASH_LIBRARY})

find_package(OpenSSL 3.0 REQUIRED)

find_path(EDIT_INCLUDE editline/readline.h REQUIRED)
find_library(EDIT_LIBRARY edit REQUIRED)
add_library(hasim_edit INTERFACE)
target_include_directories(hasim_edit SYSTEM INTERFACE ${EDIT_INCLUDE})
target_link_libraries(hasim_edit INTERFACE ${EDIT_LIBRARY})

# For tests and benchmarks alone; they say what they leave out without it.
find_library(PCRE2_LIBRARY pcre2-8)
if(NOT PCRE2_LIBRARY)
  set(PCRE2_LIBRARY "")
endif()

# A header library with one costly source file: compiled once, without hasim's warnings.
add_library(hasim_asio STATIC ${CMAKE_CURRENT_LIST_DIR}/once/asio.cpp)
target_compile_definitions(hasim_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(hasim_asio PUBLIC Boost::headers Threads::Threads)
