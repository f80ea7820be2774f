// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/poolrun.h"

#include "core/engine/processsampler.h"

#include <algorithm>
#include <limits>

namespace Poolscope {

namespace {

/// Of what is looked at while it runs: a millisecond or two.
constexpr std::size_t readAtOnce = 10'000;

constexpr double never = std::numeric_limits<double>::infinity();

} // namespace

PoolRun::PoolRun(const JobSpec &job, const Contestant &contestant)
    : m_job(contestant.appliedTo(job)), m_way(contestant.way), m_sampler(this)
{
    m_sampler.setInterval(memorySampling);
    connect(&m_sampler, &QTimer::timeout, this, &PoolRun::sampleMemory);
}

PoolRun::~PoolRun() = default;

void PoolRun::start()
{
    RunOptions options;
    options.record = true;
    // As those that it is compared with: a multiprocessing.Pool is there when its method is called.
    options.startTogether = m_way == Way::Pool;
    m_run = Run::start(m_job, options);
    m_sampler.start();
    m_run->whenOver([this] {
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_sampler.stop();
                sampleMemory();
                Q_EMIT ended();
            },
            Qt::QueuedConnection);
    });
}

void PoolRun::stop()
{
    if (m_run)
        m_run->stop();
}

/// The clock begins with the first dispatch to a process that is there. Where the process belongs to the
/// item, so does its start.
double PoolRun::began() const
{
    if (m_way == Way::ProcessPerItem)
        for (const RunEvent &event : m_run->events(0, 1))
            if (event.kind == RunEventKind::WorkerStarted)
                return event.time;
    return m_run->snapshot().firstDispatch;
}

RaceProgress PoolRun::progress() const
{
    if (!m_run)
        return {};
    const RunSnapshot snapshot = m_run->snapshot();
    const double begin = began();
    return {.total = snapshot.total,
            .delivered = snapshot.delivered,
            .waiting = snapshot.bufferedResults,
            .elapsed = begin < 0 ? -1 : snapshot.now - begin};
}

std::vector<RaceItem> PoolRun::delivered() const
{
    std::vector<RaceItem> items;
    if (!m_run)
        return items;
    const double begin = std::max(began(), 0.0);
    for (;;) {
        const std::vector<ItemRecord> records = m_run->delivered(items.size(), readAtOnce);
        if (records.empty())
            return items;
        for (const ItemRecord &record : records)
            items.push_back({.index = record.index,
                             .worker = record.worker,
                             .started = record.started < 0 ? -1 : record.started - begin,
                             .finished = record.started < 0 ? -1 : record.finished - begin,
                             .delivered = std::max(deliveryOf(record) - begin, 0.0),
                             .ok = record.status == ItemStatus::Ok});
    }
}

/// The result of a process of its own is there when that process has ended: when the pool, which only looks
/// after them, hands it out is no part of that way.
double PoolRun::deliveryOf(const ItemRecord &record) const
{
    return m_way == Way::ProcessPerItem && record.started >= 0 ? record.finished : record.delivered;
}

std::vector<RaceItem> PoolRun::soFar() const
{
    const double begin = m_run ? began() : -1;
    if (begin < 0)
        return {};
    for (const ItemSpan &span : m_run->spans(m_items.size(), readAtOnce)) {
        if (m_positionOf.size() <= span.index)
            m_positionOf.resize(std::size_t(span.index) + 1);
        m_positionOf[std::size_t(span.index)] = std::uint32_t(m_items.size());
        m_items.push_back({.index = span.index,
                           .worker = span.worker,
                           .started = span.started < 0 ? -1 : span.started - begin,
                           .finished = span.started < 0 ? -1 : span.finished - begin,
                           .delivered = never,
                           .ok = span.status == ItemStatus::Ok});
    }
    for (const ItemSpan &span : m_run->deliveredSpans(m_deliveredRead, readAtOnce)) {
        if (!isRead(span.index))
            break; // its outcome was not among those read yet
        ++m_deliveredRead;
        m_items[m_positionOf[std::size_t(span.index)]].delivered = std::max(span.delivered - begin, 0.0);
    }
    std::vector<RaceItem> items = m_items;
    for (const WorkerSnapshot &worker : m_run->snapshot().workers)
        if (worker.state == WorkerState::Running && worker.item && !isRead(*worker.item))
            items.push_back({.index = *worker.item,
                             .worker = worker.slot,
                             .started = std::max(worker.itemStarted - begin, 0.0),
                             .finished = never,
                             .delivered = never});
    return items;
}

bool PoolRun::isRead(std::uint64_t item) const
{
    return item < m_positionOf.size() && m_positionOf[std::size_t(item)] < m_items.size() &&
           m_items[m_positionOf[std::size_t(item)]].index == item;
}

std::optional<JobProblem> PoolRun::failure() const
{
    return m_run->failure();
}

/// Without those that the pool started in the place of others when there was nothing left to run.
std::uint64_t PoolRun::withAnItem(const RunSnapshot &figures)
{
    return std::min(figures.workersStarted, figures.items.read);
}

RaceRound PoolRun::round(const Replay &replay) const
{
    const RunSnapshot figures = m_run->snapshot();
    return {.figures = replay.figures(),
            .processesStarted = m_way == Way::ProcessPerItem ? withAnItem(figures) : figures.workersStarted,
            .chunksize = std::min(figures.chunksize, std::max<std::uint64_t>(figures.items.read, 1)),
            .peakMemory = replay.length() < shortestToTell ? 0 : m_peakMemory,
            .ok = figures.items.ok,
            .failed = figures.items.read - figures.items.ok};
}

/// What its processes occupy together.
void PoolRun::sampleMemory()
{
    std::uint64_t bytes = 0;
    for (const WorkerSnapshot &worker : m_run->snapshot().workers)
        if (worker.state != WorkerState::Gone)
            bytes += residentMemoryOfAll(worker.pid);
    m_peakMemory = std::max(m_peakMemory, bytes);
}

} // namespace Poolscope
