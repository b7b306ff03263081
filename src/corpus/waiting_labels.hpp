/// Labels whose log has no last name yet, in little memory however long that takes.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <type_traits>
#include <vector>

#include "corpus/labels.hpp"

namespace hasim::corpus {

/// A list of labels in the order of their coming. What goes beyond kInMemory waits in a temporary file without a name.
/// All of these throw OutputError when that cannot be written or read.
class WaitingLabels {
public:
    void add(const Label& label);

    /// Calls `use` for each, and is empty then.
    template <class Use>
    void take_all(Use use)
    {
        rewind();
        std::vector<Label> block(kBlock);
        while (const std::size_t count = read(block)) {
            for (std::size_t i = 0; i < count; ++i) {
                use(block[i]);
            }
        }
        for (const Label& label : newest_) {
            use(label);
        }
        clear();
    }

private:
    static constexpr std::size_t kInMemory = 65536;
    static constexpr std::size_t kBlock = 4096;
    static_assert(std::is_trivially_copyable_v<Label>);

    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    void spill();
    void rewind();
    [[nodiscard]] std::size_t read(std::vector<Label>& block);
    void clear();

    std::vector<Label> newest_;
    std::unique_ptr<std::FILE, Close> older_;
    std::uint64_t in_file_ = 0;  ///< labels in older_ that were not read yet
};

}  // namespace hasim::corpus
