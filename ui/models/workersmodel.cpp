// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/workersmodel.h"

#include "ui/models/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace Poolscope {

namespace {

/// Whether two samples would read the same: numbers that are shown rounded are compared rounded, so that
/// jitter below the last digit repaints nothing.
bool looksEqual(const WorkerSnapshot &a, const WorkerSnapshot &b)
{
    const auto rounded = [](double share) { return std::lround(share * 100); };
    return a.slot == b.slot && a.generation == b.generation && a.pid == b.pid && a.state == b.state &&
           a.chunk == b.chunk && a.item == b.item && a.itemsDone == b.itemsDone &&
           a.itemsFailed == b.itemsFailed && a.chunksUntilRecycle == b.chunksUntilRecycle &&
           rounded(a.busy) == rounded(b.busy) && rounded(a.cpu) == rounded(b.cpu) &&
           a.memoryBytes / 100'000 == b.memoryBytes / 100'000 && a.lastError == b.lastError;
}

template <typename T>
QVariant orLast(const std::optional<T> &value)
{
    // Rows without a number go below all that have one.
    return value ? QVariant(qulonglong(*value)) : QVariant(qulonglong(-1));
}

} // namespace

WorkersModel::WorkersModel(QObject *parent) : QAbstractTableModel(parent) {}

void WorkersModel::apply(const std::vector<WorkerSnapshot> &workers)
{
    const int before = rowCount();
    const int now = int(workers.size());
    if (now < before) {
        beginRemoveRows({}, now, before - 1);
        m_workers.resize(workers.size());
        endRemoveRows();
    }

    const int common = std::min(before, now);
    int firstChanged = -1;
    for (int row = 0; row <= common; ++row) {
        const bool changed =
            row < common && !looksEqual(m_workers[std::size_t(row)], workers[std::size_t(row)]);
        if (changed && firstChanged < 0)
            firstChanged = row;
        if (row < common)
            m_workers[std::size_t(row)] = workers[std::size_t(row)];
        if (!changed && firstChanged >= 0) {
            Q_EMIT dataChanged(index(firstChanged, 0), index(row - 1, ColumnCount - 1));
            firstChanged = -1;
        }
    }

    if (now > before) {
        beginInsertRows({}, before, now - 1);
        m_workers = workers;
        endInsertRows();
    }
}

void WorkersModel::setActivity(std::vector<WorkerActivity> activity)
{
    m_activity = std::move(activity);
    if (const int rows = std::min(rowCount(), int(m_activity.size())); rows > 0)
        Q_EMIT dataChanged(index(0, Activity), index(rows - 1, TimeSplit));
}

const WorkersModel::WorkerActivity *WorkersModel::activityOf(std::size_t row) const
{
    return row < m_activity.size() ? &m_activity[row] : nullptr;
}

QList<double> WorkersModel::shares(const RunLog::Split &split)
{
    const double sum = split.sum();
    QList<double> shares = {split.starting, split.waiting, split.running,   split.sending,
                            split.blocked,  split.ending,  split.unpacking, split.packing};
    for (double &share : shares)
        share = sum > 0 ? share / sum : 0;
    return shares;
}

int WorkersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_workers.size());
}

int WorkersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant WorkersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const WorkerSnapshot &worker = m_workers[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == TimeSplit || index.column() == Activity)
            return activityText(index);
        return text(worker, index.column());
    case Qt::ToolTipRole:
        if (index.column() == TimeSplit || index.column() == Activity)
            return activityToolTip(index);
        return toolTip(worker, index.column());
    case Qt::TextAlignmentRole:
        if (index.column() == State || index.column() == LastError || index.column() == Activity ||
            index.column() == TimeSplit)
            return int(Qt::AlignLeft | Qt::AlignVCenter);
        return int(Qt::AlignRight | Qt::AlignVCenter);
    case SortRole:
        if (index.column() == TimeSplit || index.column() == Activity) {
            const WorkerActivity *const activity = activityOf(std::size_t(index.row()));
            return activity ? shares(activity->split)[2] : 0;
        }
        return sortKey(worker, index.column());
    case StateRole:
        return int(worker.state);
    case ItemRole:
        return worker.item ? QVariant(qulonglong(*worker.item)) : QVariant();
    case LoadRole:
        if (const WorkerActivity *activity = activityOf(std::size_t(index.row())))
            return QVariant::fromValue(activity->load);
        return {};
    case SplitRole:
        if (const WorkerActivity *activity = activityOf(std::size_t(index.row())))
            return QVariant::fromValue(shares(activity->split));
        return {};
    default:
        return {};
    }
}

