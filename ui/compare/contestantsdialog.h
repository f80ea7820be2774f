// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/contestant.h"

#include <QDialog>

#include <functional>

class QDialogButtonBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QScrollArea;

namespace Poolscope {

/// Who is compared, a row each: its way, and what it has of its own.
class ContestantsDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ContestantsDialog)

public:
    /// What should be said of a list; empty for nothing.
    using Remark = std::function<QString(const QList<Contestant> &)>;

    /// \param remark  what is wrong with them for the job at hand, which keeps nobody from choosing them
    ContestantsDialog(const QList<Contestant> &contestants, Remark remark, QWidget *parent = nullptr);

    const QList<Contestant> &contestants() const { return m_contestants; }

private:
    void addOne();
    void removeOne(qsizetype at);
    void focusWay(qsizetype at);
    /// Widgets for all of them, anew.
    void showRows();
    QWidget *makeWay(qsizetype at);
    QWidget *makeChunksize(qsizetype at);
    QWidget *makeProcesses(qsizetype at);
    QWidget *makeRemove(qsizetype at);
    void check();

    const Remark m_remark;
    QList<Contestant> m_contestants;
    QScrollArea *m_rows;
    QLabel *m_problem;
    QPushButton *m_add;
    QDialogButtonBox *m_buttons;
};

} // namespace Poolscope
