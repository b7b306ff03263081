// libFuzzer harness for lunacm: whatever is typed, each line ends with a result, and the configuration stays good.
// The input: lines of commands.
#include "harness.hpp"

#include "conf/configuration.hpp"
#include "lunacm/session.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace hasim;

namespace {

class Paper final : public lunacm::Surroundings {
public:
    std::optional<Settings> settings(std::string& problem) override
    {
        conf::Configuration read = conf::read(text, "f");
        if (!read.ok()) {
            problem = "bad";
            return std::nullopt;
        }
        return read.settings;
    }
    std::string edit(const std::function<conf::Edited(std::string_view)>& change) override
    {
        conf::Edited edited = change(text);
        if (!edited.ok()) {
            return edited.problem;
        }
        if (!conf::read(edited.text, "f").ok()) {
            return "the configuration would be wrong";
        }
        text = std::move(edited.text);
        return {};
    }
    std::optional<Running> running() override { return std::nullopt; }
    bool on_terminal() const override { return false; }
    std::optional<std::string> ask(std::string_view, Echo) override { return "proceed"; }
    void write(std::string_view written) override { out += written; }

    std::string text =
        "VirtualToken = {\n  VirtualToken00Label = g;\n  VirtualToken00SN = 11;\n"
        "  VirtualToken00Members = 1, 2;\n}\n";
    std::string out;
};

}  // namespace

HASIM_FUZZ(lunacm)
(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kMost = 2048;
    std::string_view rest(reinterpret_cast<const char*>(data), std::min(size, kMost));
    Paper paper;
    lunacm::Session session(paper);
    while (!rest.empty() && !session.over()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        static_cast<void>(lunacm::completions(line));
        paper.out.clear();
        session.run(line);
        HASIM_ASSERT(paper.out.empty() ||
                     paper.out.find("\nCommand Result : ") != std::string::npos);
        HASIM_ASSERT(conf::read(paper.text, "f").ok());
    }
    return 0;
}
