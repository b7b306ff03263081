#include "token/catalogue.hpp"

#include <algorithm>
#include <utility>

namespace hasim::token {

std::vector<std::uint64_t> Catalogue::find(CK_SESSION_HANDLE session,
                                           const cryptoki::Template& wanted)
{
    std::vector<std::pair<std::size_t, const std::string*>> kept;
    std::vector<const cryptoki::Attribute*> others;
    for (const cryptoki::Attribute& attribute : wanted) {
        const auto* const at = std::find(kKept.begin(), kKept.end(), attribute.type);
        if (at != kKept.end()) {
            kept.emplace_back(static_cast<std::size_t>(at - kKept.begin()), &attribute.value);
        } else {
            others.push_back(&attribute);
        }
    }
    std::vector<std::uint64_t> found;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [object, entry] : entries_) {
            if (std::all_of(kept.begin(), kept.end(), [&entry = entry](const auto& asked) {
                    return entry[asked.first] == *asked.second;
                })) {
                found.push_back(object);
            }
        }
    }
    std::erase_if(found, [&](std::uint64_t object) {
        return !std::all_of(others.begin(), others.end(), [&](const cryptoki::Attribute* asked) {
            return value(session, static_cast<CK_OBJECT_HANDLE>(object),
                         static_cast<CK_ATTRIBUTE_TYPE>(asked->type)) == asked->value;
        });
    });
    return found;
}

void Catalogue::note(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
    Entry entry = read(session, object);
    const std::lock_guard lock(mutex_);
    entries_.insert_or_assign(object, std::move(entry));
}

void Catalogue::forget(CK_OBJECT_HANDLE object)
{
    const std::lock_guard lock(mutex_);
    entries_.erase(object);
}

/// With one call as a rule: each costs a token object two files.
Catalogue::Entry Catalogue::read(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
    constexpr std::size_t kRoom = 256;
    std::array<CK_ATTRIBUTE, kKept.size()> asked{};
    std::string room(kRoom * kKept.size(), '\0');
    for (std::size_t i = 0; i < kKept.size(); ++i) {
        asked[i] = {kKept[i], room.data() + i * kRoom, kRoom};
    }
    // The code is that of some attribute: what is there has a length.
    static_cast<void>(functions_.C_GetAttributeValue(session, object, asked.data(), asked.size()));
    Entry entry;
    for (std::size_t i = 0; i < kKept.size(); ++i) {
        if (asked[i].ulValueLen <= kRoom) {
            entry[i] = room.substr(i * kRoom, asked[i].ulValueLen);
        } else if (i < kOfAnyLength) {
            entry[i] = value(session, object, kKept[i]);
        }
    }
    return entry;
}

std::optional<std::string> Catalogue::value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                            CK_ATTRIBUTE_TYPE type)
{
    CK_ATTRIBUTE attribute{type, nullptr, 0};
    if (functions_.C_GetAttributeValue(session, object, &attribute, 1) != CKR_OK ||
        attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION) {
        return std::nullopt;
    }
    std::string bytes(attribute.ulValueLen, '\0');
    attribute.pValue = bytes.data();
    if (functions_.C_GetAttributeValue(session, object, &attribute, 1) != CKR_OK) {
        return std::nullopt;
    }
    bytes.resize(attribute.ulValueLen);
    return bytes;
}

}  // namespace hasim::token
