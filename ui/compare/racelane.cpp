// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/racelane.h"

#include <algorithm>
#include <utility>

namespace Poolscope {

RaceLane::RaceLane(const QString &called, State isIn, Replay played)
    : name(called), state(isIn), replay(std::move(played))
{
    const std::vector<RaceItem> &items = replay.items();
    byWorker.resize(replay.workers());
    for (std::uint32_t position = 0; position < items.size(); ++position) {
        if (items[position].started < 0)
            continue;
        byFinish.push_back(position);
        if (items[position].worker >= byWorker.size())
            byWorker.resize(items[position].worker + 1);
        byWorker[items[position].worker].push_back(position);
    }
    for (std::vector<std::uint32_t> &row : byWorker)
        std::sort(row.begin(), row.end(),
                  [&items](std::uint32_t a, std::uint32_t b) { return items[a].started < items[b].started; });
    std::sort(byFinish.begin(), byFinish.end(),
              [&items](std::uint32_t a, std::uint32_t b) { return items[a].finished < items[b].finished; });
}

std::optional<RaceItem> RaceLane::itemAt(std::size_t worker, double time) const
{
    if (worker >= byWorker.size())
        return std::nullopt;
    const std::vector<RaceItem> &items = replay.items();
    const auto next =
        std::partition_point(byWorker[worker].begin(), byWorker[worker].end(),
                             [&](std::uint32_t position) { return items[position].started <= time; });
    if (next == byWorker[worker].begin() || items[*(next - 1)].finished < time)
        return std::nullopt;
    return items[*(next - 1)];
}

std::vector<std::uint64_t> RaceLane::waitingAt(double time) const
{
    const std::vector<RaceItem> &items = replay.items();
    const std::size_t count = replay.waitingAt(time);
    std::vector<std::uint64_t> waiting;
    for (std::size_t i = 0; i < byFinish.size() && waiting.size() < count; ++i) {
        const RaceItem &item = items[byFinish[i]];
        if (item.finished > time)
            break;
        if (item.delivered > time)
            waiting.push_back(item.index);
    }
    std::sort(waiting.begin(), waiting.end());
    return waiting;
}

} // namespace Poolscope
