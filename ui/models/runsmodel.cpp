// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runsmodel.h"

#include "ui/models/format.h"

namespace Poolscope {

namespace {

QString latin1(std::string_view text)
{
    return QString::fromLatin1(text.data(), qsizetype(text.size()));
}

/// What is compared in a column, the smaller the better; nothing where there is nothing to compare.
std::optional<double> cost(const EndedRun &run, int column)
{
    const RunFigures figures = figuresOf(run.snapshot);
    switch (column) {
    case RunsModel::FirstResult:
        return figures.firstResult;
    case RunsModel::LastResult:
        return figures.elapsed;
    case RunsModel::Throughput:
        return figures.throughput ? std::optional(-*figures.throughput) : std::nullopt;
    case RunsModel::PeakBuffered:
        return double(run.snapshot.peakBufferedResults);
    case RunsModel::WorkersStarted:
        return double(run.snapshot.workersStarted);
    default:
        return std::nullopt;
    }
}

bool comparable(const EndedRun &a, const EndedRun &b)
{
    // A resumed run had only the rest to do.
    return !a.spec.resume && !b.spec.resume && a.snapshot.phase == RunPhase::Finished &&
           b.snapshot.phase == RunPhase::Finished && a.spec.task == b.spec.task &&
           a.spec.commandTemplate == b.spec.commandTemplate && a.spec.parameters == b.spec.parameters &&
           a.spec.input == b.spec.input;
}

QString taskText(const JobSpec &spec)
{
    const QString task = spec.task.isEmpty() ? spec.commandTemplate : spec.task;
    return Format::excerpt(RunsModel::tr("%1 on %2").arg(task, spec.input).toStdString(), 200);
}

QString outcomeText(const EndedRun &run)
{
    const RunSnapshot &snapshot = run.snapshot;
    switch (snapshot.phase) {
    case RunPhase::Finished: {
        const std::uint64_t bad = snapshot.items.ended() - snapshot.items.ok;
        if (run.spec.resume)
            return RunsModel::tr("resumed, %1 not ok").arg(Format::count(bad));
        return bad == 0 ? RunsModel::tr("all ok") : RunsModel::tr("%1 not ok").arg(Format::count(bad));
    }
    case RunPhase::Stopped:
        return RunsModel::tr("stopped");
    case RunPhase::Failed:
        return RunsModel::tr("could not run");
    default:
        return {};
    }
}

bool isText(int column)
{
    return column == RunsModel::Method || column == RunsModel::Outcome || column == RunsModel::Task;
}

} // namespace

RunsModel::RunsModel(QObject *parent) : QAbstractTableModel(parent) {}

void RunsModel::add(EndedRun run)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_runs.push_back(std::move(run));
    endInsertRows();
    if (row > 0)
        Q_EMIT dataChanged(index(0, 0), index(row - 1, ColumnCount - 1));
}

int RunsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_runs.size());
}

int RunsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RunsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const EndedRun &run = m_runs[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole: {
        const QString figure = text(run, index.row(), index.column());
        return isBest(index.row(), index.column()) ? tr("best · %1").arg(figure) : figure;
    }
    case Qt::ToolTipRole:
        return index.column() == Task ? Format::plainToolTip(taskText(run.spec)) : QVariant();
    case Qt::TextAlignmentRole:
        return int((isText(index.column()) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case BestRole:
        return isBest(index.row(), index.column());
    default:
        return {};
    }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((isText(section) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number:
        return tr("Run");
    case Method:
        return tr("Method");
    case Processes:
        return tr("Processes");
    case ChunkSize:
        return tr("Chunk size");
    case Items:
        return tr("Items");
    case FirstResult:
        return tr("First result");
    case LastResult:
        return tr("Last result");
    case Throughput:
        return tr("Delivered");
    case PeakBuffered:
        return tr("Most waiting");
    case WorkersStarted:
        return tr("Workers");
    case Outcome:
        return tr("Outcome");
    case Task:
        return tr("Task and input");
    default:
        return {};
    }
}

QString RunsModel::text(const EndedRun &run, int row, int column) const
{
    const RunFigures figures = figuresOf(run.snapshot);
    const QString none = QStringLiteral("–");
    switch (column) {
    case Number:
        return Format::count(std::uint64_t(row) + 1);
    case Method:
        return latin1(methodName(run.spec.method));
    case Processes:
        return Format::count(std::uint64_t(run.spec.processes));
    case ChunkSize:
        return run.snapshot.chunksize > 0 ? Format::count(run.snapshot.chunksize) : none;
    case Items:
        return Format::count(run.snapshot.completed);
    case FirstResult:
        return figures.firstResult ? Format::duration(*figures.firstResult) : none;
    case LastResult:
        return figures.elapsed ? Format::duration(*figures.elapsed) : none;
    case Throughput:
        return figures.throughput ? Format::rate(*figures.throughput) : none;
    case PeakBuffered:
        return Format::count(run.snapshot.peakBufferedResults);
    case WorkersStarted:
        return Format::count(run.snapshot.workersStarted);
    case Outcome:
        return outcomeText(run);
    case Task:
        return taskText(run.spec);
    default:
        return {};
    }
}

bool RunsModel::isBest(int row, int column) const
{
    const EndedRun &run = m_runs[std::size_t(row)];
    const std::optional<double> own = cost(run, column);
    if (!own)
        return false;
    bool differs = false;
    for (const EndedRun &other : m_runs) {
        const std::optional<double> theirs = cost(other, column);
        if (&other == &run || !theirs || !comparable(run, other))
            continue;
        if (*theirs < *own)
            return false;
        differs = differs || *theirs > *own;
    }
    // Where all are alike none is best.
    return differs;
}

} // namespace Poolscope
