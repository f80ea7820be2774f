// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/measurement/snapshot.h"
#include "core/pool/jobspec.h"

#include <QList>
#include <QWidget>

class QGridLayout;
class QLabel;

namespace Poolscope {

class ElidedLabel;
class OutcomeBar;

/// How far the run is, in one line and a bar, and its figures: as they stand while it goes on, as they came
/// out once it has ended, in the same place.
class RunHeader final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunHeader)

public:
    explicit RunHeader(QWidget *parent = nullptr);

    void clear();
    /// What the run does. apply() says how far it is.
    void setJob(const JobSpec &spec);
    /// \param rate  completed items a second, by now
    void apply(const RunSnapshot &snapshot, double rate);

    /// "412 of 1,000 items · 2.0 items/s · 4 min 54 s left (±20 s) · 0 errors"
    /// \param isRetry  items of a run before are tried again
    static QString headline(const RunSnapshot &snapshot, double rate, bool isRetry = false);

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    enum Figure
    {
        Elapsed,
        FirstResult,
        Throughput,
        Utilisation,
        PeakBuffered,
        Workers,
        Chunks,
        FigureCount
    };

    void applyTheme();
    void fit();
    void showJob(int processes);
    void showProgress(const RunSnapshot &snapshot);
    void setFigure(Figure figure, const QString &text);

    JobSpec m_spec;
    QGridLayout *m_grid;
    ElidedLabel *m_headline;
    ElidedLabel *m_job;
    OutcomeBar *m_progress;
    QList<QLabel *> m_names;
    QList<ElidedLabel *> m_figures;
};

} // namespace Poolscope
