// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/stuckhint.h"

#include "ui/models/format.h"
#include "ui/models/stuckworkers.h"

#include <QCoreApplication>
#include <QFontMetrics>

namespace Poolscope {

std::optional<StuckHint> StuckHint::at(Edge edge, const RunSnapshot &snapshot, const TimelineLayout &layout)
{
    const auto isBeyond = [&](std::size_t lane) {
        const double middle = layout.laneRect(lane).center().y();
        return edge == Edge::Top ? middle < layout.axisHeight : middle > layout.size.height();
    };
    const WorkerSnapshot *longest = nullptr;
    std::size_t others = 0;
    for (const WorkerSnapshot &worker : snapshot.workers) {
        if (!isStuck(worker, snapshot) || !isBeyond(worker.slot))
            continue;
        others += longest ? 1 : 0;
        if (!longest || worker.itemStarted < longest->itemStarted)
            longest = &worker;
    }
    if (!longest)
        return std::nullopt;

    const auto tr = [](const char *text) {
        return QCoreApplication::translate("Poolscope::StuckHint", text);
    };
    StuckHint hint;
    hint.lane = longest->slot;
    hint.text =
        (edge == Edge::Top ? QStringLiteral("▲ ") : QStringLiteral("▼ ")) +
        tr("worker %1: item %2 · %3")
            .arg(longest->slot)
            .arg(Format::count(*longest->item), Format::duration(snapshot.now - longest->itemStarted));
    if (others > 0)
        hint.text += tr(", and %1 more").arg(others);
    const QFontMetrics metrics(Theme::smallFont());
    const double height = metrics.height() + 2;
    hint.rect =
        QRectF(0, edge == Edge::Top ? layout.axisHeight : layout.size.height() - height,
               std::max(metrics.horizontalAdvance(hint.text) + 2 * Theme::space, layout.labelWidth), height);
    return hint;
}

} // namespace Poolscope
