// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/itemresult.h"
#include "core/pool/itemrecord.h"

#include <exception>

namespace Poolscope {

/// The record that people see of a result; takes its payload.
/// \param began  zero of the record's times
ItemRecord recordOf(ItemResult &&result, Time began, std::uint64_t chunksize);

ItemSpan spanOf(const ItemResult &result, Time began);

/// The TaskFailed, WorkerLost or Cancelled for an item that is not ok.
std::exception_ptr failureOf(const ItemResult &result);

} // namespace Poolscope
