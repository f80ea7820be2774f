// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

#include <QJsonObject>
#include <QScrollArea>
#include <QStringList>
#include <QTimer>

#include <optional>

namespace Poolscope {

class AdvancedFields;
class InputField;
class PoolFields;
class TaskField;

/// The form of a job. It checks what it holds after every change and says at each field what is wrong.
class JobPanel final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobPanel)

public:
    enum class Lock
    {
        Open,
        Locked, ///< a run lasts: the values can be read but not changed
    };

    explicit JobPanel(QWidget *parent = nullptr);

    JobSpec spec() const;
    void setSpec(const JobSpec &spec);

    /// Checks the form now. \returns why it cannot be run, in one sentence; empty when it can
    QString check();
    /// What check() found last.
    const QString &obstacle() const { return m_obstacle; }

    /// Shows, at its field, why a run of the present job failed, until the job is changed. It is no obstacle:
    /// what was wrong may have been mended outside.
    void showFailure(const JobProblem &problem);

    void setLock(Lock lock);

    QStringList recentInputs() const;
    void setRecentInputs(const QStringList &inputs);
    void rememberInput();

    void browseInput();
    void choosePython();
    void choosePlugin();
    /// A file from the desktop: a Python file or a plugin brings tasks, anything else is an input.
    void takeFile(const QString &file);
    void setInput(const QString &input);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void obstacleChanged();
    void recentInputsChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void takeChange();
    void showProblem(const JobProblem &problem);
    void clearProblems();

    TaskField *m_task;
    InputField *m_input;
    PoolFields *m_pool;
    AdvancedFields *m_advanced;
    QWidget *m_form;
    QTimer m_checkDelay;
    QString m_obstacle;
    std::optional<JobProblem> m_failure;
    QJsonObject m_failedJob; ///< As in jobToJson().
};

} // namespace Poolscope
