// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandline/outputfile.h"
#include "core/pool/run.h"

#include <span>
#include <vector>

namespace Poolscope {

/// Writes a run as Chrome trace events, for Perfetto and other viewers: a track a worker, on it a slice a
/// chunk with the slices of its items inside. Slices of a track nest, as those viewers demand.
class TraceWriter
{
public:
    bool open(const QString &path);
    bool isOpen() const { return m_file.isOpen(); }
    bool add(std::span<const ItemRecord> records);
    bool close();
    void discard() { m_file.discard(); }
    const QString &error() const { return m_file.error(); }

private:
    void writeChunk();
    void writeItem(const ItemRecord &record);
    void nameTrack(std::uint32_t worker);
    void beginEvent();

    OutputFile m_file;
    std::vector<ItemRecord> m_chunk; ///< The items of a chunk come one after the other.
    std::vector<bool> m_named;       ///< By worker.
    bool m_first = true;
};

} // namespace Poolscope
