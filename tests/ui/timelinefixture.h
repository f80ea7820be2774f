// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/scriptedrun.h"
#include "ui/timeline/timeline.h"

#include <QTest>

namespace Poolscope {

/// A timeline with all that it speaks to, showing a run.
struct TimelineFixture
{
    RunLog log;
    TimeWindow window;
    SelectedItem selection;
    RunFilter filter{&window};
    Timeline timeline{&log, &window, &selection, &filter};

    explicit TimelineFixture(const QSize &size = {900, 200})
    {
        timeline.resize(size);
        timeline.show();
        Q_UNUSED(QTest::qWaitForWindowExposed(&timeline))
    }

    void show(const RunFeed &feed)
    {
        const RunSnapshot snapshot = feed.snapshot();
        timeline.clear(&feed);
        log.clear();
        log.setNow(snapshot);
        while (log.readOn(
            feed, [] { return true; }, [](std::uint64_t) {})) {
        }
        window.setNow(snapshot.now, feed.isOver());
        timeline.apply(snapshot);
    }

    QPoint pointOf(std::size_t lane, double time) const
    {
        return {int(timeline.coordinates().xAt(time)), int(timeline.laneRect(lane).center().y())};
    }
    QWidget *viewport() const { return timeline.viewport(); }
};

inline ScriptedRun::Script twoWorkers()
{
    ScriptedRun::Script script;
    script.items = 20;
    script.startup = 0;
    return script;
}

/// 64 workers, more than there is room for, of which one does not get on.
inline ScriptedRun::Script oneOfManyIsStuck(std::uint64_t item)
{
    ScriptedRun::Script script;
    script.workers = 64;
    script.items = 2000;
    script.startup = 0;
    script.seconds = [item](std::uint64_t each) { return each == item ? 100.0 : 0.1; };
    return script;
}

} // namespace Poolscope
