// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/inputsource.h"

#include <string_view>

namespace Poolscope {

/// What all sources of this folder have in common.
class ItemSource : public InputSource
{
public:
    /// After the end, a cancel() or an error there is nothing more.
    std::uint32_t read(std::string &out, std::uint32_t most) final;

    /// Counts the items that are left, for scanInput().
    virtual std::optional<std::uint64_t> count(const std::function<bool(std::uint64_t)> &keepGoing);

    /// The same for digestInput(), which sees every item.
    std::optional<std::uint64_t> readThrough(const std::function<bool(std::uint64_t)> &keepGoing,
                                             const std::function<void(std::string_view)> &see);

protected:
    /// As read(), called until it gave fewer than `most`.
    virtual std::uint32_t fill(std::string &out, std::uint32_t most) = 0;

private:
    enum class State
    {
        Open,
        Finished
    } m_state = State::Open;
};

} // namespace Poolscope
