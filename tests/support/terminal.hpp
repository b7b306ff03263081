/// Running the built program on a pseudo-terminal: what is typed, and what stands on the screen.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/environment.hpp"

namespace hasim::test {

/// What is typed, once `when` was shown since the last typing.
struct Typed {
    std::string when;
    std::string keys;
};

struct Shown {
    std::string raw;
    std::vector<std::string> lines;  ///< of the screen, and what scrolled off it
    int status = 0;                  ///< as waitpid has it
    bool same_terminal = false;      ///< at the end its settings are those of the start
};

/// Puts bytes on a screen that knows what hasim uses: new line, carriage return, up, erase to the end of the line and
/// of the screen, colours.
class Screen {
public:
    explicit Screen(std::size_t width) : width_(width) {}

    void put(const std::string& bytes);
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

private:
    std::string& line();
    void obey(char command, std::size_t count);

    std::size_t width_;
    std::size_t row_ = 0;
    std::size_t column_ = 0;
    std::vector<std::string> lines_;
};

/// `program` on a terminal of 50 rows, to its end.
[[nodiscard]] Shown run_on_terminal(const std::vector<std::string>& arguments, std::size_t width,
                                    const std::vector<Typed>& typed = {},
                                    const std::filesystem::path& program = binary());

}  // namespace hasim::test
