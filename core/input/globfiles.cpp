// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/globfiles.h"

#include "core/input/inputerrors.h"
#include "core/input/jsontext.h"

namespace Poolscope {

GlobFiles::GlobFiles(const QString &pattern) : m_walker(pattern)
{
    if (!m_walker.next(m_path))
        throw InputError(
            InputError::Kind::Content,
            InputMessages::tr("glob:%1: no file matches; check the folder, and note that * does not "
                              "match names that begin with a dot")
                .arg(pattern));
    m_ahead = Ahead::Path;
}

std::uint32_t GlobFiles::fill(std::string &out, std::uint32_t most)
{
    std::uint32_t count = 0;
    while (count < most && m_ahead == Ahead::Path && !m_cancelled.load(std::memory_order_relaxed)) {
        appendJsonString(out, m_path);
        out += '\n';
        ++count;
        m_ahead = Ahead::Nothing;
        if (m_walker.next(m_path))
            m_ahead = Ahead::Path;
    }
    return count;
}

} // namespace Poolscope
