// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livepool.h"

#include <QWidget>

class QPushButton;

namespace Poolscope {

class ElidedLabel;
class WorkerStrip;

/// What the pool is doing, in one sentence and its workers side by side, and the four things to do with it.
class PoolHeader final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PoolHeader)

public:
    explicit PoolHeader(QWidget *parent = nullptr);

    void apply(const LivePool &pool);

    /// "Open: Pool(2) · 2 of 2 workers busy · 3 calls wait"
    static QString headline(const LivePool &pool);

Q_SIGNALS:
    void openWanted();
    void closeWanted();
    void joinWanted();
    void terminateWanted();

protected:
    void changeEvent(QEvent *event) override;

private:
    void colorButtons();

    ElidedLabel *m_headline;
    QPushButton *m_open;
    QPushButton *m_close;
    QPushButton *m_join;
    QPushButton *m_terminate;
    WorkerStrip *m_workers;
};

} // namespace Poolscope
