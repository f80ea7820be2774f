// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "ui/timeline/timelinelayout.h"

#include <QRectF>
#include <QString>

#include <cstddef>
#include <optional>

namespace Poolscope {

/// A worker that is stuck where nobody sees it, beyond the edge of the lanes: what is said of it at that
/// edge.
struct StuckHint
{
    enum class Edge
    {
        Top,
        Bottom,
    };

    std::size_t lane = 0; ///< Of those beyond that edge the one that is at its item for longest.
    QRectF rect;          ///< A click into it leads there.
    QString text;

    /// Nothing when no one is stuck beyond that edge.
    static std::optional<StuckHint> at(Edge edge, const RunSnapshot &snapshot, const TimelineLayout &layout);
};

} // namespace Poolscope
