/// Finds entries by section and key.
#pragma once

#include <map>
#include <set>
#include <string_view>

#include "conf/document.hpp"
#include "conf/finding_list.hpp"

namespace hasim::conf {

using EntriesByKey = std::map<std::string_view, const Entry*>;

/// The entries of a document, of several with one key the last. Sections of one name are taken together.
class EntryIndex {
public:
    /// Repeated keys and sections become warnings. `document` must outlive the index.
    EntryIndex(const Document& document, FindingList& findings);

    /// The entry in force, or null.
    [[nodiscard]] const Entry* find(std::string_view section, std::string_view key) const;
    /// All keys of a section; empty when there is none of that name.
    [[nodiscard]] const EntriesByKey& in(std::string_view section) const;

private:
    std::map<std::string_view, EntriesByKey> sections_;
};

/// The labels of a configuration's groups, right or wrong in every other respect.
using Labels = std::set<std::string_view>;

/// Warns of unknown sections and keys, and of keys that name a group which does not exist.
void check_names(const Document& document, const Labels& labels, FindingList& findings);

}  // namespace hasim::conf
