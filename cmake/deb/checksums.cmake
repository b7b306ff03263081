# Writes SHA256SUMS beside the packages that cpack made: sha256sum -c SHA256SUMS checks them.
set(sums "")
foreach(file IN LISTS CPACK_PACKAGE_FILES)
  file(SHA256 ${file} sum)
  get_filename_component(name ${file} NAME)
  string(APPEND sums "${sum}  ${name}\n")
endforeach()
file(WRITE ${CPACK_PACKAGE_DIRECTORY}/SHA256SUMS "${sums}")
