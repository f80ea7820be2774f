// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandline/outputfile.h"
#include "core/pool/traceformat.h"

#include <span>

namespace Poolscope {

/// Writes a run to a file as Chrome trace events.
class TraceWriter
{
public:
    bool open(const QString &path) { return m_file.open(path); }
    bool isOpen() const { return m_file.isOpen(); }
    bool add(std::span<const ItemRecord> records);
    bool close();
    void discard() { m_file.discard(); }
    const QString &error() const { return m_file.error(); }

private:
    OutputFile m_file;
    TraceFormat m_trace;
};

} // namespace Poolscope
