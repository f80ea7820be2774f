// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/descriptors.h"

namespace Poolscope::Worker {

/// Does the work of a pool without one, to be compared with it: a plain loop, or threads of this process that
/// take one item after another. Nothing but the times of the items leaves the process.
///
/// The parent writes one line to the channel, a JSON object:
///
///     {"way": "loop"|"threads", "processes": threads, "task": {...}, "initializer": {...}, "unpack": bool}
///
/// and the answer is a line, too: {"event": "done", "processes": 1}, or {"event": "failed", "stage":
/// "task"|"initializer"|"compare", "type", "message"} when nothing could be run.
///
/// \param items  a descriptor: the items, a line of JSON text each
/// \param sheet  a descriptor: the memory of core/wire/timesheet.h
/// \returns never before the parent is done with this process: it ends it
[[noreturn]] void runBare(const Descriptors &descriptors, int items, int sheet);

} // namespace Poolscope::Worker
