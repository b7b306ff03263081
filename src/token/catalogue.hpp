/// Which objects a token has, and what can be asked of them in a search. Searches are answered from here: SoftHSM2
/// looks at each object, and reads the token's folder again, for every one; and a search that comes while another
/// thread makes an object gives the object two handles, or ends the making with an error (seen with 2.6.1).
#pragma once

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cryptoki/call.hpp"
#include "cryptoki/native.hpp"

namespace hasim::token {

/// May be used from several threads at once. It is to be told of each object that there is, is made, changed or
/// destroyed.
class Catalogue {
public:
    explicit Catalogue(CK_FUNCTION_LIST& functions) : functions_(functions) {}

    /// The objects that `wanted` is true of, by number. What an object does not give out is equal to nothing.
    [[nodiscard]] std::vector<std::uint64_t> find(CK_SESSION_HANDLE session,
                                                  const cryptoki::Template& wanted);
    /// It is there, or was made, or changed.
    void note(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);
    /// It was destroyed.
    void forget(CK_OBJECT_HANDLE object);

private:
    /// What most searches ask for is kept; the rest is asked of the token. The first three may be of any length.
    static constexpr std::size_t kOfAnyLength = 3;
    static constexpr std::array<CK_ATTRIBUTE_TYPE, 15> kKept{
        CKA_LABEL,    CKA_ID,   CKA_SUBJECT, CKA_CLASS,   CKA_TOKEN,
        CKA_PRIVATE,  CKA_SIGN, CKA_VERIFY,  CKA_ENCRYPT, CKA_DECRYPT,
        CKA_KEY_TYPE, CKA_WRAP, CKA_UNWRAP,  CKA_DERIVE,  CKA_CERTIFICATE_TYPE};
    /// In the order of kKept; nothing where the object has none.
    using Entry = std::array<std::optional<std::string>, kKept.size()>;

    [[nodiscard]] Entry read(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);
    [[nodiscard]] std::optional<std::string> value(CK_SESSION_HANDLE session,
                                                   CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);

    CK_FUNCTION_LIST& functions_;
    std::mutex mutex_;
    std::map<CK_OBJECT_HANDLE, Entry> entries_;
};

}  // namespace hasim::token
