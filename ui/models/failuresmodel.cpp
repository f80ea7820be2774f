// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/failuresmodel.h"

#include "ui/models/format.h"
#include "ui/models/itemoutcome.h"
#include "ui/models/obituary.h"

#include <QRegularExpression>

namespace Poolscope {

namespace {

constexpr std::size_t recordsPerRefresh = 500;
constexpr int excerptLength = 300;

bool isText(int column)
{
    return column == FailuresModel::Kind || column == FailuresModel::Type ||
           column == FailuresModel::Message || column == FailuresModel::Input;
}

/// How a worker died, without who it was: that has a column of its own.
QString cause(const QString &message)
{
    static const QRegularExpression who(QStringLiteral("^worker \\d+ \\(PID \\d+\\) (was )?"));
    return QString(message).remove(who);
}

} // namespace

FailuresModel::FailuresModel(QObject *parent) : QAbstractTableModel(parent) {}

void FailuresModel::setFeed(const RunFeed *feed)
{
    beginResetModel();
    m_feed = feed;
    m_failuresRead = m_deathsRead = 0;
    m_rows.clear();
    m_rowOf.clear();
    m_types.clear();
    endResetModel();
}

FailuresModel::Row FailuresModel::rowOf(const ItemRecord &record)
{
    const ItemError error = itemErrorOf(record.value);
    Row row;
    row.item = record.index;
    row.status = record.status;
    if (record.pid != 0)
        row.worker = record.worker;
    row.attempt = record.attempt;
    row.time = record.finished;
    row.type = Format::excerpt(error.type.toStdString(), excerptLength);
    const QString message = record.status == ItemStatus::Lost ? cause(error.message) : error.message;
    row.message = Format::excerpt(message.toStdString(), excerptLength);
    row.input =
        Format::excerpt(record.input.empty() ? error.input.toStdString() : record.input, excerptLength);
    return row;
}

FailuresModel::Row FailuresModel::rowOf(const WorkerDeath &death)
{
    const ItemError error = itemErrorOf(death.error);
    Row row;
    row.item = death.item;
    row.worker = death.worker;
    row.time = death.time;
    row.type = Format::excerpt(error.type.toStdString(), excerptLength);
    row.message = Format::excerpt(cause(error.message).toStdString(), excerptLength);
    return row;
}

void FailuresModel::take(std::vector<Row> &fresh, Row row, std::optional<Process> process)
{
    // A process dies of one item at most, which is heard of when its chunk has ended: long after the death,
    // or before that is read here.
    const auto known = process ? m_rowOf.find(*process) : m_rowOf.end();
    if (known == m_rowOf.end()) {
        if (process)
            m_rowOf.emplace(*process, m_rows.size() + fresh.size());
        ++m_types[row.type];
        fresh.push_back(std::move(row));
        return;
    }
    const std::size_t at = known->second;
    Row &same = at < m_rows.size() ? m_rows[at] : fresh[at - m_rows.size()];
    if (row.death) {
        same.death = row.death;
        return;
    }
    row.death = same.death;
    if (--m_types[same.type] == 0)
        m_types.erase(same.type);
    ++m_types[row.type];
    same = std::move(row);
    if (at < m_rows.size())
        Q_EMIT dataChanged(index(int(at), 0), index(int(at), ColumnCount - 1));
}

bool FailuresModel::refresh()
{
    if (!m_feed || m_rows.size() >= maximumRows)
        return false;
    std::vector<Row> fresh;
    const auto hasRoom = [&] { return m_rows.size() + fresh.size() < maximumRows; };
    const std::vector<WorkerDeath> deaths = m_feed->deaths(m_deathsRead, recordsPerRefresh);
    for (std::size_t i = 0; i < deaths.size() && hasRoom(); ++i) {
        Row row = rowOf(deaths[i]);
        row.death = m_deathsRead + i;
        take(fresh, std::move(row), Process{deaths[i].pid, deaths[i].worker, deaths[i].generation});
    }
    const std::vector<ItemRecord> failures = m_feed->failures(m_failuresRead, recordsPerRefresh);
    for (std::size_t i = 0; i < failures.size() && hasRoom(); ++i) {
        const ItemRecord &record = failures[i];
        if (record.status != ItemStatus::Error && record.status != ItemStatus::Lost)
            continue;
        Row row = rowOf(record);
        row.failure = m_failuresRead + i;
        const bool hasDied = record.status == ItemStatus::Lost && record.pid != 0;
        take(fresh, std::move(row),
             hasDied ? std::optional(Process{record.pid, record.worker, record.generation}) : std::nullopt);
    }
    m_deathsRead += deaths.size();
    m_failuresRead += failures.size();
    if (!fresh.empty()) {
        beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + fresh.size()) - 1);
        m_rows.insert(m_rows.end(), std::make_move_iterator(fresh.begin()),
                      std::make_move_iterator(fresh.end()));
        endInsertRows();
    }
    return !deaths.empty() || !failures.empty();
}

