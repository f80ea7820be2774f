// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace Poolscope {

enum class OutputStream : std::uint8_t
{
    Stdout,
    Stderr
};

/// Something that a task printed: bytes, not yet lines.
struct TaskOutput
{
    OutputStream stream = OutputStream::Stdout;
    /// The item that printed it; nothing: it was printed outside of items, or by which one cannot be told.
    std::optional<std::uint64_t> item = {};
    std::string_view text = {};
    bool endsItem = false; ///< All that the item printed to this stream has come.
};

} // namespace Poolscope
