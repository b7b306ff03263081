/// A session of a token for the time of one call.
#pragma once

#include <utility>

#include "token/token.hpp"

namespace hasim::token {

class Token::Lease {
public:
    explicit Lease(Token& token) : token_(&token), session_(token.take_session()) {}
    /// One that was taken already.
    Lease(Token& token, CK_SESSION_HANDLE session) : token_(&token), session_(session) {}
    ~Lease()
    {
        if (session_ == 0) {
            return;
        }
        if (spoilt_) {
            token_->functions_.C_CloseSession(session_);
        } else {
            token_->give_back(session_);
        }
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    /// 0 when the token has no session left.
    [[nodiscard]] CK_SESSION_HANDLE session() const { return session_; }
    /// An operation may still be active in it: it is closed, not used again.
    void spoil() { spoilt_ = true; }
    /// It stays with the caller.
    [[nodiscard]] CK_SESSION_HANDLE keep() { return std::exchange(session_, 0); }

private:
    Token* token_;
    CK_SESSION_HANDLE session_;
    bool spoilt_ = false;
};

}  // namespace hasim::token
