// Goal: a search finds what a look at every object would, whatever happened to objects before.
#include <algorithm>
#include <set>
#include <variant>

#include "base/random.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "token/token_module.hpp"

using namespace hasim;
using namespace hasim::token;
using cryptoki::Attribute;
using cryptoki::Call;
using cryptoki::Function;
using cryptoki::Template;

namespace {

Attribute labelled(const std::string& label)
{
    return {CKA_LABEL, label, true};
}

Attribute numbered(const std::string& id)
{
    return {CKA_ID, id, true};
}

Attribute number_of(CK_ATTRIBUTE_TYPE type, CK_ULONG value)
{
    return {type, {reinterpret_cast<const char*>(&value), sizeof value}, true};
}

/// A token, and what its objects should be.
class Shelf {
public:
    Shelf()
        : module_(std::get<std::unique_ptr<TokenModule>>(
              TokenModule::load({{}, directory_.path().string() + "/tokens", 1})))
    {
    }

    std::uint64_t make(const std::string& label, const std::string& id)
    {
        Call call;
        call.function = Function::create_object;
        call.templates = {{number_of(CKA_CLASS, CKO_SECRET_KEY),
                           number_of(CKA_KEY_TYPE, CKK_AES),
                           {CKA_VALUE, std::string(16, 'v'), true},
                           labelled(label),
                           numbered(id)}};
        const Outcome made = run(call);
        REQUIRE(made.code == CKR_OK);
        return made.result.numbers.front();
    }

    std::uint64_t copy(std::uint64_t object, const std::string& label)
    {
        Call call;
        call.function = Function::copy_object;
        call.objects = {object};
        call.templates = {{labelled(label)}};
        const Outcome made = run(call);
        REQUIRE(made.code == CKR_OK);
        return made.result.numbers.front();
    }

    void change(std::uint64_t object, const Attribute& attribute)
    {
        Call call;
        call.function = Function::set_attribute_value;
        call.objects = {object};
        call.templates = {{attribute}};
        REQUIRE(run(call).code == CKR_OK);
    }

    void destroy(std::uint64_t object)
    {
        Call call;
        call.function = Function::destroy_object;
        call.objects = {object};
        REQUIRE(run(call).code == CKR_OK);
    }

    std::set<std::uint64_t> found(const Template& wanted)
    {
        Call call;
        call.function = Function::find_objects_init;
        call.templates = {wanted};
        const Outcome outcome = run(call);
        REQUIRE(outcome.code == CKR_OK);
        return {outcome.result.numbers.begin(), outcome.result.numbers.end()};
    }

    /// What a look at every object finds.
    std::set<std::uint64_t> looked_up(const Template& wanted)
    {
        std::set<std::uint64_t> fitting;
        for (const std::uint64_t object : found({})) {
            Call call;
            call.function = Function::get_attribute_value;
            call.objects = {object};
            call.templates = {wanted};
            const Template values = run(call).result.attributes;
            if (std::equal(values.begin(), values.end(), wanted.begin(), wanted.end())) {
                fitting.insert(object);
            }
        }
        return fitting;
    }

private:
    Outcome run(const Call& call) { return module_->token(0).execute(call, ConnectionId{1}); }

    test::TemporaryDirectory directory_;
    std::unique_ptr<TokenModule> module_;
};

}  // namespace

TEST_CASE("searches by label and number find what is there, before and after every change")
{
    Shelf shelf;
    Random random(7);
    const auto some = [&](const char* letters) { return std::string(1, letters[random.below(4)]); };
    std::vector<std::uint64_t> objects;
    for (int i = 0; i < 120; ++i) {
        const std::uint64_t what = objects.empty() ? 0 : random.below(6);
        const std::size_t at = objects.empty() ? 0 : random.below(objects.size());
        switch (what) {
        case 0:
        case 1: objects.push_back(shelf.make(some("abc"), some("123"))); break;
        case 2: objects.push_back(shelf.copy(objects[at], some("abc"))); break;
        case 3: shelf.change(objects[at], labelled(some("abc"))); break;
        case 4: shelf.change(objects[at], numbered(some("123"))); break;
        default:
            shelf.destroy(objects[at]);
            objects.erase(objects.begin() + static_cast<std::ptrdiff_t>(at));
        }
        const Template wanted = random.below(2) == 0
                                    ? Template{labelled(some("abc"))}
                                    : Template{numbered(some("123")), labelled(some("abc")),
                                               number_of(CKA_CLASS, CKO_SECRET_KEY)};
        CAPTURE(i, what);
        CHECK(shelf.found(wanted) == shelf.looked_up(wanted));
    }
    CHECK(shelf.found({labelled("a"), number_of(CKA_CLASS, CKO_DATA)}).empty());
    CHECK(shelf.found({labelled("nobody's")}).empty());
}

TEST_CASE("long values are found too, and what a key keeps to itself is not")
{
    Shelf shelf;
    const std::string label(1000, 'l');
    const std::uint64_t object = shelf.make(label, "1");
    CHECK(shelf.found({labelled(label)}) == std::set<std::uint64_t>{object});
    CHECK(shelf.found({labelled(label.substr(1))}).empty());
    CHECK(shelf.found({labelled(label), {CKA_VALUE, std::string(16, 'v'), true}}).empty());
    CHECK(shelf.found({labelled(label), number_of(CKA_VALUE_LEN, 16)}).size() == 1);
}
