// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace Poolscope {

/// Values under keys that count up from 0, most of which live a short time: add at the end, take out
/// anywhere, at the cost of a queue instead of that of a hash table. The few that outlive those around them
/// cost their own memory only. Pointers hold until the next remove().
template <typename T>
class SlidingMap
{
public:
    std::uint64_t add(T value)
    {
        m_entries.emplace_back(std::move(value));
        ++m_size;
        return m_first + m_entries.size() - 1;
    }

    T *find(std::uint64_t key)
    {
        if (key < m_first) {
            const auto old = m_old.find(key);
            return old == m_old.end() ? nullptr : &old->second;
        }
        if (key - m_first >= m_entries.size())
            return nullptr;
        auto &entry = m_entries[key - m_first];
        return entry ? &*entry : nullptr;
    }
    const T *find(std::uint64_t key) const { return const_cast<SlidingMap *>(this)->find(key); }

    void remove(std::uint64_t key)
    {
        if (!find(key))
            return;
        --m_size;
        if (key < m_first) {
            m_old.erase(key);
            return;
        }
        m_entries[key - m_first].reset();
        while (!m_entries.empty() && !m_entries.front()) {
            m_entries.pop_front();
            ++m_first;
        }
        if (m_entries.size() >= manyEntries && (m_size - m_old.size()) * sparse < m_entries.size())
            moveToOld();
    }

    std::uint64_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }

    /// Calls f(key, value) for each, in the order of the keys. f must not add or remove.
    template <typename F>
    void forEach(F f)
    {
        for (auto &[key, value] : m_old)
            f(key, value);
        for (std::size_t i = 0; i < m_entries.size(); ++i)
            if (m_entries[i])
                f(m_first + i, *m_entries[i]);
    }

private:
    static constexpr std::size_t manyEntries = 4096;
    static constexpr std::size_t sparse = 16;

    void moveToOld()
    {
        for (std::optional<T> &entry : m_entries) {
            if (entry)
                m_old.emplace_hint(m_old.end(), m_first, std::move(*entry));
            ++m_first;
        }
        m_entries.clear();
    }

    std::map<std::uint64_t, T> m_old; ///< Those below m_first.
    std::deque<std::optional<T>> m_entries;
    std::uint64_t m_first = 0;
    std::uint64_t m_size = 0;
};

} // namespace Poolscope
