// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/run.h"

#include <QString>

namespace Poolscope {

/// All there is to say of an item that raised or was lost, or of a worker that died, as plain text to be read
/// in a font of one width: what, why, on which item, and the last words.
/// \param failure  the item; null: the death is known of only
/// \param death    how its worker ended; null: it did not, or that is not known
QString obituary(const ItemRecord *failure, const WorkerDeath *death);

} // namespace Poolscope
