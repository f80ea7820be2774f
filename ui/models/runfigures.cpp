// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runfigures.h"

#include <algorithm>

namespace Poolscope {

bool isOver(RunPhase phase)
{
    return phase == RunPhase::Finished || phase == RunPhase::Stopped || phase == RunPhase::Failed;
}

RunFigures figuresOf(const RunSnapshot &snapshot)
{
    RunFigures figures;
    if (snapshot.firstDispatch < 0)
        return figures;
    const bool ended = isOver(snapshot.phase) && snapshot.lastDelivery >= 0;
    const double elapsed = (ended ? snapshot.lastDelivery : snapshot.now) - snapshot.firstDispatch;
    if (elapsed < 0)
        return figures;
    figures.elapsed = elapsed;
    if (snapshot.firstResult >= 0)
        figures.firstResult = snapshot.firstResult - snapshot.firstDispatch;
    if (elapsed > 0) {
        // What came from a journal is no work of now.
        figures.throughput =
            double(snapshot.delivered - std::min(snapshot.delivered, snapshot.journaled)) / elapsed;
        if (snapshot.placeSeconds > 0)
            figures.utilisation = std::clamp(snapshot.busySeconds / snapshot.placeSeconds, 0.0, 1.0);
    }
    return figures;
}

const WorkerSnapshot *runnerOf(std::uint64_t item, const RunSnapshot &snapshot)
{
    const auto runner = std::find_if(snapshot.workers.begin(), snapshot.workers.end(),
                                     [item](const WorkerSnapshot &worker) { return worker.item == item; });
    return runner == snapshot.workers.end() ? nullptr : &*runner;
}

} // namespace Poolscope
