/// A call that makes objects: what all of them have in common.
#pragma once

#include <vector>

#include "pkcs11/library.hpp"

namespace hasim::pkcs11::abi {

class Making {
public:
    Making(Library& library, Session& session, cryptoki::Function function);

    [[nodiscard]] cryptoki::Call& call() { return call_; }
    void set_mechanism(const CK_MECHANISM* mechanism);
    /// What the next object is to be like.
    void add_template(const CK_ATTRIBUTE* attributes, CK_ULONG count);
    /// Where its handle goes.
    void add_result(CK_OBJECT_HANDLE* handle);
    /// What is wrong is said by the first of the above that found it.
    [[nodiscard]] CK_RV run();

private:
    void refuse(CK_RV code) { bad_ = bad_ == CKR_OK ? code : bad_; }

    Library& library_;
    Session& session_;
    cryptoki::Call call_;
    std::vector<CK_OBJECT_HANDLE*> results_;
    CK_RV bad_ = CKR_OK;
};

}  // namespace hasim::pkcs11::abi
