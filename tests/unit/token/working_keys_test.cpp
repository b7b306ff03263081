// Goal: a key that works through a copy behaves as the key does: nobody finds the copy, and a change of the key holds.
#include <variant>

#include "support/catch.hpp"
#include "support/environment.hpp"
#include "token/token_module.hpp"

using namespace hasim;
using namespace hasim::token;
using cryptoki::Call;
using cryptoki::Function;

namespace {

constexpr ConnectionId kClient{1};

std::string text_of(CK_ULONG number)
{
    return {reinterpret_cast<const char*>(&number), sizeof number};
}

cryptoki::Attribute flag(CK_ATTRIBUTE_TYPE type, bool value)
{
    return {type, std::string(1, value ? '\1' : '\0'), true};
}

/// A token of its own, and an AES key in it that is a token object.
class Desk {
public:
    explicit Desk(const cryptoki::Template& more = {})
        : module_(std::get<std::unique_ptr<TokenModule>>(
              TokenModule::load({{}, directory_.path().string() + "/tokens", 1})))
    {
        Call call;
        call.function = Function::generate_key;
        call.mechanism = cryptoki::Mechanism{CKM_AES_KEY_GEN, {}};
        call.templates = {
            {flag(CKA_TOKEN, true), flag(CKA_ENCRYPT, true), {CKA_VALUE_LEN, text_of(16), true}}};
        call.templates.front().insert(call.templates.front().end(), more.begin(), more.end());
        const Outcome made = run(call);
        REQUIRE(made.code == CKR_OK);
        key_ = made.result.numbers.front();
    }

    Outcome run(const Call& call) { return module_->token(0).execute(call, kClient); }

    /// The code of one encryption with the key.
    CK_RV encrypt()
    {
        Call call;
        call.function = Function::encrypt;
        call.mechanism = cryptoki::Mechanism{CKM_AES_ECB, {}};
        call.objects = {key_};
        call.data = std::string(16, 'x');
        const Outcome outcome = run(call);
        output_ = outcome.result.data;
        return outcome.code;
    }

    /// So often that a copy works from then on.
    void warm_up()
    {
        for (int i = 0; i < 3; ++i) {
            REQUIRE(encrypt() == CKR_OK);
        }
    }

    CK_RV change(const cryptoki::Attribute& attribute)
    {
        Call call;
        call.function = Function::set_attribute_value;
        call.objects = {key_};
        call.templates = {{attribute}};
        return run(call).code;
    }

    std::vector<std::uint64_t> found()
    {
        Call call;
        call.function = Function::find_objects_init;
        call.templates.emplace_back();
        return run(call).result.numbers;
    }

    [[nodiscard]] std::uint64_t key() const { return key_; }
    [[nodiscard]] const std::string& output() const { return output_; }
    TokenModule& module() { return *module_; }

private:
    test::TemporaryDirectory directory_;
    std::unique_ptr<TokenModule> module_;
    std::uint64_t key_ = 0;
    std::string output_;
};

}  // namespace

TEST_CASE("a key gives the same whether it works itself or through its copy")
{
    Desk desk;
    REQUIRE(desk.encrypt() == CKR_OK);
    const std::string first = desk.output();
    desk.warm_up();
    CHECK(desk.output() == first);
}

TEST_CASE("no search finds the copy of a key")
{
    Desk desk;
    desk.warm_up();
    CHECK(desk.found() == std::vector<std::uint64_t>{desk.key()});
    CHECK(desk.module().token(0).objects().size() == 1);
}

TEST_CASE("what a key may no longer do, its copy does not do either")
{
    Desk desk;
    desk.warm_up();
    REQUIRE(desk.change(flag(CKA_ENCRYPT, false)) == CKR_OK);
    CHECK(desk.encrypt() == CKR_KEY_FUNCTION_NOT_PERMITTED);
    REQUIRE(desk.change(flag(CKA_ENCRYPT, true)) == CKR_OK);
    desk.warm_up();
}

TEST_CASE("a destroyed key does not go on through its copy")
{
    Desk desk;
    desk.warm_up();
    Call destroy;
    destroy.function = Function::destroy_object;
    destroy.objects = {desk.key()};
    REQUIRE(desk.run(destroy).code == CKR_OK);
    CHECK(desk.encrypt() != CKR_OK);
    CHECK(desk.found().empty());
}

TEST_CASE("a key that must not be copied works as it is")
{
    Desk desk({flag(CKA_COPYABLE, false)});
    desk.warm_up();
    CHECK(desk.found() == std::vector<std::uint64_t>{desk.key()});
}