std::vector<std::uint64_t> FailuresModel::failedItems() const
{
    std::vector<std::uint64_t> items;
    for (const Row &row : m_rows)
        if (row.failure)
            items.push_back(*row.item);
    return items;
}

int FailuresModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int FailuresModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FailuresModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        return isText(index.column()) ? Format::plainToolTip(text(row, index.column())) : QVariant();
    case Qt::TextAlignmentRole:
        return int((isText(index.column()) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case StatusRole:
        return int(row.status);
    case FailedRole:
        return row.failure ? qulonglong(*row.item) : QVariant();
    case TracebackRole:
        return traceback(row);
    case DetailsRole:
        return details(row);
    case ItemRole:
        return row.item ? QVariant(qulonglong(*row.item)) : QVariant();
    case TimeRole:
        return row.time;
    case TypeRole:
        return row.type;
    case WorkerRole:
        return row.worker ? int(*row.worker) : -1;
    case SortRole:
        switch (index.column()) {
        case Item:
            return row.item ? qulonglong(*row.item) : QVariant();
        case Worker:
            return row.worker ? *row.worker : QVariant();
        case Attempt:
            return row.attempt;
        case Time:
            return row.time;
        default:
            return text(row, index.column());
        }
    default:
        return {};
    }
}

QVariant FailuresModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((isText(section) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Item:
        return tr("Item");
    case Kind:
        return tr("What");
    case Type:
        return tr("Type");
    case Message:
        return tr("Message");
    case Input:
        return tr("Input");
    case Worker:
        return tr("Worker");
    case Attempt:
        return tr("Attempt");
    case Time:
        return tr("At");
    default:
        return {};
    }
}

QString FailuresModel::text(const Row &row, int column)
{
    const QString none = QStringLiteral("–");
    switch (column) {
    case Item:
        return row.item ? Format::count(*row.item) : none;
    case Kind:
        return row.failure ? statusWord(row.status) : tr("died");
    case Type:
        return row.type;
    case Message:
        return row.message;
    case Input:
        return row.input;
    case Worker:
        return row.worker ? Format::count(*row.worker) : none;
    case Attempt:
        return row.attempt > 0 ? Format::count(row.attempt) : none;
    case Time:
        return row.time >= 0 ? Format::moment(row.time) : none;
    default:
        return {};
    }
}

QString FailuresModel::traceback(const Row &row) const
{
    if (!row.failure)
        return {};
    const std::vector<ItemRecord> records = m_feed->failures(*row.failure, 1);
    return records.empty() ? QString() : itemErrorOf(records.front().value).traceback;
}

QString FailuresModel::details(const Row &row) const
{
    const std::vector<ItemRecord> failures =
        row.failure ? m_feed->failures(*row.failure, 1) : std::vector<ItemRecord>();
    const std::vector<WorkerDeath> deaths =
        row.death ? m_feed->deaths(*row.death, 1) : std::vector<WorkerDeath>();
    if (failures.empty() && deaths.empty())
        return {};
    return obituary(failures.empty() ? nullptr : &failures.front(),
                    deaths.empty() ? nullptr : &deaths.front());
}

} // namespace Poolscope
