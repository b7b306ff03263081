# How everything is compiled, hasim's own targets and the header libraries that are compiled once.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")  # hasim's own assertions stay on
# As Debian hardens its own packages, and without the build's path in the program: what is packaged is what is tested.
string(APPEND CMAKE_CXX_FLAGS_RELEASE " -D_FORTIFY_SOURCE=2 -fstack-protector-strong -Wformat -Werror=format-security"
  " -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=")
set(HASIM_IDLE_OPTIONS "" CACHE STRING "How libraries that nobody waits for are compiled, beside all other options")
foreach(kind IN ITEMS EXE SHARED)
  set(CMAKE_${kind}_LINKER_FLAGS_RELEASE "-Wl,-z,relro -Wl,-z,now")
endforeach()
# g++ tidies up its memory again and again, which takes time; where each core has plenty it need not. A container may
# have less than the machine.
cmake_host_system_information(RESULT memory QUERY TOTAL_PHYSICAL_MEMORY)  # MiB
foreach(file IN ITEMS /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes)
  if(EXISTS ${file})
    file(STRINGS ${file} limit LIMIT_COUNT 1)
    if(limit MATCHES "^[0-9]+$")
      math(EXPR limit "${limit} / 1048576")
      if(limit LESS memory)
        set(memory ${limit})
      endif()
    endif()
  endif()
endforeach()
cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
math(EXPR memory_of_each "${memory} / ${cores}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND memory_of_each GREATER_EQUAL 4000)
  add_compile_options(--param=ggc-min-heapsize=1048576)  # KiB
endif()
# The PKCS#11 module, a shared object, is made of the same libraries as the program.
add_compile_options(-fPIC)
set(HASIM_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
option(HASIM_FUZZ "Build libFuzzer binaries (clang only)" OFF)
if(HASIM_SANITIZE)
  add_compile_options(-fsanitize=${HASIM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HASIM_SANITIZE} -fno-sanitize-recover=all)
  if(HASIM_SANITIZE STREQUAL "address,undefined")
    # What the address sanitizer sees by itself is not checked twice: a third of the compiler's time. The fuzz preset
    # has them all.
    add_compile_options(-fno-sanitize=null,object-size,vptr)
  endif()
endif()

# g++ sees ghosts of uninitialised and out-of-range values in code instrumented by a sanitizer; clang does not.
set(werror)
if(HASIM_WERROR AND (CMAKE_CXX_COMPILER_ID MATCHES "Clang" OR NOT HASIM_SANITIZE))
  set(werror -Werror)
endif()

# g++ 12 sees ghosts of indices out of range in std::string's operator+ (its bug 105651) once headers are precompiled;
# clang and g++ 14 look for them still.
set(ghosts)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  set(ghosts -Wno-array-bounds)
endif()

# How hasim's own targets are compiled.
add_library(hasim_settings INTERFACE)
target_include_directories(hasim_settings INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
target_compile_options(hasim_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  -Wno-missing-field-initializers  # designated initialisers leave the rest at its defaults on purpose
  ${ghosts}
  ${werror})
