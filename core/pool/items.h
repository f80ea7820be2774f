// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/inputsource.h"
#include "core/pool/value.h"

#include <QString>

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <type_traits>

namespace Poolscope {

/// The input of a job: items that are there already, or come one by one. Moved into the call that uses it.
///
///     pool.map("square", {1, 2, 3});
///     pool.map("square", numbers);     // an item for each element of a vector; {numbers} is one item, an
///     array pool.map("square", std::views::iota(1, 1000)); pool.starmap("add", {{1, 2}, {3, 4}});
///     pool.imap("square", Items::generate([n = 0]() mutable { return std::optional<Value>(n++); }));
///     pool.imap("word_count", Items::input("words.txt"));
class Items
{
public:
    Items() = default; ///< None at all (S2.6).
    Items(std::initializer_list<Value> values);
    /// Rows of positional arguments, for starmap. A row of one is written std::tuple(1): {1} is not told
    /// from 1.
    Items(std::initializer_list<std::initializer_list<Value>> rows);

    /// What `for` gives of a range that ends, copied at once in the calling thread (S2.4, S2.8). Text is no
    /// range of items, nor is a map: std::views::keys(map) gives its keys. \throws ValueError for an item
    /// that JSON cannot carry
    template <std::ranges::input_range Range>
    requires(!std::same_as<std::remove_cvref_t<Range>, Items> && ValueText::List<Range>) Items(Range &&range)
    {
        for (auto &&item : range) {
            ValueText::appendAny<std::ranges::range_value_t<Range>>(m_lines, item);
            endItem();
        }
    }

    /// Asked for the next item until it gives none. imap and imapUnordered ask in a thread of the pool, as
    /// the results are taken (S9.1, S9.3); the other methods ask for all at once in the calling thread. What
    /// it throws ends the input: the results before it are delivered, then it is thrown where they are taken
    /// (S5.13).
    ///
    /// A pool that ends waits for a call that has not returned for a second, then leaves it to itself (S7.8):
    /// what a function that may block for longer uses must live as long as it does.
    /// \throws ValueError when there is no function to ask
    static Items generate(std::function<std::optional<Value>()> next);

    /// An input as `poolscope-run --input` takes it: a file, range:STOP, glob:PATTERN, - for standard input.
    /// What is found to be wrong with it while it is read ends the input with a ValueError, as above.
    /// \throws ValueError when it makes no sense or cannot be opened
    static Items input(const QString &text, const InputOptions &options = {});

    Items(Items &&) noexcept = default;
    Items &operator=(Items &&) noexcept = default;

private:
    friend class Pool;
    friend class ItemsTest;

    void endItem()
    {
        m_lines += '\n';
        ++m_count;
    }
    /// Takes in all that a source still has. \throws what the source throws
    void readAll();

    std::string m_lines; ///< JSON texts, each ended by '\n'.
    std::uint64_t m_count = 0;
    std::unique_ptr<InputSource> m_source; ///< Null when all is in m_lines.
    bool m_mayWait = true; ///< The source makes its reader wait: nothing is held back for more.
};

} // namespace Poolscope
