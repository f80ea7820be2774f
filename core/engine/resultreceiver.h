// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/resultbatch.h"

#include <QString>

#include <cstdint>
#include <exception>

namespace Poolscope {

/// How a job ended.
struct JobEnd
{
    QString failure;               ///< Why its workers could not be started; empty when they could.
    std::exception_ptr inputError; ///< What its input threw; null when it came to its end.
    bool wasCutOff = false;        ///< The pool ended, or failed, before every item had run.
};

/// Where the results of one job go, in the order of delivery. Called in the engine thread; must not block.
class ResultReceiver
{
public:
    virtual ~ResultReceiver() = default;
    /// A worker is at its first item.
    virtual void begun() {}
    virtual void push(ResultBatch &results) = 0; ///< Leaves it empty.
    /// Nothing more will come.
    virtual void finish(const JobEnd &end) = 0;
    /// Items that whoever is behind this has taken since the last call; they make room for more (S9.3).
    virtual std::uint64_t takenSinceLast() { return 0; }
};

} // namespace Poolscope
