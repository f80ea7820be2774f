// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/entrylist.h"

#include <QWidget>

#include <functional>

class QComboBox;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace Poolscope {

class ElidedLabel;

/// Who races and how often; to start, to stop and to keep it; and what is to be said of it all.
class RaceControls final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RaceControls)

public:
    /// \param job  what the form says now: who can race on it is offered
    explicit RaceControls(std::function<JobSpec()> job, QWidget *parent = nullptr);

    QList<Contestant> contestants() const;
    int rounds() const;
    /// What is wrong with the contestants as they are written; empty when nothing is.
    QString problem() const;

    enum class State
    {
        Empty, ///< There is no comparison to be kept.
        Shown,
        Running,
    };
    /// \param canStart  unless it runs
    void setState(State state, bool canStart);
    void setProgress(double share);
    void tell(const QString &words);

Q_SIGNALS:
    void contestantsChanged();
    void startOrStopWanted();
    void saveWanted();
    void exportWanted();
    void openWanted();

private:
    QWidget *makePresets();
    void choose(const Preset &preset);
    void openDialog();

    const std::function<JobSpec()> m_job;
    QComboBox *m_contestants;
    QPushButton *m_choose;
    QWidget *m_presets;
    QSpinBox *m_rounds;
    QPushButton *m_start;
    QPushButton *m_save;
    QPushButton *m_export;
    QPushButton *m_open;
    ElidedLabel *m_state;
    QProgressBar *m_progress;
};

} // namespace Poolscope
