// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/recordedrun.h"

#include "core/pool/itemfailure.h"
#include "core/pool/jobsettings.h"
#include "core/pool/journalformat.h"
#include "core/scheduling/chunkpolicy.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <set>
#include <unordered_map>
#include <utility>

#include <fcntl.h>

namespace Poolscope {

namespace {

constexpr int moments = 400; // as many as a chart has room for

QString text(const char *source)
{
    return QCoreApplication::translate("Poolscope::RecordedRun", source);
}

/// How many of sorted times are not after `now`.
std::uint64_t until(const std::vector<double> &times, double now)
{
    return std::uint64_t(std::upper_bound(times.begin(), times.end(), now) - times.begin());
}

} // namespace

class RecordedRun::Private
{
public:
    explicit Private(const QString &path);

    ItemRecord at(std::uint32_t position) const
    {
        ItemResult copy = results[position];
        ItemRecord record = recordOf(std::move(copy), 0, header.chunksize);
        record.delivered = deliveredAt[position];
        return record;
    }
    template <typename Positions>
    std::vector<ItemRecord> page(const Positions &positions, std::size_t from, std::size_t most) const
    {
        std::vector<ItemRecord> records;
        const std::size_t end =
            from < positions.size() ? from + std::min(most, positions.size() - from) : from;
        for (std::size_t i = from; i < end; ++i)
            records.push_back(at(positions[i]));
        return records;
    }

