// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"

#include <QObject>

class QTabWidget;

namespace Poolscope {

class DeliveryChart;
class RaceClock;

/// All contestants in two charts: what they had handed out by when, and what was finished and waited.
class RaceCharts final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RaceCharts)

public:
    /// \param clock  marks its moment in the charts; not owned, outlives them
    /// \param tabs   gets a page for each of them, and owns it
    RaceCharts(const RaceClock *clock, QTabWidget *tabs);

    void present(const Comparison &comparison);

private:
    void mark();

    const RaceClock *const m_clock;
    DeliveryChart *m_delivered;
    DeliveryChart *m_waiting;
};

} // namespace Poolscope
