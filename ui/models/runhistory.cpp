// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runhistory.h"

#include "ui/models/runfigures.h"

#include <algorithm>

namespace Poolscope {

void RunHistory::clear()
{
    m_completed.clear();
    m_delivered.clear();
    m_buffered.clear();
    m_busy.clear();
    m_bufferedBytes.clear();
    m_memory.clear();
    m_workerMemory.clear();
    m_lastTime = 0;
}

void RunHistory::addMemory(const RunSnapshot &snapshot)
{
    // Of a run of 64 workers a hundred thousand points would be drawn.
    constexpr std::size_t pointsOfAWorker = 512;
    if (snapshot.memoryBytes > 0)
        m_memory.add(snapshot.now, double(snapshot.memoryBytes));
    while (m_workerMemory.size() < snapshot.workers.size())
        m_workerMemory.emplace_back(TimeSeries::Merge::Peak, pointsOfAWorker);
    for (std::size_t worker = 0; worker < snapshot.workers.size(); ++worker)
        if (snapshot.workers[worker].memoryBytes > 0)
            m_workerMemory[worker].add(snapshot.now, double(snapshot.workers[worker].memoryBytes));
}

void RunHistory::add(const RunSnapshot &snapshot)
{
    if (snapshot.firstDispatch < 0)
        return;
    if (m_completed.isEmpty()) {
        // All counters stood at zero when the first chunk went out, which lies between two samples.
        m_completed.add(snapshot.firstDispatch, 0);
        m_delivered.add(snapshot.firstDispatch, 0);
        m_buffered.add(snapshot.firstDispatch, 0);
        m_busy.add(snapshot.firstDispatch, 0);
    }
    // What came from a journal is no work of now.
    m_completed.add(snapshot.now,
                    double(snapshot.completed - std::min(snapshot.completed, snapshot.journaled)));
    m_delivered.add(snapshot.now,
                    double(snapshot.delivered - std::min(snapshot.delivered, snapshot.journaled)));
    m_buffered.add(snapshot.now, double(snapshot.bufferedResults));
    m_busy.add(snapshot.now, double(snapshot.workersBusy));
    m_bufferedBytes.add(snapshot.now, double(snapshot.bufferedBytes));
    if (!isOver(snapshot.phase))
        addMemory(snapshot);
    m_lastTime = snapshot.now;
}

double RunHistory::rateWindow() const
{
    if (m_completed.isEmpty())
        return 1;
    const TimeSeries::Point &first = m_completed.points().front();
    const TimeSeries::Point &last = m_completed.points().back();
    const double span = last.time - first.time;
    const double items = last.value - first.value;
    // About eight items, or a curve of slow items is a comb.
    const double eightItems = items > 0 ? span / items * 8 : span;
    return std::clamp(eightItems, std::max(0.25, span / 200), std::max(1.0, span / 4));
}

double RunHistory::currentRate() const
{
    const auto &points = m_completed.points();
    if (points.size() < 2)
        return 0;
    const TimeSeries::Point &last = points.back();
    const double window = std::max(2.0, rateWindow());
    const auto before = std::find_if(points.rbegin(), points.rend(), [&](const TimeSeries::Point &point) {
        return point.time <= last.time - window;
    });
    const TimeSeries::Point &first = before == points.rend() ? points.front() : *before;
    return last.time > first.time ? (last.value - first.value) / (last.time - first.time) : 0;
}

} // namespace Poolscope
