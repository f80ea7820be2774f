// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measurement/watchdog.h"

#include <algorithm>

namespace Poolscope {

std::vector<Silence> Watchdog::observe(const RunSnapshot &snapshot)
{
    m_silences.clear();
    const bool isOn = snapshot.phase == RunPhase::Checking || snapshot.phase == RunPhase::Starting ||
                      snapshot.phase == RunPhase::Running;
    if (!isOn) {
        // Somebody wanted it so; what comes after has waited for nothing yet.
        m_starts.clear();
        m_delivered.reset();
        m_read.reset();
        m_progress.reset();
        m_known.clear();
        return {};
    }
    observeWorkers(snapshot);
    const bool isBlocked = observeConsumer(snapshot);
    const bool isStarved = observeInput(snapshot);
    observeProgress(snapshot, isBlocked || isStarved);

    std::vector<Key> keys;
    for (Silence &silence : m_silences) {
        const Key key{silence.kind, silence.worker, silence.item, silence.since};
        silence.isNew = std::find(m_known.begin(), m_known.end(), key) == m_known.end();
        keys.push_back(key);
    }
    m_known = std::move(keys);
    return std::move(m_silences);
}

void Watchdog::add(const Silence &silence, double now, double limit)
{
    if (now - silence.since < limit)
        return;
    m_silences.push_back(silence);
    m_silences.back().lasted = now - silence.since;
}

void Watchdog::observeWorkers(const RunSnapshot &snapshot)
{
    m_starts.resize(snapshot.workers.size());
    for (std::size_t i = 0; i < snapshot.workers.size(); ++i) {
        const WorkerSnapshot &worker = snapshot.workers[i];
        if (worker.state != WorkerState::Starting) {
            m_starts[i].reset();
        } else {
            Silence silence{.kind = SilenceKind::WorkerStarting,
                            .since = m_starts[i].observe(worker.generation, snapshot.now)};
            silence.worker = worker.slot;
            add(silence, snapshot.now, m_limits.start);
        }
        if (worker.state != WorkerState::Running || !worker.item)
            continue;
        Silence silence{.kind = SilenceKind::ItemBusy, .since = worker.itemStarted};
        silence.worker = worker.slot;
        silence.item = worker.item;
        silence.usual = snapshot.percentile95;
        add(silence, snapshot.now,
            silence.usual ? std::max(m_limits.item, m_limits.itemFactor * *silence.usual)
                          : m_limits.unknownItem);
    }
}

/// \returns whether results are ready that nobody has taken
bool Watchdog::observeConsumer(const RunSnapshot &snapshot)
{
    if (snapshot.released <= snapshot.delivered) {
        m_delivered.reset();
        return false;
    }
    Silence silence{.kind = SilenceKind::ConsumerBlocked,
                    .since = m_delivered.observe(snapshot.delivered, snapshot.now)};
    silence.waiting = snapshot.released - snapshot.delivered;
    add(silence, snapshot.now, m_limits.consumer);
    return true;
}

/// \returns whether all that goes on is waiting for the input
bool Watchdog::observeInput(const RunSnapshot &snapshot)
{
    const bool isReadThrough = snapshot.phase == RunPhase::Checking;
    const bool isIdle = std::any_of(snapshot.workers.begin(), snapshot.workers.end(),
                                    [](const auto &worker) { return worker.state == WorkerState::Waiting; });
    const bool isStarved = isIdle && !snapshot.inputEnded && snapshot.items.read == snapshot.completed &&
                           snapshot.released <= snapshot.delivered;
    if (!isReadThrough && !isStarved) {
        m_read.reset();
        return false;
    }
    const std::uint64_t read = isReadThrough ? snapshot.scanned : snapshot.items.read;
    add({.kind = SilenceKind::InputWaiting, .since = m_read.observe(read, snapshot.now)}, snapshot.now,
        m_limits.input);
    return true;
}

void Watchdog::observeProgress(const RunSnapshot &snapshot, bool isExplained)
{
    const bool isAtWork =
        std::any_of(snapshot.workers.begin(), snapshot.workers.end(), [](const auto &worker) {
            return worker.state == WorkerState::Starting || worker.state == WorkerState::Running;
        });
    const bool isThereWork = !snapshot.inputEnded || snapshot.items.read > snapshot.completed;
    if (isExplained || isAtWork || !isThereWork) {
        m_progress.reset();
        return;
    }
    Silence silence{.kind = SilenceKind::NothingMoves,
                    .since = m_progress.observe({snapshot.items.read, snapshot.completed, snapshot.delivered,
                                                 snapshot.workersStarted, snapshot.workersLost},
                                                snapshot.now)};
    silence.waiting = snapshot.items.read - std::min(snapshot.items.read, snapshot.completed);
    add(silence, snapshot.now, m_limits.stall);
}

} // namespace Poolscope
