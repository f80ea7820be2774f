// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/poolfeed.h"

#include <memory>

namespace Poolscope {

/// Opens a pool with what a job says of processes, maxtasksperchild, initializer and Python. Blocks, as its
/// destruction does.
/// \throws ValueError, PoolFailed  as Pool does
std::unique_ptr<PoolFeed> openPool(const JobSpec &spec);

} // namespace Poolscope
