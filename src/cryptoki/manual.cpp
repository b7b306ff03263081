#include "cryptoki/manual.hpp"

#include <fmt/format.h>

#include "cryptoki/function.hpp"

namespace hasim::cryptoki {
namespace {

struct KindRow {
    Kind kind;
    std::string_view name;
    std::string_view goes_to;
    std::string_view before;  ///< the member fails before the call
    std::string_view during;
    std::string_view after;
};

constexpr KindRow kKinds[] = {
    {Kind::local, "local", "nobody: the module answers it", "nothing", "nothing", "nothing"},
    {Kind::free, "free", "the least busy member", "the next member serves it",
     "the next member serves it; the application sees a pause", "nothing: the result is there"},
    {Kind::writing, "writing", "the least busy member, then the others (with HASynchronize)",
     "the next member serves it",
     "the next member serves it, or takes over what was done already; it is never done twice",
     "every other member has it; the one that failed gets it when it recovers"},
    {Kind::bound, "bound", "the member of the operation's first part",
     "CKR_DEVICE_ERROR, and the operation is over; a new Init goes to another member",
     "CKR_DEVICE_ERROR, and the operation is over; the first part, which brings the Init along, "
     "moves on "
     "to the next member",
     "the operation is over with its next part: CKR_DEVICE_ERROR"},
    {Kind::all, "all", "every active member",
     "the others are asked; LOGINFAILED for one that is found lost at C_Login",
     "the others decide; LOGINFAILED for one that fails in C_Login",
     "its recovery logs in again, if the application still is"},
    {Kind::own, "own",
     "the partition of a slot that is one; on a group nobody: CKR_FUNCTION_NOT_SUPPORTED",
     "CKR_DEVICE_ERROR", "CKR_DEVICE_ERROR; whether it was done is not known", "nothing"},
    {Kind::refused, "refused", "nobody: CKR_FUNCTION_NOT_SUPPORTED", "nothing", "nothing",
     "nothing"},
};

std::string_view name_of(Kind kind)
{
    for (const KindRow& row : kKinds) {
        if (row.kind == kind) {
            return row.name;
        }
    }
    return "?";
}

}  // namespace

std::string functions_manual()
{
    std::string text =
        "# PKCS#11 functions, and a member that fails\n\n"
        "Made from the table in `src/cryptoki/function.hpp`, which the module and the appliances "
        "use. "
        "\"The member\" is the one that serves the call; when nobody else is left, every call that "
        "needs one answers CKR_DEVICE_ERROR.\n\n"
        "## Kinds of calls\n\n"
        "| kind | goes to | fails before it | fails in it | fails after it |\n"
        "| --- | --- | --- | --- | --- |\n";
    for (const KindRow& row : kKinds) {
        text += fmt::format("| {} | {} | {} | {} | {} |\n", row.name, row.goes_to, row.before,
                            row.during, row.after);
    }
    text += "\n## Functions\n\n| function | kind |\n| --- | --- |\n";
    for (const FunctionRow& row : kFunctionTable) {
        text += fmt::format("| `{}` | {} |\n", row.name, name_of(row.kind));
    }
    return text;
}

}  // namespace hasim::cryptoki
