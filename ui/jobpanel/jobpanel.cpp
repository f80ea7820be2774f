// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/jobpanel.h"

#include "core/pool/jobsettings.h"
#include "ui/jobpanel/advancedfields.h"
#include "ui/jobpanel/inputfield.h"
#include "ui/jobpanel/poolfields.h"
#include "ui/jobpanel/taskfield.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QFileInfo>
#include <QFocusEvent>
#include <QLineEdit>
#include <QScrollBar>
#include <QVBoxLayout>

namespace Poolscope {

namespace {

// Checking looks at files; not for every letter typed.
constexpr int checkDelay = 150;
constexpr int widestMinimum = 240;

} // namespace

JobPanel::JobPanel(QWidget *parent) : QScrollArea(parent), m_form(new QWidget)
{
    m_task = new TaskField(m_form);
    m_input = new InputField(m_form);
    m_pool = new PoolFields(m_form);
    m_advanced = new AdvancedFields(m_form);
    auto *layout = new QVBoxLayout(m_form);
    layout->setContentsMargins(Theme::spaceLarge, Theme::spaceLarge, Theme::spaceLarge, Theme::spaceLarge);
    layout->setSpacing(Theme::spaceLarge);
    layout->addWidget(m_task);
    layout->addWidget(m_input);
    layout->addWidget(m_pool);
    layout->addWidget(m_task->parameterFields());
    layout->addWidget(m_advanced);
    layout->addStretch(1);
    setWidget(m_form);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    // Fields that come and go at the end would else make the others narrower, and their hints longer.
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setAccessibleName(tr("Job"));

    m_checkDelay.setSingleShot(true);
    m_checkDelay.setInterval(checkDelay);
    connect(&m_checkDelay, &QTimer::timeout, this, &JobPanel::check);
    connect(m_task, &TaskField::changed, this, &JobPanel::takeChange);
    connect(m_input, &InputField::changed, this, &JobPanel::takeChange);
    connect(m_pool, &PoolFields::changed, this, &JobPanel::takeChange);
    connect(m_advanced, &AdvancedFields::changed, this, &JobPanel::takeChange);
    connect(m_input, &InputField::counted, this, &JobPanel::takeChange);
    connect(m_input, &InputField::recentChanged, this, &JobPanel::recentInputsChanged);
    connect(m_task, &TaskField::exampleWanted, m_input, &InputField::setInput);

    const auto edits = m_form->findChildren<QLineEdit *>();
    for (QLineEdit *edit : edits)
        edit->installEventFilter(this);
    check();
}

JobSpec JobPanel::spec() const
{
    JobSpec spec;
    spec.task = m_task->task();
    spec.commandTemplate = m_task->commandTemplate();
    spec.parameters = m_task->parameters();
    spec.input = m_input->input();
    spec.itemType = m_input->itemType();
    m_pool->writeTo(spec);
    m_advanced->writeTo(spec);
    return spec;
}

void JobPanel::setSpec(const JobSpec &spec)
{
    m_advanced->readFrom(spec);
    m_task->setPython(spec.python);
    m_task->setTask(spec.task, spec.commandTemplate, spec.parameters);
    m_input->setItemType(spec.itemType);
    m_input->setInput(spec.input);
    m_pool->readFrom(spec);
    check();
}

void JobPanel::takeChange()
{
    m_task->setPython(m_advanced->python());
    m_input->setUnpacked(unpacksItems(m_pool->method()));
    m_pool->setItemCount(m_input->count());
    m_checkDelay.start();
}

QString JobPanel::check()
{
    m_checkDelay.stop();
    clearProblems();
    const JobSpec job = spec();
    const bool lacksTask = job.task.isEmpty() && job.commandTemplate.isEmpty();
    const bool lacksInput = job.input.isEmpty();

    QString obstacle;
    const auto take = [this, &obstacle](const JobProblem &problem) {
        showProblem(problem);
        if (obstacle.isEmpty())
            obstacle = problem.message;
    };
    // What was not filled in yet is no mistake: it is asked for, not complained about.
    if (!m_task->fileProblem().isEmpty())
        take({JobProblem::Kind::Task, QStringLiteral("task"), m_task->fileProblem()});
    else if (lacksTask)
        obstacle = m_task->isCommand() ? tr("Type the command to run.")
                   : lacksInput        ? tr("Choose a task and an input.")
                                       : tr("Choose a task.");
    else if (lacksInput)
        obstacle = tr("Choose an input.");
    bool inputIsReported = false;
    for (const JobProblem &problem : checkJob(job)) {
        const bool isAboutTask = problem.option == u"task" || problem.option == u"command";
        if ((isAboutTask && (lacksTask || !m_task->fileProblem().isEmpty())) ||
            (problem.option == u"input" && lacksInput))
            continue;
        inputIsReported = inputIsReported || problem.option == u"input";
        take(problem);
    }
    if (!inputIsReported && !m_input->readingProblem().isEmpty())
        take({JobProblem::Kind::Input, QStringLiteral("input"), m_input->readingProblem()});

    if (m_failure && jobToJson(job) != m_failedJob)
        m_failure.reset();
    if (m_failure && obstacle.isEmpty())
        showProblem(*m_failure);

    m_obstacle = obstacle;
    Q_EMIT obstacleChanged();
    return m_obstacle;
}

void JobPanel::showFailure(const JobProblem &problem)
{
    m_failure = problem;
    m_failure->message = problem.message.section(u'\n', 0, 0); // the log has the traceback
    m_failedJob = jobToJson(spec());
    check();
}

void JobPanel::showProblem(const JobProblem &problem)
{
    if (m_pool->setProblem(problem.option, problem.message) ||
        m_advanced->setProblem(problem.option, problem.message))
        return;
    if (problem.option == u"input" || problem.option == u"item-type")
        m_input->setProblem(problem.message);
    else
        m_task->setProblem(problem.option, problem.message);
}

void JobPanel::clearProblems()
{
    m_task->clearProblems();
    m_input->setProblem({});
    m_pool->clearProblems();
    m_advanced->clearProblems();
}

void JobPanel::setLock(Lock lock)
{
    m_form->setEnabled(lock == Lock::Open);
}

QStringList JobPanel::recentInputs() const
{
    return m_input->recentInputs();
}

void JobPanel::setRecentInputs(const QStringList &inputs)
{
    m_input->setRecentInputs(inputs);
}

void JobPanel::rememberInput()
{
    m_input->rememberInput();
}

void JobPanel::browseInput()
{
    m_input->browse();
}

void JobPanel::choosePython()
{
    m_task->choosePython();
}

void JobPanel::choosePlugin()
{
    m_task->choosePlugin();
}

void JobPanel::takeFile(const QString &file)
{
    const QString suffix = QFileInfo(file).suffix();
    if (suffix == u"py" || suffix == u"so")
        m_task->openFile(file);
    else
        m_input->setInput(file);
}

void JobPanel::setInput(const QString &input)
{
    m_input->setInput(input);
}

QSize JobPanel::sizeHint() const
{
    return {qMax(m_form->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width(),
                 fontMetrics().averageCharWidth() * 48),
            600};
}

QSize JobPanel::minimumSizeHint() const
{
    // Below its widest row it is scrolled: whoever makes it so narrow needs the room for something else.
    return {qMin(fontMetrics().averageCharWidth() * 20, widestMinimum), 100};
}

bool JobPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_form)
        return QScrollArea::eventFilter(watched, event);
    // However the focus comes to a line, typing replaces it; a click still sets the cursor.
    if (event->type() == QEvent::FocusIn) {
        const Qt::FocusReason reason = static_cast<QFocusEvent *>(event)->reason();
        if (reason == Qt::OtherFocusReason)
            QMetaObject::invokeMethod(static_cast<QLineEdit *>(watched), &QLineEdit::selectAll,
                                      Qt::QueuedConnection);
    }
    return QScrollArea::eventFilter(watched, event);
}

void JobPanel::changeEvent(QEvent *event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isActiveWindow() && m_form->isEnabled())
        m_input->retry();
}

} // namespace Poolscope
