/// What the calls of a token have in common: a session for the time of one, and bytes to hand in.
#pragma once

#include <string>
#include <utility>

#include "token/token.hpp"

namespace hasim::token {

/// Bytes as the interface takes what it only reads: without const.
[[nodiscard]] inline CK_BYTE* bytes_of(const std::string& data)
{
    return reinterpret_cast<CK_BYTE*>(const_cast<char*>(data.data()));
}

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
