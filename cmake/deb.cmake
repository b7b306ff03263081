# The Debian package: `cmake --build --target package` makes packages/*.deb and packages/SHA256SUMS in the folder of the
# build. docs/packaging.md says what is in it.

# Whoever builds a package answers for it, and is who Debian's own tools would name.
if(DEFINED ENV{DEBEMAIL})
  set(default_maintainer "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
else()
  set(default_maintainer "hasim <nobody@hasim.invalid>")
endif()
set(HASIM_MAINTAINER "${default_maintainer}" CACHE STRING "Who stands in the Debian package as its maintainer")

# A package depends on the libraries of the Debian that it was built on, so its version names that one.
set(debian_suffix "")
if(EXISTS /etc/os-release)
  file(STRINGS /etc/os-release release REGEX "^VERSION_ID=")
  string(REGEX REPLACE "[^0-9.]" "" release "${release}")
  if(release)
    set(debian_suffix "+deb${release}")
  endif()
endif()
set(debian_version ${PROJECT_VERSION}${debian_suffix})

# Manual pages, completions and the changelog.
set(deb_files ${PROJECT_BINARY_DIR}/package-files)
add_custom_command(OUTPUT ${deb_files}/made
  COMMAND ${PROJECT_SOURCE_DIR}/cmake/deb/files
    $<TARGET_FILE:hasim> ${deb_files} ${debian_version} ${HASIM_MAINTAINER}
  DEPENDS hasim ${PROJECT_SOURCE_DIR}/CHANGELOG.md
    ${PROJECT_SOURCE_DIR}/cmake/deb/files ${PROJECT_SOURCE_DIR}/cmake/deb/changelog.awk
  COMMENT "Making manual pages and completions" VERBATIM)
add_custom_target(hasim_package_files ALL DEPENDS ${deb_files}/made)
if(TARGET hasim_program_tests)
  add_dependencies(hasim_program_tests hasim_package_files)
endif()

# All that follows is the component hasim, as the program and the module are.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME hasim)
set(share ${CMAKE_INSTALL_DATADIR})
set(doc ${share}/doc/hasim)
install(DIRECTORY ${deb_files}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${deb_files}/completions/hasim DESTINATION ${share}/bash-completion/completions)
install(FILES ${deb_files}/completions/_hasim DESTINATION ${share}/zsh/vendor-completions)
install(FILES ${deb_files}/completions/hasim.fish DESTINATION ${share}/fish/vendor_completions.d)
install(FILES ${deb_files}/changelog.gz ${PROJECT_SOURCE_DIR}/cmake/deb/copyright
  ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${doc})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${doc})
# Examples are used where they are, and an image without documentation has them too.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/examples ${PROJECT_SOURCE_DIR}/config ${PROJECT_SOURCE_DIR}/profiles
  DESTINATION ${share}/hasim USE_SOURCE_PERMISSIONS PATTERN __pycache__ EXCLUDE)
set(links ${PROJECT_BINARY_DIR}/package-links)
file(MAKE_DIRECTORY ${links})
foreach(link IN ITEMS examples config profiles)
  file(CREATE_LINK ../../hasim/${link} ${links}/${link} SYMBOLIC)
  install(FILES ${links}/${link} DESTINATION ${doc})
endforeach()
# Not in bin: a machine with the product's client has a lunacm of its own there.
file(CREATE_LINK ../../../bin/hasim ${links}/lunacm SYMBOLIC)
install(FILES ${links}/lunacm DESTINATION lib/hasim/bin)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hasim)
set(CPACK_PACKAGE_VERSION ${debian_version})
set(CPACK_PACKAGE_CONTACT ${HASIM_MAINTAINER})
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_POST_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/deb/checksums.cmake)
# The program alone: the C++ library is installed from the sources.
set(CPACK_COMPONENTS_ALL hasim)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS tzdata)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS softhsm2)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "lnav, opensc")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "HA client of a Luna Network HSM against simulated appliances
hasim reads a Chrystoki.conf, talks over TCP to simulated appliances, drops,
fails over, recovers and logs in as the vendor documents it, and writes the
documented lines to haErrorLog.txt.
.
Outages are written down as scenarios and played over real TCP or in virtual
time; PKCS#11 applications run unchanged while their appliances fail; corpora
of labelled logs and readers of such logs are made with it too. For tests and
training alone: a simulated appliance keeps nothing secret.")
include(CPack)
