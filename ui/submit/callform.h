// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livepool.h"

#include <QPlainTextEdit>
#include <QWidget>

#include <functional>
#include <vector>

class QCheckBox;
class QPushButton;
class QSpinBox;

namespace Poolscope {

class FieldMessage;

/// Arguments, a line for each call: Enter sends them, Shift+Enter begins another line.
class ArgumentsEdit final : public QPlainTextEdit
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ArgumentsEdit)

public:
    explicit ArgumentsEdit(QWidget *parent = nullptr);

Q_SIGNALS:
    void submitWanted();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void applyTheme();
};

/// What to call: the task of the job with the arguments typed here.
class CallForm final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallForm)

public:
    /// More calls than these cannot be sent by one press.
    static constexpr int mostCalls = 10'000;

    /// \param job  gives the job as it is in the form now
    explicit CallForm(std::function<JobSpec()> job, QWidget *parent = nullptr);

    void apply(const LivePool &pool);
    /// The job has changed: says what would be called now.
    void readJob();

Q_SIGNALS:
    void submitWanted(const std::vector<Poolscope::PoolCall> &calls, Poolscope::CallsModel::Method method);

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeOptions();
    void check();
    void submit(CallsModel::Method method);
    PoolCall callOf(const TypedArguments &arguments) const;
    void enableButtons();

    const std::function<JobSpec()> m_job;
    JobSpec m_spec;
    QString m_jobProblem;
    TypedCalls m_typed;
    bool m_isComplete = false; ///< Nothing is wrong with what is to be called.
    bool m_canSubmit = false;
    bool m_isOpen = false;

    ArgumentsEdit *m_arguments;
    FieldMessage *m_message;
    QSpinBox *m_repeat;
    QCheckBox *m_callback;
    QCheckBox *m_errorCallback;
    QCheckBox *m_raise;
    QPushButton *m_applyAsync;
    QPushButton *m_apply;
};

} // namespace Poolscope
