# The CMake package: `cmake --install build --component hasim_package` gives find_package(hasim) and the target
# hasim::play, with include/hasim and the pure libraries below it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_libraries base wire cryptoki ha log conf scenario sim play)
foreach(name IN LISTS package_libraries)
  # How hasim itself is compiled is nothing to those who use it.
  get_target_property(linked hasim_${name} INTERFACE_LINK_LIBRARIES)
  list(TRANSFORM linked REPLACE "^hasim_settings$" "$<BUILD_INTERFACE:hasim_settings>")
  set_target_properties(hasim_${name} PROPERTIES INTERFACE_LINK_LIBRARIES "${linked}" EXPORT_NAME ${name})
endforeach()
target_include_directories(hasim_base INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(hasim_base INTERFACE cxx_std_20)
list(TRANSFORM package_libraries PREPEND hasim_)

install(TARGETS ${package_libraries} hasim_inih hasim_pkcs11_header EXPORT hasim_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT hasim_package)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/hasim DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  COMPONENT hasim_package)
set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/hasim)
install(EXPORT hasim_targets NAMESPACE hasim:: FILE hasim-targets.cmake DESTINATION ${package_directory}
  COMPONENT hasim_package)
file(WRITE ${PROJECT_BINARY_DIR}/hasim-config.cmake
  "include(CMakeFindDependencyMacro)\nfind_dependency(fmt)\ninclude(\${CMAKE_CURRENT_LIST_DIR}/hasim-targets.cmake)\n")
write_basic_package_version_file(${PROJECT_BINARY_DIR}/hasim-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/hasim-config.cmake ${PROJECT_BINARY_DIR}/hasim-config-version.cmake
  DESTINATION ${package_directory} COMPONENT hasim_package)

# The program itself, and the PKCS#11 module that it gives to applications: `cmake --install build/release` brings them
# with the rest, `--component hasim` them alone.
install(TARGETS hasim hasim_module RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT hasim
  LIBRARY DESTINATION ${HASIM_LIBRARY_FOLDER} NAMELINK_SKIP COMPONENT hasim)
include(cmake/deb.cmake)

# Manual pages and completions, as a reader and a shell take them; what this machine does not have is left out.
if(HASIM_TESTS AND NOT HASIM_SANITIZE)
  set(package_tests completion-bash)
  foreach(name IN ITEMS completion-zsh completion-fish man)
    string(REPLACE completion- "" program ${name})
    find_program(HASIM_TEST_${program} ${program})
    if(HASIM_TEST_${program})
      list(APPEND package_tests ${name})
    endif()
  endforeach()
  foreach(name IN LISTS package_tests)
    add_test(NAME "package/${name}" COMMAND ${PROJECT_SOURCE_DIR}/tests/package/${name})
    set_tests_properties("package/${name}" PROPERTIES LABELS package TIMEOUT 300
      ENVIRONMENT "HASIM=${PROJECT_BINARY_DIR}/hasim")
  endforeach()
endif()

# The example of embedding, built on the package as it is installed, and run.
if(HASIM_TESTS)
  set(installed ${PROJECT_BINARY_DIR}/installed)
  add_test(NAME "package/install"
    COMMAND ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR} --prefix ${installed} --component hasim_package)
  set_tests_properties("package/install" PROPERTIES FIXTURES_SETUP installed_package LABELS package TIMEOUT 300)
  set(program ${PROJECT_BINARY_DIR}/installed-program)
  add_test(NAME "package/install-program"
    COMMAND ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR} --prefix ${program} --component hasim)
  set_tests_properties("package/install-program" PROPERTIES
    FIXTURES_SETUP installed_program LABELS package TIMEOUT 300)
  add_test(NAME "package/run-program" COMMAND ${program}/${CMAKE_INSTALL_BINDIR}/hasim --version)
  set_tests_properties("package/run-program" PROPERTIES FIXTURES_REQUIRED installed_program
    LABELS package TIMEOUT 300 PASS_REGULAR_EXPRESSION "^hasim ${PROJECT_VERSION}")
  set(sanitize)
  if(HASIM_SANITIZE)
    set(sanitize -DCMAKE_CXX_FLAGS=-fsanitize=${HASIM_SANITIZE})
  endif()
  add_test(NAME "package/embedding"
    COMMAND ${CMAKE_CTEST_COMMAND} --build-and-test
      ${PROJECT_SOURCE_DIR}/examples/embedding ${PROJECT_BINARY_DIR}/embedding
      --build-generator ${CMAKE_GENERATOR}
      --build-options -DCMAKE_PREFIX_PATH=${installed} -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} ${sanitize}
      --test-command embedding)
  set_tests_properties("package/embedding" PROPERTIES FIXTURES_REQUIRED installed_package LABELS package TIMEOUT 300)
endif()
