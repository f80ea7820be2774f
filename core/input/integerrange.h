// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/itemsource.h"

#include <QStringView>

#include <atomic>

namespace Poolscope {

/// range:STOP, range:START:STOP and range:START:STOP:STEP, as Python's range counts.
class IntegerRange final : public ItemSource
{
public:
    /// \param numbers  what stands behind "range:"
    explicit IntegerRange(QStringView numbers);

    std::optional<std::uint64_t> count(const std::function<bool(std::uint64_t)> &keepGoing) override;
    void cancel() override { m_cancelled.store(true, std::memory_order_relaxed); }

protected:
    std::uint32_t fill(std::string &out, std::uint32_t most) override;

private:
    // Unsigned: the difference of two 64-bit numbers may need all 64 bits, and steps may wrap harmlessly.
    std::uint64_t m_next = 0;
    std::uint64_t m_step = 1;
    std::uint64_t m_left = 0;
    std::atomic<bool> m_cancelled = false;
};

} // namespace Poolscope
