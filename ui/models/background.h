// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

/// Work that blocks, each piece in a thread of its own: starting and ending processes may not hold up the
/// window.
namespace Poolscope::Background {

/// Does not block.
void run(std::function<void()> work);

/// Blocks until all work is done; called after the window was closed, so that no process stays behind.
void waitForAll();

} // namespace Poolscope::Background
