// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/bytestream.h"
#include "core/input/itemsource.h"
#include "core/input/jsonscanner.h"

namespace Poolscope {

/// The elements of a file that is one JSON array. The file is loaded whole and checked before the first item:
/// a broken array has no items.
class JsonArray final : public ItemSource
{
public:
    explicit JsonArray(std::unique_ptr<ByteStream> stream);

    void cancel() override { m_stream->cancel(); }

protected:
    std::uint32_t fill(std::string &out, std::uint32_t most) override;

private:
    void load();
    void check() const;

    const std::unique_ptr<ByteStream> m_stream;
    std::string m_text;
    std::optional<JsonScanner> m_elements; ///< stands before the next element; nothing until loaded
};

} // namespace Poolscope
