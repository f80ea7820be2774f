// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/childpipe.h"

#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace Poolscope {

ChildPipe::~ChildPipe()
{
    if (m_own >= 0)
        ::close(m_own);
    closeChild();
}

bool ChildPipe::open(Direction direction)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    const auto [read, write] = ends;
    m_own = direction == Direction::FromChild ? read : write;
    m_child = direction == Direction::FromChild ? write : read;
    // Not the child's end: what a task prints must wait for room.
    fcntl(m_own, F_SETFL, O_NONBLOCK);
    return true;
}

void ChildPipe::closeChild()
{
    if (m_child >= 0)
        ::close(std::exchange(m_child, -1));
}

} // namespace Poolscope
