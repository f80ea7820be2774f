// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/descriptors.h"

/// A task may fork() and return in both processes. The copy has the items of its chunk before it and the
/// memory that the parent reads results from, but neither is its own: it must end where the task returns.
namespace Poolscope::Worker {

/// From now on a copy of this process knows that it is one, and does not hold the channel open.
void watchForks(const Descriptors &descriptors, int wake, int timer);

bool isForkedCopy();

/// Ends a copy as a program of its own would end.
[[noreturn]] void endForkedCopy(int status);

} // namespace Poolscope::Worker
