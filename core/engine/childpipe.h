// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace Poolscope {

/// The two ends of a pipe between this process and a child: ours never blocks, the child's is left as
/// programs expect theirs to be.
class ChildPipe
{
public:
    enum class Direction
    {
        FromChild,
        ToChild,
    };

    ChildPipe() = default;
    ~ChildPipe();
    ChildPipe(const ChildPipe &) = delete;
    ChildPipe &operator=(const ChildPipe &) = delete;

    /// \returns false when there are no descriptors left, see errno
    bool open(Direction direction);
    /// -1 before open().
    int own() const { return m_own; }
    /// For the child; to be closed here once it has its own.
    int child() const { return m_child; }
    void closeChild();

private:
    int m_own = -1;
    int m_child = -1;
};

} // namespace Poolscope