QVariant WorkersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == State || section == LastError || section == Activity || section == TimeSplit
                        ? Qt::AlignLeft
                        : Qt::AlignRight) |
                   Qt::AlignVCenter);
    const bool explain = role == Qt::ToolTipRole;
    if (role != Qt::DisplayRole && !explain)
        return {};
    switch (section) {
    case Worker:
        return explain ? tr("Number of the worker's place in the pool") : tr("Worker");
    case State:
        return explain ? tr("What its process does now") : tr("State");
    case Pid:
        return explain ? tr("Number of its process in this system") : tr("PID");
    case Generation:
        return explain ? tr("How many processes this place has had") : tr("Gen.");
    case Chunk:
        return explain ? tr("The chunk it runs") : tr("Chunk");
    case Item:
        return explain ? tr("The item it runs, by its place in the input") : tr("Item");
    case ItemsDone:
        return explain ? tr("Items this place has done, by all its processes") : tr("Done");
    case UntilRecycle:
        return explain ? tr("Chunks until a new process takes its place") : tr("Tasks left");
    case Busy:
        return explain ? tr("Share of the time that it was there in which it ran items") : tr("Busy");
    case Activity:
        return explain ? tr("How busy it was, over the stretch of time that the timeline shows")
                       : tr("Activity");
    case TimeSplit:
        return explain
                   ? tr("What it spent that time with: running, sending, waiting for work, blocked by the "
                        "consumer, starting, ending")
                   : tr("Time spent");
    case Cpu:
        return explain ? tr("Share of one CPU that it uses now") : tr("CPU");
    case Memory:
        return explain ? tr("Memory its process holds") : tr("Memory");
    case LastError:
        return explain ? tr("The last thing that went wrong here") : tr("Last error");
    default:
        return {};
    }
}

QString WorkersModel::stateWord(WorkerState state)
{
    switch (state) {
    case WorkerState::Starting:
        return tr("starting");
    case WorkerState::Waiting:
        return tr("waiting");
    case WorkerState::Running:
        return tr("running");
    case WorkerState::Ending:
        return tr("ending");
    case WorkerState::Gone:
        return tr("no process");
    }
    return {};
}

/// What the picture says, for those who do not see it.
QString WorkersModel::activityText(const QModelIndex &index) const
{
    const WorkerActivity *const activity = activityOf(std::size_t(index.row()));
    if (!activity || activity->split.sum() <= 0)
        return {};
    return tr("%1 busy").arg(Format::percent(shares(activity->split)[2]));
}

QString WorkersModel::activityToolTip(const QModelIndex &index) const
{
    const WorkerActivity *const activity = activityOf(std::size_t(index.row()));
    if (!activity)
        return {};
    const RunLog::Split &split = activity->split;
    const std::array<std::pair<QString, double>, 8> times = {{{tr("running"), split.running},
                                                              {tr("unpacking items"), split.unpacking},
                                                              {tr("packing results"), split.packing},
                                                              {tr("sending"), split.sending},
                                                              {tr("waiting for work"), split.waiting},
                                                              {tr("blocked by the consumer"), split.blocked},
                                                              {tr("starting"), split.starting},
                                                              {tr("ending"), split.ending}}};
    QStringList lines = {tr("In the stretch of time shown:")};
    for (const auto &[name, seconds] : times)
        if (seconds > 0)
            lines += QStringLiteral("%1  %2  %3")
                         .arg(Format::percent(seconds / split.sum()), Format::duration(seconds), name);
    return Format::plainToolTip(lines.join(QLatin1Char('\n')));
}

QString WorkersModel::text(const WorkerSnapshot &worker, int column) const
{
    const QString none = QStringLiteral("–");
    switch (column) {
    case Worker:
        return Format::count(worker.slot);
    case State:
        return stateWord(worker.state);
    case Pid:
        return worker.pid > 0 ? QString::number(worker.pid) : none;
    case Generation:
        return worker.generation > 0 ? Format::count(worker.generation) : none;
    case Chunk:
        return worker.chunk ? Format::count(*worker.chunk) : none;
    case Item:
        return worker.item ? Format::count(*worker.item) : none;
    case ItemsDone:
        return Format::count(worker.itemsDone);
    case UntilRecycle:
        return worker.chunksUntilRecycle ? Format::count(*worker.chunksUntilRecycle) : tr("no limit");
    case Busy:
        return Format::percent(worker.busy);
    case Cpu:
        return worker.pid > 0 ? Format::percent(worker.cpu) : none;
    case Memory:
        return worker.memoryBytes > 0 ? Format::bytes(worker.memoryBytes) : none;
    case LastError:
        return Format::excerpt(worker.lastError);
    default:
        return {};
    }
}

QVariant WorkersModel::sortKey(const WorkerSnapshot &worker, int column) const
{
    switch (column) {
    case Worker:
        return worker.slot;
    case Pid:
        return qlonglong(worker.pid);
    case Generation:
        return worker.generation;
    case Chunk:
        return orLast(worker.chunk);
    case Item:
        return orLast(worker.item);
    case ItemsDone:
        return qulonglong(worker.itemsDone);
    case UntilRecycle:
        return orLast(worker.chunksUntilRecycle);
    case Busy:
        return worker.busy;
    case Cpu:
        return worker.cpu;
    case Memory:
        return qulonglong(worker.memoryBytes);
    default:
        return text(worker, column);
    }
}

QString WorkersModel::toolTip(const WorkerSnapshot &worker, int column) const
{
    switch (column) {
    case ItemsDone:
        return tr("%1 done, %2 of them failed")
            .arg(Format::items(worker.itemsDone), Format::count(worker.itemsFailed));
    case Memory:
        return worker.memoryBytes > 0 ? tr("%1 bytes").arg(Format::count(worker.memoryBytes)) : QString();
    case LastError:
        return Format::plainToolTip(Format::excerpt(worker.lastError, 2000));
    default:
        return {};
    }
}

} // namespace Poolscope
