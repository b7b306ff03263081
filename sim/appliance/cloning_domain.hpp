/// A cloning domain: the members of an HA group share one, so that keys can be cloned between them without ever leaving
/// it. Here a domain is one token, and a partition is a view of it: the set of its objects that the partition holds. An
/// object has one number in all partitions of its domain.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cryptoki/call.hpp"
#include "hasim/code.hpp"

namespace hasim::sim {

/// What has to be known of an object without asking the token.
struct ObjectFacts {
    cryptoki::ObjectNumber number = 0;
    bool is_private = false;       ///< CKA_PRIVATE: not there for who is not logged in
    bool is_token = true;          ///< CKA_TOKEN; else it ends with the session that made it
    bool may_be_destroyed = true;  ///< CKA_DESTROYABLE
    friend bool operator==(const ObjectFacts&, const ObjectFacts&) = default;
};

/// What a transaction came to, for whoever asks for it again.
struct Transaction {
    bool running = true;
    Code code = Code::ok;
    std::string result;  ///< encoded
    std::vector<cryptoki::ObjectNumber> made;
    std::vector<cryptoki::ObjectNumber> destroyed;
};

class CloningDomain {
public:
    /// Transactions that are remembered (chosen): what is asked for again comes within ReceiveTimeout.
    static constexpr std::size_t kRemembered = 4096;

    explicit CloningDomain(std::uint32_t number) : number_(number) {}

    [[nodiscard]] std::uint32_t number() const { return number_; }

    /// An object that the token has; nobody holds it yet.
    void add(const ObjectFacts& facts) { objects_.try_emplace(facts.number, Object{facts, 0}); }
    /// Null when there is no such object (any more).
    [[nodiscard]] const ObjectFacts* find(cryptoki::ObjectNumber object) const;
    [[nodiscard]] std::vector<cryptoki::ObjectNumber> objects() const;

    /// One partition (or session) more has it, or one less. True when that was the last: it is forgotten, and the token
    /// should destroy it.
    void hold(cryptoki::ObjectNumber object);
    [[nodiscard]] bool let_go(cryptoki::ObjectNumber object);

    /// The transaction of that name, or null. 0 names none.
    [[nodiscard]] Transaction* transaction(std::uint64_t name);
    Transaction& begin(std::uint64_t name);
    void forget(std::uint64_t name) { transactions_.erase(name); }

private:
    struct Object {
        ObjectFacts facts;
        std::uint32_t holders = 0;
    };

    std::uint32_t number_;
    std::map<cryptoki::ObjectNumber, Object> objects_;
    std::map<std::uint64_t, Transaction> transactions_;
    std::deque<std::uint64_t> begun_;  ///< oldest first
};

}  // namespace hasim::sim
