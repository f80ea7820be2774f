// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/runfilter.h"

#include <QSortFilterProxyModel>

namespace Poolscope {

/// The rows of a list that belong to the part of the run that is shown, and that its own filter lets pass.
class NarrowedRows final : public QSortFilterProxyModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NarrowedRows)

public:
    /// \param timeRole    of a double: seconds, negative when that is not known
    /// \param workerRole  of an int: slot, negative when there is none
    NarrowedRows(int timeRole, int workerRole, QObject *parent = nullptr);

    void setNarrowing(const Narrowing &narrowing);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    const int m_timeRole;
    const int m_workerRole;
    Narrowing m_narrowing;
};

} // namespace Poolscope
