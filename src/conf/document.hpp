/// A configuration file as sections and entries, before anybody asks what they mean.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "conf/finding_list.hpp"

namespace hasim::conf {

/// The opening of a section: `Name = {` or `[Name]`.
struct Section {
    std::string_view name;
    Place place;
};

/// `key = value;` or `key=value`. Both trimmed, and without the quotes that may stand round the whole of them.
struct Entry {
    std::size_t section = 0;  ///< index in Document::sections
    std::string_view key;
    Place key_place;
    std::string_view value;
    Place value_place;
};

/// All of a file, in its order. The views point into the text it was read from.
struct Document {
    std::vector<Section> sections;
    std::vector<Entry> entries;
};

}  // namespace hasim::conf
