# profiles/*.profile as text in the program, so that it needs no file beside itself.
file(GLOB profiles CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/profiles/*.profile)
list(SORT profiles)
set(profile_rows "")
list(LENGTH profiles profile_count)
foreach(profile IN LISTS profiles)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${profile})
  get_filename_component(name ${profile} NAME_WE)
  file(READ ${profile} text)
  string(APPEND profile_rows "    {\"${name}\", R\"profile(${text})profile\"},\n")
endforeach()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/profiles.cpp @ONLY CONTENT
[[#include "corpus/profiles.hpp"

#include <array>

namespace hasim::corpus {

std::span<const BuiltInProfile> built_in_profiles()
{
    static constexpr std::array<BuiltInProfile, @profile_count@> kProfiles{{
@profile_rows@    }};
    return kProfiles;
}

}  // namespace hasim::corpus
]])
target_sources(hasim_corpus PRIVATE ${PROJECT_BINARY_DIR}/generated/profiles.cpp)
