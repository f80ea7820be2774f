// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/failuresmodel.h"

#include "ui/models/format.h"
#include "ui/models/itemoutcome.h"

namespace Poolscope {

namespace {

constexpr std::size_t recordsPerRefresh = 500;
constexpr int excerptLength = 300;

bool isText(int column)
{
    return column == FailuresModel::Kind || column == FailuresModel::Type ||
           column == FailuresModel::Message || column == FailuresModel::Input;
}

} // namespace

FailuresModel::FailuresModel(QObject *parent) : QAbstractTableModel(parent) {}

void FailuresModel::setFeed(const RunFeed *feed)
{
    beginResetModel();
    m_feed = feed;
    m_cursor = 0;
    m_rows.clear();
    endResetModel();
}

bool FailuresModel::refresh()
{
    if (!m_feed || m_rows.size() >= maximumRows)
        return false;
    const std::vector<ItemRecord> records = m_feed->failures(m_cursor, recordsPerRefresh);
    std::vector<Row> fresh;
    for (std::size_t i = 0; i < records.size() && m_rows.size() + fresh.size() < maximumRows; ++i) {
        const ItemRecord &record = records[i];
        if (record.status != ItemStatus::Error && record.status != ItemStatus::Lost)
            continue;
        const ItemError error = itemErrorOf(record.value);
        fresh.push_back({m_cursor + i, record.index, record.status, record.worker, record.attempt,
                         record.finished, Format::excerpt(error.type.toStdString(), excerptLength),
                         Format::excerpt(error.message.toStdString(), excerptLength),
                         Format::excerpt(record.input, excerptLength)});
    }
    m_cursor += records.size();
    if (!fresh.empty()) {
        beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + fresh.size()) - 1);
        m_rows.insert(m_rows.end(), std::make_move_iterator(fresh.begin()),
                      std::make_move_iterator(fresh.end()));
        endInsertRows();
    }
    return !records.empty();
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
    case TracebackRole:
        return traceback(row);
    case DetailsRole:
        return details(row);
    case SortRole:
        switch (index.column()) {
        case Item:
            return qulonglong(row.index);
        case Worker:
            return row.worker;
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

QString FailuresModel::text(const Row &row, int column) const
{
    switch (column) {
    case Item:
        return Format::count(row.index);
    case Kind:
        return statusWord(row.status);
    case Type:
        return row.type;
    case Message:
        return row.message;
    case Input:
        return row.input;
    case Worker:
        return Format::count(row.worker);
    case Attempt:
        return Format::count(row.attempt);
    case Time:
        return Format::moment(row.time);
    default:
        return {};
    }
}

QString FailuresModel::traceback(const Row &row) const
{
    const std::vector<ItemRecord> records = m_feed->failures(row.position, 1);
    return records.empty() ? QString() : itemErrorOf(records.front().value).traceback;
}

QString FailuresModel::details(const Row &row) const
{
    const std::vector<ItemRecord> records = m_feed->failures(row.position, 1);
    if (records.empty())
        return {};
    const ItemRecord &record = records.front();
    const ItemError error = itemErrorOf(record.value);
    QStringList lines;
    lines += error.type.isEmpty() ? error.message : error.type + QStringLiteral(": ") + error.message;
    lines += tr("Item %1, worker %2 (process %3), attempt %4")
                 .arg(Format::count(record.index))
                 .arg(record.worker)
                 .arg(record.pid)
                 .arg(record.attempt);
    if (!record.input.empty())
        lines += tr("Input: %1").arg(QString::fromStdString(record.input));
    if (!error.traceback.isEmpty())
        lines << QString() << error.traceback;
    return lines.join(QLatin1Char('\n'));
}

} // namespace Poolscope
