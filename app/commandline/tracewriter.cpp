// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/tracewriter.h"

namespace Poolscope {

bool TraceWriter::add(std::span<const ItemRecord> records)
{
    m_trace.append(m_file.lines(), records);
    return m_file.flushIfLarge();
}

bool TraceWriter::close()
{
    if (!isOpen())
        return true;
    m_trace.finish(m_file.lines());
    return m_file.close();
}

} // namespace Poolscope
