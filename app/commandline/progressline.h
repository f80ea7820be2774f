// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"

#include <QString>

namespace Poolscope {

/// One line on standard error that is written over as the run goes on.
class ProgressLine
{
public:
    /// Whether there is someone to look at it.
    static bool isWanted();
    void show(const RunSnapshot &snapshot);
    void clear();

private:
    bool m_isShown = false;
};

/// "412 of 1,000 items · 2.0 items/s · 4 min 54 s left · 0 errors"
QString progressText(const RunSnapshot &snapshot);

} // namespace Poolscope
