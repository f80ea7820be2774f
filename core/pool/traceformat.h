// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/itemrecord.h"

#include <span>
#include <string>
#include <vector>

namespace Poolscope {

/// A run as Chrome trace events, for Perfetto and other viewers: a track a worker, on it a slice a chunk with
/// the slices of its items inside. Slices of a track nest, as those viewers demand.
class TraceFormat
{
public:
    /// Appends what is certain by now.
    void append(std::string &out, std::span<const ItemRecord> records);
    /// Appends the rest: the text is then whole.
    void finish(std::string &out);

private:
    void appendChunk(std::string &out);
    void appendItem(std::string &out, const ItemRecord &record);
    void nameTrack(std::string &out, std::uint32_t worker);
    void beginEvent(std::string &out);

    std::vector<ItemRecord> m_chunk; ///< The items of a chunk come one after the other.
    std::vector<bool> m_named;       ///< By worker.
    bool m_first = true;
};

} // namespace Poolscope
