// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/poollogmodel.h"

#include "ui/models/format.h"

#include <utility>

namespace Poolscope {

PoolLogModel::PoolLogModel(QObject *parent) : QAbstractTableModel(parent) {}

void PoolLogModel::add(Line line)
{
    if (rowCount() == maximumRows) {
        // A quarter at a time: removing rows at the front moves all others.
        beginRemoveRows({}, 0, maximumRows / 4 - 1);
        m_lines.erase(m_lines.begin(), m_lines.begin() + maximumRows / 4);
        endRemoveRows();
    }
    beginInsertRows({}, rowCount(), rowCount());
    m_lines.push_back(std::move(line));
    endInsertRows();
}

int PoolLogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int PoolLogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PoolLogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Line &line = m_lines[std::size_t(index.row())];
    const QString &text = index.column() == Statement ? line.statement : line.text;
    switch (role) {
    case Qt::TextAlignmentRole:
        return int((index.column() == Time ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return index.column() == Time ? QVariant()
                                      : Format::plainToolTip(Format::excerpt(text.toStdString(), 4000));
    case Qt::DisplayRole:
        return index.column() == Time ? Format::moment(line.time) : Format::excerpt(text.toStdString(), 1000);
    case RaisedRole:
        return line.hasRaised;
    default:
        return {};
    }
}

QVariant PoolLogModel::headerData(int section, Qt::Orientation orientation, int role) const
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
    case Statement:
        return tr("Statement");
    case Text:
        return tr("What came of it");
    default:
        return {};
    }
}

} // namespace Poolscope
