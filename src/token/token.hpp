/// One token of a PKCS#11 module: makes the calls that appliances were asked for. Its sessions are the lab's, logged in
/// for good; who may see and do what is decided before a call gets here (sim/appliance).
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "cryptoki/native.hpp"
#include "hasim/ids.hpp"
#include "sim/appliance/cloning_domain.hpp"
#include "token/catalogue.hpp"
#include "token/working_keys.hpp"

namespace hasim::token {

/// What came of a call.
struct Outcome {
    CK_RV code = CKR_OK;
    cryptoki::Result result;
    std::vector<sim::ObjectFacts> made;  ///< objects that did not exist before
};

/// May be used from several threads at once; a call may take seconds.
class Token {
public:
    Token(CK_FUNCTION_LIST& functions, CK_SLOT_ID slot)
        : functions_(functions), slot_(slot), keys_(functions), catalogue_(functions)
    {
    }
    ~Token();
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;

    /// Opens the session that stays, and logs in.
    [[nodiscard]] CK_RV open(std::string_view pin);

    /// Makes the call. `connection` tells the operations of several parts of different clients apart.
    [[nodiscard]] Outcome execute(const cryptoki::Call& call, ConnectionId connection);

    /// C_GenerateRandom on a session of its own, without a lock: for one thread, which must not wait.
    [[nodiscard]] Outcome generate_random(const cryptoki::Call& call)
    {
        return random(loop_, call);
    }

    /// Operations of that connection are over.
    void forget(ConnectionId connection);

    /// Every object there is.
    [[nodiscard]] std::vector<sim::ObjectFacts> objects();

private:
    class Lease;
    using OperationKey = std::tuple<ConnectionId, std::uint64_t, int>;

    [[nodiscard]] CK_RV catalogue();
    [[nodiscard]] CK_SESSION_HANDLE take_session();
    void give_back(CK_SESSION_HANDLE session);
    [[nodiscard]] sim::ObjectFacts facts_of(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);

    // token_calls.cpp, by what a call is about
    [[nodiscard]] Outcome random(CK_SESSION_HANDLE session, const cryptoki::Call& call);
    [[nodiscard]] Outcome about_token(const cryptoki::Call& call);
    [[nodiscard]] Outcome make_object(const cryptoki::Call& call);
    [[nodiscard]] Outcome about_object(const cryptoki::Call& call);
    [[nodiscard]] Outcome attributes(CK_SESSION_HANDLE session, const cryptoki::Call& call);
    [[nodiscard]] Outcome find(const cryptoki::Call& call);
    // token_operations.cpp
    [[nodiscard]] Outcome begin_and_drop(const cryptoki::Call& call);
    [[nodiscard]] Outcome one_part(const cryptoki::Call& call);
    [[nodiscard]] Outcome next_part(const cryptoki::Call& call, ConnectionId connection);
    [[nodiscard]] Outcome wrap(const cryptoki::Call& call);
    [[nodiscard]] CK_RV begin(CK_SESSION_HANDLE session, cryptoki::Function init,
                              const cryptoki::Call& call);
    [[nodiscard]] bool asks_login(const cryptoki::Call& call);
    [[nodiscard]] CK_RV begin_to_work(CK_SESSION_HANDLE session, cryptoki::Function init,
                                      const cryptoki::Call& call);

    CK_FUNCTION_LIST& functions_;
    CK_SLOT_ID slot_;
    std::string pin_;               ///< the lab's own
    CK_SESSION_HANDLE keeper_ = 0;  ///< keeps the login, and owns session objects
    CK_SESSION_HANDLE loop_ = 0;    ///< of generate_random
    WorkingKeys keys_;
    Catalogue catalogue_;
    std::mutex mutex_;
    std::vector<CK_SESSION_HANDLE> idle_;
    std::map<OperationKey, CK_SESSION_HANDLE>
        operations_;  ///< but for those that a thread works on
};

}  // namespace hasim::token
