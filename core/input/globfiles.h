// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/globwalker.h"
#include "core/input/itemsource.h"

#include <atomic>

namespace Poolscope {

/// The paths that a pattern matches, always as text: a file called 12 is no number.
class GlobFiles final : public ItemSource
{
public:
    /// \throws InputError also when no file matches
    explicit GlobFiles(const QString &pattern);

    void cancel() override { m_cancelled.store(true, std::memory_order_relaxed); }

protected:
    std::uint32_t fill(std::string &out, std::uint32_t most) override;

private:
    GlobWalker m_walker;
    std::string m_path;
    enum class Ahead
    {
        Path,
        Nothing
    } m_ahead = Ahead::Nothing; ///< whether m_path is still to be given out
    std::atomic<bool> m_cancelled = false;
};

} // namespace Poolscope
