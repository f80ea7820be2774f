// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace Poolscope::Worker {

/// The protocol's descriptors, out of reach of task code.
struct Descriptors
{
    int in = -1;
    int out = -1;
    int taskOut = -1; ///< Where the task's standard output goes, whatever it does to 1.
    int taskErr = -1;
};

/// Moves the protocol away from 0 and 1 before any foreign code runs: afterwards 0 is empty and 1 goes to the
/// task's output, so a task may read, print to and close them as it likes.
/// \param taskOutput  for 1, closed here; -1: where 2 goes
Descriptors takeDescriptors(int taskOutput);

// Out of reach, too.
int makeWakeDescriptor();  ///< An eventfd.
int makeTimerDescriptor(); ///< A timerfd.

struct RecorderMemory
{
    void *address = nullptr; ///< Null: none.
    std::size_t size = 0;
};
/// Maps and closes the descriptor.
RecorderMemory mapRecorder(int descriptor);

/// The parent is gone or makes no sense any more: ends this process and those it started.
[[noreturn]] void endWithoutParent();

/// As endWithoutParent() for an error in the program itself or its parent, said on stderr.
[[noreturn]] void endBroken(const char *what);

} // namespace Poolscope::Worker
