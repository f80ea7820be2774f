// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/watchdog.h"

#include <QString>
#include <QStringList>

#include <map>

namespace Poolscope {

/// The watchdog's findings in words, each said once, and of each kind no more than one every ten seconds.
class SilenceReport
{
public:
    /// \returns what is to be said now, a line each
    QStringList observe(const RunSnapshot &snapshot);

private:
    struct Kind
    {
        double lastSaid = -1;
        int unsaid = 0;
    };
    Watchdog m_watchdog;
    std::map<SilenceKind, Kind> m_kinds;
};

/// "item 7 has been running on worker 1 for 34 s; 95 % of the items end within 0.2 s"
QString silenceText(const Silence &silence);

} // namespace Poolscope
