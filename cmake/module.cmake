# libhasim_pkcs11.so: exports the functions of the C interface and nothing else. It is never unloaded: a thread of its own
# may be at work when an application calls dlclose.
file(WRITE ${PROJECT_BINARY_DIR}/module/exports.map "{ global: C_*; local: *; };\n")
file(WRITE ${PROJECT_BINARY_DIR}/module/empty.cpp "")
add_library(hasim_module SHARED ${PROJECT_BINARY_DIR}/module/empty.cpp)
set_target_properties(hasim_module PROPERTIES OUTPUT_NAME hasim_pkcs11 NO_SONAME ON
  LINK_DEPENDS ${PROJECT_BINARY_DIR}/module/exports.map)
target_link_libraries(hasim_module PRIVATE
  "$<LINK_LIBRARY:WHOLE_ARCHIVE,hasim_pkcs11>")
target_link_options(hasim_module PRIVATE
  -Wl,--version-script=${PROJECT_BINARY_DIR}/module/exports.map -Wl,-z,nodelete -Wl,--no-undefined)
if(HASIM_SANITIZE)
  target_link_options(hasim_module PRIVATE -Wl,-z,undefs)
endif()
