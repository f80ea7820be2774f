// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"

#include <QString>

namespace Poolscope {

class ComparisonRunner;

/// One line on standard error that is written over as the run goes on.
class ProgressLine
{
public:
    /// Whether there is someone to look at it.
    static bool isWanted();
    void show(const QString &text);
    void clear();

private:
    bool m_isShown = false;
};

/// "412 of 1,000 items · 2.0 items/s · 4 min 54 s left · 0 failed"
QString progressText(const RunSnapshot &snapshot);
/// "round 2 of 3 · imap · 412 of 1,000 items · 4 min 54 s left"
/// \param runner  with a run
QString progressText(const ComparisonRunner &runner);

} // namespace Poolscope
