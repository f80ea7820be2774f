// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/workerlives.h"

#include <algorithm>

namespace Poolscope {

namespace {

// A lane with more processes in one gap between items only ever starts: it is drawn as that.
constexpr std::ptrdiff_t mostLivesOfAGap = 16;
/// Waits closer together are one for the eye: the consumer took a result in between.
constexpr double waitsApart = 0.001;

double untilNow(double time, double now)
{
    return time < 0 ? now : time;
}

double overlap(double begin, double end, double from, double to)
{
    return std::max(std::min(end, to) - std::max(begin, from), 0.0);
}

LanePhase phaseOf(const WorkerLives::Life &life, double time, double now)
{
    if (time < life.started || time >= untilNow(life.ended, now))
        return LanePhase::NoProcess;
    if (life.ready < 0 || time < life.ready)
        return life.leaving >= 0 && time >= life.leaving ? LanePhase::Ending : LanePhase::Starting;
    return life.leaving >= 0 && time >= life.leaving ? LanePhase::Ending : LanePhase::Waiting;
}

} // namespace

void WorkerLives::clear()
{
    *this = {};
}

WorkerLives::Lane &WorkerLives::laneOf(std::size_t lane)
{
    if (lane >= m_lanes.size())
        m_lanes.resize(lane + 1);
    return m_lanes[lane];
}

WorkerLives::Life *WorkerLives::lifeOf(const RunEvent &event)
{
    std::vector<Life> &lives = laneOf(event.worker).lives;
    // The one before may still end when the next has begun.
    for (auto life = lives.rbegin(); life != lives.rend(); ++life)
        if (life->generation == event.generation)
            return &*life;
    return nullptr;
}

void WorkerLives::add(const RunEvent &event)
{
    switch (event.kind) {
    case RunEventKind::WorkerStarted:
        laneOf(event.worker)
            .lives.push_back({.generation = event.generation, .pid = event.pid, .started = event.time});
        return;
    case RunEventKind::WorkerReady:
        if (Life *life = lifeOf(event)) {
            life->ready = event.time;
            life->pid = event.pid;
        }
        return;
    case RunEventKind::WorkerLeaving:
        if (Life *life = lifeOf(event))
            life->leaving = event.time;
        return;
    case RunEventKind::WorkerEnded:
    case RunEventKind::WorkerDied:
    case RunEventKind::WorkerTimedOut:
    case RunEventKind::WorkerOutOfMemory:
        if (Life *life = lifeOf(event)) {
            life->ended = event.time;
            life->end = event.kind;
        }
        if (event.kind != RunEventKind::WorkerEnded)
            laneOf(event.worker).marks.push_back({event.time, event.kind, 0});
        return;
    case RunEventKind::ItemRetried:
        laneOf(event.worker).marks.push_back({event.time, event.kind, event.count});
        return;
    case RunEventKind::Paused:
    case RunEventKind::Resumed:
    case RunEventKind::Resized:
        m_poolMarks.push_back(event);
        return;
    }
}

void WorkerLives::addWait(const TimeSpan &wait)
{
    if (!m_waits.empty() && wait.begin - m_waits.back().end < waitsApart)
        m_waits.back().end = wait.end;
    else
        m_waits.push_back(wait);
}

void WorkerLives::setOpenWait(double since, double now)
{
    if (since < 0)
        m_openWait.reset();
    else
        m_openWait = TimeSpan{since, now};
}

const std::vector<WorkerLives::Life> &WorkerLives::lives(std::size_t lane) const
{
    static const std::vector<Life> none;
    return lane < m_lanes.size() ? m_lanes[lane].lives : none;
}

const std::vector<WorkerLives::Mark> &WorkerLives::marks(std::size_t lane) const
{
    static const std::vector<Mark> none;
    return lane < m_lanes.size() ? m_lanes[lane].marks : none;
}

const WorkerLives::Life *WorkerLives::lifeAt(std::size_t lane, double time) const
{
    const std::vector<Life> &all = lives(lane);
    const auto after = std::upper_bound(
        all.begin(), all.end(), time, [](double moment, const Life &life) { return moment < life.started; });
    return after == all.begin() ? nullptr : &*std::prev(after);
}

std::vector<TimeSpan> WorkerLives::waitsBetween(double begin, double end) const
{
    std::vector<TimeSpan> found;
    auto wait = std::lower_bound(m_waits.begin(), m_waits.end(), begin,
                                 [](const TimeSpan &span, double time) { return span.end <= time; });
    for (; wait != m_waits.end() && wait->begin < end; ++wait)
        found.push_back({std::max(wait->begin, begin), std::min(wait->end, end)});
    if (m_openWait && m_openWait->begin < end && m_openWait->end > begin)
        found.push_back({std::max(m_openWait->begin, begin), std::min(m_openWait->end, end)});
    return found;
}

std::vector<WorkerLives::Stretch> WorkerLives::idleStretches(std::size_t lane, double begin, double end,
                                                             double now) const
{
    std::vector<Stretch> stretches;
    const std::vector<Life> &all = lives(lane);
    // All lives that reach into the gap: ends come in the order of the starts.
    auto first = std::lower_bound(all.begin(), all.end(), begin, [now](const Life &life, double time) {
        return untilNow(life.ended, now) <= time;
    });
    auto last = first;
    while (last != all.end() && last->started < end && last - first <= mostLivesOfAGap)
        ++last;
    if (first == last)
        return stretches;
    if (last - first > mostLivesOfAGap)
        return {{begin, end, LanePhase::Starting}};

    std::vector<double> edges = {begin, end};
    const auto addEdge = [&](double time) {
        if (time > begin && time < end)
            edges.push_back(time);
    };
    for (auto life = first; life != last; ++life)
        for (const double time : {life->started, life->ready, life->leaving, untilNow(life->ended, now)})
            addEdge(time);
    const std::vector<TimeSpan> waits = waitsBetween(begin, end);
    for (const TimeSpan &wait : waits) {
        addEdge(wait.begin);
        addEdge(wait.end);
    }
    std::sort(edges.begin(), edges.end());
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        const double middle = (edges[i] + edges[i + 1]) / 2;
        LanePhase phase = LanePhase::NoProcess;
        // Of two processes the newer one counts, unless it is not there yet.
        for (auto life = first; life != last; ++life)
            if (const LanePhase own = phaseOf(*life, middle, now); own != LanePhase::NoProcess)
                phase = own;
        if (phase == LanePhase::Waiting &&
            std::any_of(waits.begin(), waits.end(),
                        [middle](const TimeSpan &wait) { return wait.begin <= middle && middle < wait.end; }))
            phase = LanePhase::Blocked;
        if (phase == LanePhase::NoProcess)
            continue;
        if (!stretches.empty() && stretches.back().phase == phase && stretches.back().end == edges[i])
            stretches.back().end = edges[i + 1];
        else
            stretches.push_back({edges[i], edges[i + 1], phase});
    }
    return stretches;
}

WorkerLives::Times WorkerLives::timesBetween(std::size_t lane, double begin, double end, double now) const
{
    Times times;
    const std::vector<Life> &all = lives(lane);
    auto life = std::lower_bound(all.begin(), all.end(), begin, [now](const Life &each, double time) {
        return untilNow(each.ended, now) <= time;
    });
    double reached = begin;
    for (; life != all.end() && life->started < end; ++life) {
        const double ended = untilNow(life->ended, now);
        const double ready = life->ready < 0 ? ended : life->ready;
        // Where two overlap the time is counted once.
        times.alive += overlap(std::max(life->started, reached), ended, begin, end);
        reached = std::max(reached, std::min(ended, end));
        times.starting += overlap(life->started, ready, begin, end);
        if (life->leaving >= 0)
            times.leaving += overlap(life->leaving, ended, begin, end);
    }
    return times;
}

} // namespace Poolscope
