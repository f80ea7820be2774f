// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"

#include <QWidget>

#include <vector>

namespace Poolscope {

/// The workers of a pool side by side: what each does, its process, how long it has run what it runs. As
/// many words as there is room for; a busy one is told from an idle one in any case.
class WorkerStrip final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkerStrip)

public:
    explicit WorkerStrip(QWidget *parent = nullptr);

    /// \param now  on the clock of the snapshots
    void apply(const std::vector<WorkerSnapshot> &workers, double now);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString text(const WorkerSnapshot &worker, bool whole) const;
    int step() const;

    std::vector<WorkerSnapshot> m_workers;
    double m_now = 0;
};

} // namespace Poolscope