    JournalHeader header;
    JobSpec spec;
    RunSnapshot snapshot;
    std::vector<RunSnapshot> history;
    std::vector<ItemResult> results; ///< The last outcome of each item, in the order of the journal.
    std::vector<std::uint32_t> completedOrder;
    std::vector<std::uint32_t> deliveredOrder;
    std::vector<std::uint32_t> failures;
    /// Positions in `results` by the item's index, and for each of them where it was delivered.
    std::vector<std::uint32_t> byIndex;
    std::vector<std::uint32_t> deliveredPosition;
    std::vector<double> deliveredAt; ///< By position in `results`.

private:
    void read(const QString &path);
    void deliver();
    void measure();
    void fillWorkers();
};

RecordedRun::Private::Private(const QString &path)
{
    read(path);
    spec = jobFromJson(header.settings);
    if (header.settings.isEmpty())
        spec.task = header.job.value(QLatin1String("task")).toString();
    spec.chunksize = int(header.chunksize);
    completedOrder.resize(results.size());
    std::iota(completedOrder.begin(), completedOrder.end(), 0U);
    for (const std::uint32_t position : completedOrder)
        if (results[position].status != ItemStatus::Ok)
            failures.push_back(position);
    deliver();
    measure();
    fillWorkers();
    byIndex = completedOrder;
    std::sort(byIndex.begin(), byIndex.end(),
              [this](std::uint32_t a, std::uint32_t b) { return results[a].index < results[b].index; });
    deliveredPosition.resize(results.size());
    for (std::uint32_t position = 0; position < deliveredOrder.size(); ++position)
        deliveredPosition[deliveredOrder[position]] = position;
}

void RecordedRun::Private::read(const QString &path)
{
    const auto unreadable = [&path](int error) {
        return RecordedRunError(
            text("%1 cannot be read: %2").arg(path, QString::fromLocal8Bit(std::strerror(error))));
    };
    QFile file(path);
    const QFileInfo info(path);
    if (!info.exists())
        throw unreadable(ENOENT);
    if (!info.isFile())
        throw RecordedRunError(text("%1 is not a regular file; name one that a run wrote").arg(path));
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        throw RecordedRunError(text("%1 cannot be read: %2").arg(path, file.errorString()));

    std::uint64_t number = 0;
    std::vector<ItemResult> lines;
    std::unordered_map<std::uint64_t, std::uint32_t> lastOf; // a damaged file may name any index
    const int error = readWholeLines(file.handle(), 0, [&](std::uint64_t, std::string_view line) {
        if (++number == 1) {
            if (!line.starts_with(journalMagic))
                throw RecordedRunError(
                    text("%1 is no run: choose a file that --journal has written, or one that the window has "
                         "kept")
                        .arg(path));
            const auto parsed = parseJournalHeader(line);
            if (!parsed)
                throw RecordedRunError(
                    text("%1, line 1: not the header of a journal that this version can read").arg(path));
            header = *parsed;
            return;
        }
        ItemResult result;
        std::string_view payload;
        if (!parseOutcome(line, result, payload) || result.index >= header.input.items)
            throw RecordedRunError(
                text("%1, line %2: not an item's outcome; the file was damaged. Remove that "
                     "line to see the rest")
                    .arg(path)
                    .arg(number));
        result.payload = payload;
        lastOf[result.index] = std::uint32_t(lines.size());
        lines.push_back(std::move(result));
    });
    if (error != 0)
        throw unreadable(error);
    if (number == 0)
        throw RecordedRunError(text("%1 is empty: it holds no run").arg(path));
    for (std::uint32_t position = 0; position < lines.size(); ++position)
        if (lastOf[lines[position].index] == position)
            results.push_back(std::move(lines[position]));
}

/// Lets the results leave as the method has it: those of a run that was cut off, too, as when it is stopped.
void RecordedRun::Private::deliver()
{
    const Delivery delivery = deliveryOf(spec.method);
    deliveredOrder = completedOrder;
    if (delivery != Delivery::Unordered)
        std::sort(deliveredOrder.begin(), deliveredOrder.end(),
                  [this](std::uint32_t a, std::uint32_t b) { return results[a].index < results[b].index; });
    Time end = 0;
    for (const ItemResult &result : results)
        end = std::max(end, result.finished);
    deliveredAt.resize(results.size());
    Time latest = delivery == Delivery::AllAtEnd ? end : 0;
    for (const std::uint32_t position : deliveredOrder) {
        latest = std::max(latest, results[position].finished);
        deliveredAt[position] = double(latest) * 1e-9;
    }
}

void RecordedRun::Private::measure()
{
    std::vector<double> started;
    std::vector<double> finished;
    std::vector<double> delivered;
    for (std::uint32_t position = 0; position < results.size(); ++position) {
        const ItemResult &result = results[position];
        ItemCounts &items = snapshot.items;
        ++(result.status == ItemStatus::Ok       ? items.ok
           : result.status == ItemStatus::Error  ? items.error
           : result.status == ItemStatus::Lost   ? items.lost
           : result.status == ItemStatus::NotRun ? items.notRun
                                                 : items.cancelled);
        delivered.push_back(deliveredAt[position]);
        if (result.started < 0 || result.finished < result.started)
            continue;
        started.push_back(double(result.started) * 1e-9);
        finished.push_back(double(result.finished) * 1e-9);
        snapshot.busySeconds += finished.back() - started.back();
    }
    for (std::vector<double> *const times : {&started, &finished, &delivered})
        std::sort(times->begin(), times->end());

    snapshot.total = header.input.items;
    snapshot.inputEnded = true;
    snapshot.items.read = snapshot.completed = snapshot.delivered = snapshot.released = results.size();
    snapshot.phase = results.size() == header.input.items ? RunPhase::Finished : RunPhase::Stopped;
    snapshot.chunksize = header.chunksize;
    snapshot.chunks = chunkCount(header.input.items, header.chunksize);
    snapshot.processes = std::uint32_t(spec.processes);
    if (started.empty())
        return; // a journal without times
    snapshot.firstDispatch = started.front();
    snapshot.firstResult = delivered.front();
    snapshot.lastDelivery = snapshot.now = delivered.back();
    for (std::size_t i = 0; i < finished.size(); ++i)
        snapshot.peakBufferedResults =
            std::max<std::uint64_t>(snapshot.peakBufferedResults,
                                    i + 1 - std::min<std::uint64_t>(i + 1, until(delivered, finished[i])));

    for (int moment = 0; moment <= moments; ++moment) {
        RunSnapshot then = snapshot;
        then.now = snapshot.firstDispatch + (snapshot.now - snapshot.firstDispatch) * moment / moments;
        then.delivered = until(delivered, then.now);
        then.completed = std::max(until(finished, then.now), then.delivered);
        then.bufferedResults = then.completed - then.delivered;
        const std::uint64_t begun = until(started, then.now);
        then.workersBusy = std::uint32_t(begun - std::min(begun, until(finished, then.now)));
        history.push_back(std::move(then));
    }
}

void RecordedRun::Private::fillWorkers()
{
    std::set<std::pair<std::uint16_t, std::int32_t>> processes;
    std::uint64_t died = 0;
    for (const ItemResult &result : results) {
        if (result.pid <= 0)
            continue;
        processes.emplace(result.slot, result.pid);
        died += result.status == ItemStatus::Lost;
        while (snapshot.workers.size() <= result.slot) {
            snapshot.workers.emplace_back();
            snapshot.workers.back().slot = std::uint32_t(snapshot.workers.size() - 1);
        }
        WorkerSnapshot &worker = snapshot.workers[result.slot];
        worker.pid = result.pid;
        worker.generation = std::max(worker.generation, std::uint32_t(result.generation));
        ++worker.itemsDone;
        worker.itemsFailed += result.status != ItemStatus::Ok;
        if (result.started >= 0 && result.finished >= result.started && snapshot.now > 0)
            worker.busy += double(result.finished - result.started) * 1e-9 / snapshot.now;
    }
    snapshot.processes = std::max(snapshot.processes, std::uint32_t(snapshot.workers.size()));
    snapshot.placeSeconds = (snapshot.lastDelivery - snapshot.firstDispatch) * snapshot.processes;
    snapshot.workersStarted = processes.size();
    snapshot.workersLost = died;
}

RecordedRun::RecordedRun(const QString &path) : d(std::make_unique<Private>(path)) {}

RecordedRun::~RecordedRun() = default;

const JobSpec &RecordedRun::spec() const
{
    return d->spec;
}

const RunSnapshot &RecordedRun::snapshot() const
{
    return d->snapshot;
}

const std::vector<RunSnapshot> &RecordedRun::history() const
{
    return d->history;
}

std::vector<ItemRecord> RecordedRun::completed(std::size_t from, std::size_t most) const
{
    return d->page(d->completedOrder, from, most);
}

std::vector<ItemRecord> RecordedRun::delivered(std::size_t from, std::size_t most) const
{
    return d->page(d->deliveredOrder, from, most);
}

std::vector<ItemRecord> RecordedRun::failures(std::size_t from, std::size_t most) const
{
    return d->page(d->failures, from, most);
}

std::optional<RecordedItem> RecordedRun::item(std::uint64_t index) const
{
    const auto found = std::lower_bound(
        d->byIndex.begin(), d->byIndex.end(), index,
        [this](std::uint32_t position, std::uint64_t wanted) { return d->results[position].index < wanted; });
    if (found == d->byIndex.end() || d->results[*found].index != index)
        return std::nullopt;
    // The results are in the order in which they were completed.
    return RecordedItem{.record = d->at(*found),
                        .completedPosition = *found,
                        .deliveredPosition = d->deliveredPosition[*found]};
}

} // namespace Poolscope
