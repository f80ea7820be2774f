// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/itemrecord.h"
#include "core/pool/value.h"

#include <chrono>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>

namespace Poolscope {

class ResultStream;

/// The results of imap and imapUnordered, one at a time, whatever the chunk size (S4.7). It can be gone
/// through once; dropping it does not stop its items, they still run (S4.6). One thread uses it at a time.
///
///     for (const Value &value : pool.imap("square", {1, 2, 3})) ...
class ResultIterator
{
public:
    explicit ResultIterator(std::unique_ptr<ResultStream> stream);
    ~ResultIterator();
    ResultIterator(ResultIterator &&) noexcept;
    ResultIterator &operator=(ResultIterator &&) noexcept;

    /// The next result; nothing at the end, however often it is asked again.
    ///
    /// An item that failed throws at its place, and the call after it goes on with the next one (S5.6). Where
    /// an error ended the rest of its chunk (OnError::Raise), that rest is passed over (S5.7).
    ///
    /// Throws
    /// - TaskFailed or WorkerLost, the item's;
    /// - Cancelled or PoolFailed, once, for all items that will not run any more; items behind them that were
    ///   done follow;
    /// - what the input threw, once, after the results before it (S5.13).
    std::optional<Value> next();
    /// \throws TimeoutError when it is not there by then; the next call can still return it (S6.5)
    std::optional<Value> next(std::chrono::nanoseconds timeout);
    template <typename T>
    std::optional<T> next()
    {
        const std::optional<Value> value = next();
        return value ? std::optional<T>(value->to<T>()) : std::nullopt;
    }
    template <typename T>
    std::optional<T> next(std::chrono::nanoseconds timeout)
    {
        const std::optional<Value> value = next(timeout);
        return value ? std::optional<T>(value->to<T>()) : std::nullopt;
    }

    /// The next item's outcome, whatever it is; every item of the input comes by exactly once. Throws only
    /// what the input threw, and TimeoutError.
    std::optional<ItemRecord> nextRecord(std::optional<std::chrono::nanoseconds> timeout = std::nullopt);

    class Iterator
    {
    public:
        using iterator_concept = std::input_iterator_tag;
        using difference_type = std::ptrdiff_t;
        using value_type = Value;

        const Value &operator*() const { return *m_value; }
        const Value *operator->() const { return &*m_value; }
        Iterator &operator++()
        {
            m_value = m_results->next();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return !m_value; }

    private:
        friend class ResultIterator;
        explicit Iterator(ResultIterator *results) : m_results(results), m_value(results->next()) {}
        ResultIterator *m_results;
        std::optional<Value> m_value;
    };
    /// Takes the first result: throws as next() does. After an error the same loop can be begun again, and
    /// goes on behind it.
    Iterator begin() { return Iterator(this); }
    std::default_sentinel_t end() const { return std::default_sentinel; }

private:
    std::unique_ptr<ResultStream> m_stream;
};

} // namespace Poolscope
