// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfeed.h"

#include <memory>

/// Destroys runs in a thread of their own: the destructor of a run that goes on ends its processes first,
/// which takes up to two seconds, and a large recording takes its time to be freed. Neither may hold up the
/// window.
namespace Poolscope::RunReaper {

/// Does not block. A run that goes on is stopped.
void take(std::unique_ptr<RunFeed> feed);

/// Blocks until all that was taken is gone; called by main() after the window was closed, so that no process
/// stays behind.
void waitForAll();

} // namespace Poolscope::RunReaper
