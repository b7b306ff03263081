/// Between the structures of the C interface, which are full of pointers, and the values of a Call. Both sides of the
/// wire use it: the module to flatten what an application hands in, the token service to make it whole again.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <p11-kit/pkcs11.h>

#include "cryptoki/call.hpp"

namespace hasim::cryptoki {

/// A mechanism whose parameter stands in bytes. Nothing when the parameter is not of the size that the mechanism has
/// (CKR_MECHANISM_PARAM_INVALID), or the mechanism is one whose parameter nobody here knows: a pointer in it would mean
/// nothing elsewhere.
[[nodiscard]] std::optional<Mechanism> flatten(const CK_MECHANISM& mechanism);

/// Attributes with their values. Nothing when a value is missing, or there are too many.
[[nodiscard]] std::optional<Template> flatten(const CK_ATTRIBUTE* attributes, CK_ULONG count);

/// The types alone: what C_GetAttributeValue asks for.
[[nodiscard]] std::optional<Template> types_of(const CK_ATTRIBUTE* attributes, CK_ULONG count);

/// A CK_MECHANISM made of a flattened one; its pointers lead into this object.
class NativeMechanism {
public:
    /// Nothing when the flattened parameter does not fit the mechanism.
    [[nodiscard]] static std::optional<NativeMechanism> of(const Mechanism& mechanism);
    [[nodiscard]] CK_MECHANISM* get() { return &native_; }

private:
    CK_MECHANISM native_{};
    std::vector<CK_ULONG> parameter_;  ///< aligned for every structure
    std::deque<std::string> texts_;    ///< what its pointers lead to
};

/// CK_ATTRIBUTEs made of a flattened template; their pointers lead into this object and into the template.
class NativeTemplate {
public:
    [[nodiscard]] static std::optional<NativeTemplate> of(const Template& attributes);
    [[nodiscard]] CK_ATTRIBUTE* get() { return native_.data(); }
    [[nodiscard]] CK_ULONG size() const { return static_cast<CK_ULONG>(native_.size()); }

private:
    std::vector<CK_ATTRIBUTE> native_;
    std::deque<Template> inner_;  ///< values of attributes that are templates themselves
    std::deque<NativeTemplate> native_inner_;
};

/// A CK_ULONG or CK_BBOOL that an attribute holds.
[[nodiscard]] std::optional<std::uint64_t> number_in(const Template& attributes,
                                                     CK_ATTRIBUTE_TYPE type);
[[nodiscard]] bool flag_in(const Template& attributes, CK_ATTRIBUTE_TYPE type, bool otherwise);

}  // namespace hasim::cryptoki
