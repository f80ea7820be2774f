// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/itemencoder.h"
#include "core/input/itemsource.h"
#include "core/input/linereader.h"

namespace Poolscope {

/// Every line that is not blank is a JSON value.
class JsonLines final : public ItemSource
{
public:
    explicit JsonLines(std::unique_ptr<ByteStream> stream);

    void cancel() override { m_lines.cancel(); }

protected:
    std::uint32_t fill(std::string &out, std::uint32_t most) override;

private:
    LineReader m_lines;
    const ItemEncoder m_encoder;
};

} // namespace Poolscope
