#include "cryptoki/call.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "cryptoki/field_reader.hpp"

namespace hasim::cryptoki {
namespace {

constexpr std::uint8_t kBegins = 1;
constexpr std::uint8_t kLengthOnly = 2;
constexpr std::uint8_t kAbandons = 4;
constexpr std::uint8_t kHasMechanism = 8;
constexpr std::uint8_t kReadsOnly = 16;
constexpr std::uint8_t kAuthenticated = 32;
constexpr std::uint8_t kAllFlags = 63;

void put(std::string& out, const Template& attributes)
{
    put_number(out, attributes.size());
    for (const Attribute& attribute : attributes) {
        put_number(out, attribute.type);
        put_byte(out, attribute.available ? 1 : 0);
        put_text(out, attribute.value);
    }
}

void put(std::string& out, const std::vector<std::uint64_t>& numbers)
{
    put_number(out, numbers.size());
    for (const std::uint64_t number : numbers) {
        put_number(out, number);
    }
}

Template take_template(FieldReader& in)
{
    Template attributes(in.count(kMaxAttributes, 17));
    for (Attribute& attribute : attributes) {
        attribute.type = in.number();
        attribute.available = in.byte(1) != 0;
        attribute.value = in.text();
    }
    return attributes;
}

std::vector<std::uint64_t> take_numbers(FieldReader& in, std::size_t most)
{
    std::vector<std::uint64_t> numbers(in.count(most, 8));
    for (std::uint64_t& number : numbers) {
        number = in.number();
    }
    return numbers;
}

/// The parts of a bound call belong to its Init, which only the first brings along.
bool has_shape(const Call& call)
{
    const FunctionRow& row = row_of(call.function);
    if (!goes_to_a_member(call.function)) {
        return false;
    }
    const bool bound = row.kind == Kind::bound;
    const bool may_begin = bound && call.begins;
    if ((call.begins || call.abandons) && !bound) {
        return false;
    }
    const bool mechanism_fits =
        call.mechanism.has_value() == (row.shape.mechanism && (!bound || may_begin));
    const std::size_t objects =
        bound && !may_begin && call.function != Function::digest_key ? 0 : row.shape.objects;
    return mechanism_fits && call.objects.size() == objects &&
           call.templates.size() == row.shape.templates && (row.shape.data || call.data.empty()) &&
           (row.shape.more || call.more.empty()) &&
           (call.function == Function::generate_random ? call.number <= kMaxRandom
                                                       : call.number == 0);
}

}  // namespace

std::optional<Function> function_named(std::string_view name)
{
    const auto at =
        std::find_if(kFunctionTable.begin(), kFunctionTable.end(),
                     [&](const FunctionRow& row) { return same_but_for_case(row.name, name); });
    return at == kFunctionTable.end() ? std::nullopt : std::optional(at->function);
}

std::string encode(const Call& call)
{
    std::string out;
    out.reserve(64 + call.data.size() + call.more.size());
    put_byte(out, static_cast<std::uint8_t>(call.function));
    put_byte(out,
             static_cast<std::uint8_t>(
                 (call.begins ? kBegins : 0) | (call.length_only ? kLengthOnly : 0) |
                 (call.abandons ? kAbandons : 0) | (call.reads_only ? kReadsOnly : 0) |
                 (call.authenticated ? kAuthenticated : 0) | (call.mechanism ? kHasMechanism : 0)));
    put_number(out, call.transaction);
    put_number(out, call.session);
    put_number(out, call.number);
    if (call.mechanism) {
        put_number(out, call.mechanism->type);
        put_text(out, call.mechanism->parameter);
    }
    put(out, call.objects);
    put_number(out, call.templates.size());
    for (const Template& attributes : call.templates) {
        put(out, attributes);
    }
    put_text(out, call.data);
    put_text(out, call.more);
    return out;
}

std::optional<Call> decode_call(std::string_view bytes)
{
    FieldReader in(bytes);
    Call call;
    call.function = static_cast<Function>(in.byte(kFunctions - 1));
    const std::uint8_t flags = in.byte(kAllFlags);
    call.begins = (flags & kBegins) != 0;
    call.length_only = (flags & kLengthOnly) != 0;
    call.abandons = (flags & kAbandons) != 0;
    call.reads_only = (flags & kReadsOnly) != 0;
    call.authenticated = (flags & kAuthenticated) != 0;
    call.transaction = in.number();
    call.session = in.number();
    call.number = in.number();
    if ((flags & kHasMechanism) != 0) {
        call.mechanism.emplace();
        call.mechanism->type = in.number();
        call.mechanism->parameter = in.text();
    }
    call.objects = take_numbers(in, kMaxObjects);
    const std::size_t templates = in.count(kMaxTemplates, 8);
    for (std::size_t i = 0; i < templates; ++i) {
        call.templates.push_back(take_template(in));
    }
    call.data = in.text();
    call.more = in.text();
    return in.all_read() && has_shape(call) ? std::optional(std::move(call)) : std::nullopt;
}

std::string encode(const Result& result)
{
    std::string out;
    out.reserve(32 + result.data.size() + 8 * result.numbers.size());
    put(out, result.numbers);
    put(out, result.attributes);
    put_text(out, result.data);
    return out;
}

std::optional<Result> decode_result(std::string_view bytes)
{
    FieldReader in(bytes);
    Result result;
    result.numbers = take_numbers(in, kMaxFound);
    result.attributes = take_template(in);
    result.data = in.text();
    return in.all_read() ? std::optional(std::move(result)) : std::nullopt;
}

std::string encode(const Clone& clone)
{
    std::string out;
    put(out, clone.objects);
    put(out, clone.destroyed);
    return out;
}

std::optional<Clone> decode_clone(std::string_view bytes)
{
    FieldReader in(bytes);
    Clone clone;
    clone.objects = take_numbers(in, kMaxFound);
    clone.destroyed = take_numbers(in, kMaxFound);
    return in.all_read() ? std::optional(std::move(clone)) : std::nullopt;
}

std::string encode_transaction(std::uint64_t transaction)
{
    std::string out;
    put_number(out, transaction);
    return out;
}

std::optional<std::uint64_t> decode_transaction(std::string_view bytes)
{
    FieldReader in(bytes);
    const std::uint64_t transaction = in.number();
    return in.all_read() ? std::optional(transaction) : std::nullopt;
}

}  // namespace hasim::cryptoki
