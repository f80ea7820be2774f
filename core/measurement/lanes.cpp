// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/lanes.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

namespace Poolscope {

namespace {

struct Life
{
    std::uint32_t process = 0;
    double begin = 0;
    double end = 0;
};

std::vector<Life> livesOf(const std::vector<RaceItem> &items)
{
    std::vector<Life> lives;
    std::unordered_map<std::uint32_t, std::size_t> positions;
    for (const RaceItem &item : items) {
        if (item.started < 0)
            continue;
        const auto [known, isNew] = positions.try_emplace(item.worker, lives.size());
        if (isNew)
            lives.push_back({item.worker, item.started, item.finished});
        Life &life = lives[known->second];
        life.begin = std::min(life.begin, item.started);
        life.end = std::max(life.end, item.finished);
    }
    std::sort(lives.begin(), lives.end(), [](const Life &a, const Life &b) {
        return std::pair(a.begin, a.process) < std::pair(b.begin, b.process);
    });
    return lives;
}

/// The one that has been free for the shortest time: there the process before it has ended. Where none is
/// free, that which will be soonest.
std::size_t laneAt(const std::vector<double> &freeSince, double time)
{
    std::size_t best = 0;
    for (std::size_t lane = 1; lane < freeSince.size(); ++lane) {
        const bool isFree = freeSince[lane] <= time;
        const bool isBestFree = freeSince[best] <= time;
        if (isFree && isBestFree ? freeSince[lane] > freeSince[best]
                                 : isFree || (!isBestFree && freeSince[lane] < freeSince[best]))
            best = lane;
    }
    return best;
}

} // namespace

void placeInLanes(std::vector<RaceItem> &items, std::uint32_t lanes)
{
    std::vector<double> freeSince(std::max(lanes, 1U), -std::numeric_limits<double>::infinity());
    std::unordered_map<std::uint32_t, std::uint32_t> laneOf;
    for (const Life &life : livesOf(items)) {
        const std::size_t lane = laneAt(freeSince, life.begin);
        laneOf[life.process] = std::uint32_t(lane);
        freeSince[lane] = std::max(freeSince[lane], life.end);
    }
    for (RaceItem &item : items) {
        const auto found = laneOf.find(item.worker);
        item.worker = found == laneOf.end() ? 0 : found->second;
    }
}

} // namespace Poolscope
