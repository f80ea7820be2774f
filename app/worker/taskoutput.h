// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/descriptors.h"

#include <cstdint>
#include <optional>
#include <string>

namespace Poolscope::Worker {

/// Marks what an item printed, see core/wire/outputmark.h.
class TaskOutput
{
public:
    explicit TaskOutput(const Descriptors &descriptors)
        : m_out(descriptors.taskOut), m_err(descriptors.taskErr)
    {}

    /// Empty: the parent wants no marks.
    void setMarkToken(std::string token) { m_token = std::move(token); }

    enum class Look
    {
        IfBuffered,    ///< At what the C library has not written yet, which costs nothing.
        WhilePrinting, ///< Also at the pipes, as long as other items printed not long ago.
        Always,
    };
    /// To be called when an item has ended, before its result is sent. \param item  nothing: the set-up
    void itemEnded(std::optional<std::uint64_t> item, Look look);

private:
    bool mark(int descriptor, std::optional<std::uint64_t> item) const;

    const int m_out;
    const int m_err;
    std::string m_token;
    unsigned m_misses = 0; ///< Looks in a row that found nothing.
};

} // namespace Poolscope::Worker
