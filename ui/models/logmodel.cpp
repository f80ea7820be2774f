// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/logmodel.h"

#include "ui/models/format.h"

#include <algorithm>

namespace Poolscope {

namespace {

constexpr std::size_t linesPerRefresh = 1000;

} // namespace

LogModel::LogModel(QObject *parent) : QAbstractTableModel(parent) {}

void LogModel::setFeed(const RunFeed *feed)
{
    beginResetModel();
    m_feed = feed;
    m_cursor = 0;
    m_lines.clear();
    endResetModel();
}

bool LogModel::refresh()
{
    if (!m_feed)
        return false;
    std::vector<LogLine> fresh = m_feed->log(m_cursor, linesPerRefresh);
    if (fresh.empty())
        return false;
    m_cursor += fresh.size();
    const int rows = rowCount();
    if (rows + int(fresh.size()) > maximumRows) {
        // A quarter at a time: removing rows at the front moves all others.
        const int surplus = std::min(rows, std::max(rows + int(fresh.size()) - maximumRows, maximumRows / 4));
        beginRemoveRows({}, 0, surplus - 1);
        m_lines.erase(m_lines.begin(), m_lines.begin() + surplus);
        endRemoveRows();
    }
    beginInsertRows({}, rowCount(), rowCount() + int(fresh.size()) - 1);
    std::move(fresh.begin(), fresh.end(), std::back_inserter(m_lines));
    endInsertRows();
    return true;
}

QString LogModel::source(const LogLine &line)
{
    const QString who = line.item ? tr("worker %1 · item %2").arg(line.worker).arg(Format::count(*line.item))
                                  : tr("worker %1").arg(line.worker);
    return line.stream == OutputStream::Stderr ? tr("%1 · stderr").arg(who) : who;
}

int LogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int LogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const LogLine &line = m_lines[std::size_t(index.row())];
    if (role == Qt::TextAlignmentRole)
        return int((index.column() == Time ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return index.column() == Text ? Format::plainToolTip(Format::excerpt(line.text, 4000)) : QVariant();
    if (role == ItemRole)
        return line.item ? QVariant(qulonglong(*line.item)) : QVariant();
    if (role == WorkerRole)
        return line.worker;
    if (role == TimeRole)
        return line.time;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Time:
        return Format::moment(line.time);
    case Source:
        if (line.worker < 0)
            return tr("pool");
        return source(line);
    case Text:
        return Format::excerpt(line.text, 2000);
    default:
        return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Time ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("At");
    case Source:
        return tr("From");
    case Text:
        return tr("Text");
    default:
        return {};
    }
}

} // namespace Poolscope
