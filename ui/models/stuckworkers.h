// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"

namespace Poolscope {

/// Whether a worker is at one item for so long that the eye should find it: for three times what 95 % of the
/// items took at most, and for a second at least. Never while too few items have ended to say.
bool isStuck(const WorkerSnapshot &worker, const RunSnapshot &snapshot);

} // namespace Poolscope
