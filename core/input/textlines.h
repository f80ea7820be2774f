// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/itemencoder.h"
#include "core/input/itemsource.h"
#include "core/input/linereader.h"

namespace Poolscope {

/// Every line is an item, an empty one too.
class TextLines final : public ItemSource
{
public:
    TextLines(std::unique_ptr<ByteStream> stream, ItemType type);

    std::optional<std::uint64_t> count(const std::function<bool(std::uint64_t)> &keepGoing) override;
    void cancel() override { m_lines.cancel(); }

protected:
    std::uint32_t fill(std::string &out, std::uint32_t most) override;

private:
    void requireUtf8Lines(std::string_view lines, std::uint64_t firstLine) const;

    LineReader m_lines;
    const ItemType m_type;
    const ItemEncoder m_encoder;
};

} // namespace Poolscope
