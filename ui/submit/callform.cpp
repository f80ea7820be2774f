// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/submit/callform.h"

#include "ui/controls/flowlayout.h"
#include "ui/jobpanel/fieldmessage.h"
#include "ui/jobpanel/formgrid.h"
#include "ui/jobpanel/spinboxes.h"
#include "ui/models/format.h"
#include "ui/theme/accent.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTextDocument>
#include <QVBoxLayout>

#include <cmath>

namespace Poolscope {

namespace {

constexpr int shownLines = 3;
constexpr int callExcerpt = 60;

/// What keeps the task from being called, in one sentence; empty when nothing does.
QString problemOf(const JobSpec &job)
{
    if (job.task.isEmpty() && job.commandTemplate.isEmpty())
        return CallForm::tr("Choose a task at the left.");
    // The form may lack what a call does not need.
    JobSpec call = job;
    call.method = Method::ApplyAsync;
    call.chunksize.reset();
    call.input = QStringLiteral("range:1");
    const QList<JobProblem> problems = checkJob(call);
    return problems.isEmpty() ? QString() : problems.first().message;
}

QString shortened(const QString &text)
{
    return Format::excerpt(text.toStdString(), callExcerpt);
}

} // namespace

ArgumentsEdit::ArgumentsEdit(QWidget *parent) : QPlainTextEdit(parent)
{
    setAccessibleName(tr("Arguments"));
    setTabChangesFocus(true);
    setLineWrapMode(NoWrap);
    setAcceptDrops(false); // a dropped file is for the window
    // As high as the options beside it.
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    applyTheme();
}

void ArgumentsEdit::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && !event->modifiers().testFlag(Qt::ShiftModifier)) {
        Q_EMIT submitWanted();
        return;
    }
    if (isEnter) {
        // Shift+Enter would else break the line without beginning a new one.
        insertPlainText(QStringLiteral("\n"));
        ensureCursorVisible();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void ArgumentsEdit::applyTheme()
{
    const QFont fixed = Theme::fixedFont();
    if (font().pointSizeF() != fixed.pointSizeF() || font().family() != fixed.family())
        setFont(fixed);
    const double margins = 2 * (document()->documentMargin() + frameWidth());
    setMinimumHeight(int(std::ceil(QFontMetricsF(fixed).lineSpacing() * shownLines + margins)));
}

void ArgumentsEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        applyTheme();
}

CallForm::CallForm(std::function<JobSpec()> job, QWidget *parent)
    : QWidget(parent)
    , m_job(std::move(job))
    , m_arguments(new ArgumentsEdit(this))
    , m_message(new FieldMessage(m_arguments, this))
    , m_repeat(new QSpinBox(this))
    , m_callback(new QCheckBox(tr("callback"), this))
    , m_errorCallback(new QCheckBox(tr("error_callback"), this))
    , m_raise(new QCheckBox(tr("which raise"), this))
    , m_applyAsync(new QPushButton(QStringLiteral("apply_async"), this))
    , m_apply(new QPushButton(QStringLiteral("apply"), this))
{
    m_arguments->setPlaceholderText(QStringLiteral("3\n1, \"two\", base=10"));
    m_applyAsync->setAccessibleName(QStringLiteral("apply_async"));
    m_applyAsync->setToolTip(tr("Send the calls and go on; each gives an AsyncResult (Enter)"));
    m_apply->setAccessibleName(QStringLiteral("apply"));
    m_apply->setToolTip(tr("Send one call after the other, and wait for the value of each"));

    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::space, 0, Theme::space, 0);
    layout->setSpacing(Theme::spaceSmall);
    auto *const label = makeLabel(tr("Arg&uments"), m_arguments, this);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    label->setContentsMargins(0, Theme::spaceSmall + 1, 0, 0);
    auto *const buttons = new QWidget(this);
    auto *const column = new QVBoxLayout(buttons);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space);
    for (QPushButton *const button : {m_applyAsync, m_apply}) {
        button->setAutoDefault(false);
        column->addWidget(button);
    }
    column->addStretch(1);
    auto *const row = new QWidget(this);
    auto *const parts = new FlowLayout(row);
    parts->setSpacing(Theme::spaceLarge);
    for (QWidget *const part :
         {static_cast<QWidget *>(label), static_cast<QWidget *>(m_arguments), makeOptions(), buttons})
        parts->addWidget(part);
    layout->addWidget(row);
    layout->addWidget(m_message);

    connect(m_arguments, &QPlainTextEdit::textChanged, this, &CallForm::check);
    connect(m_repeat, &QSpinBox::valueChanged, this, &CallForm::check);
    connect(m_arguments, &ArgumentsEdit::submitWanted, this,
            [this] { submit(CallsModel::Method::ApplyAsync); });
    connect(m_applyAsync, &QPushButton::clicked, this, [this] { submit(CallsModel::Method::ApplyAsync); });
    connect(m_apply, &QPushButton::clicked, this, [this] { submit(CallsModel::Method::Apply); });
    const auto allowRaise = [this] {
        m_raise->setEnabled(m_callback->isChecked() || m_errorCallback->isChecked());
    };
    connect(m_callback, &QCheckBox::toggled, this, allowRaise);
    connect(m_errorCallback, &QCheckBox::toggled, this, allowRaise);
    allowRaise();
    readJob();
}

QWidget *CallForm::makeOptions()
{
    m_repeat->setRange(1, mostCalls);
    m_repeat->setGroupSeparatorShown(true);
    m_repeat->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_repeat->setAccessibleName(tr("Repeat"));
    m_repeat->setToolTip(tr("How often each line is called"));
    m_repeat->setFocusPolicy(Qt::StrongFocus);
    new WheelGuard(m_repeat);
    m_callback->setAccessibleName(tr("Callback"));
    m_callback->setToolTip(tr("apply_async: to be called with the value of a call that was successful"));
    m_errorCallback->setAccessibleName(tr("Error callback"));
    m_errorCallback->setToolTip(tr("apply_async: to be called with the error of a call that failed"));
    m_raise->setAccessibleName(tr("Callbacks raise"));
    m_raise->setToolTip(tr("To see what comes of a callback that raises"));

    auto *const options = new QWidget(this);
    auto *const grid = new QGridLayout(options);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(Theme::space);
    grid->setVerticalSpacing(Theme::spaceSmall);
    grid->addWidget(makeLabel(tr("Repeat"), m_repeat, this), 0, 0, Qt::AlignLeft);
    grid->addWidget(m_repeat, 0, 1, Qt::AlignLeft);
    grid->addWidget(m_callback, 1, 0);
    grid->addWidget(m_raise, 1, 1);
    grid->addWidget(m_errorCallback, 2, 0);
    grid->setRowStretch(3, 1);
    return options;
}

void CallForm::readJob()
{
    m_spec = m_job();
    m_jobProblem = problemOf(m_spec);
    check();
}

void CallForm::check()
{
    m_typed = readArguments(m_arguments->toPlainText());
    const std::uint64_t count = m_typed.calls.size() * std::uint64_t(m_repeat->value());
    QString problem = m_typed.problem;
    if (problem.isEmpty() && count > mostCalls)
        problem = tr("%1 calls are too many at once: send %2 at most, or use Run for a whole input")
                      .arg(Format::count(count), Format::count(mostCalls));
    m_isComplete = problem.isEmpty() && m_jobProblem.isEmpty();
    m_message->setProblem(problem);
    if (!m_jobProblem.isEmpty())
        m_message->setHint(m_jobProblem);
    else if (m_arguments->document()->isEmpty())
        m_message->setHint(tr("Enter sends the call; Shift+Enter begins another one, on its own line."));
    else if (!m_typed.calls.empty()) {
        const QString first = shortened(callOf(m_typed.calls.front()).text());
        m_message->setHint(count == 1 ? tr("Calls %1").arg(first)
                           : m_typed.calls.size() == 1
                               ? tr("Calls %1, %2 times").arg(first, Format::count(count))
                               : tr("%1 calls, the first: %2").arg(Format::count(count), first));
    }
    enableButtons();
}

PoolCall CallForm::callOf(const TypedArguments &arguments) const
{
    PoolCall call;
    call.task = m_spec.task;
    call.commandTemplate = m_spec.commandTemplate;
    call.parameters = m_spec.parameters;
    call.arguments = arguments;
    call.timeout = m_spec.timeout;
    call.retries = m_spec.retries;
    return call;
}

void CallForm::submit(CallsModel::Method method)
{
    // A change of the job is told a moment later than it is made.
    readJob();
    if (!m_canSubmit || !m_isComplete)
        return;
    std::vector<PoolCall> calls;
    for (int round = 0; round < m_repeat->value(); ++round)
        for (const TypedArguments &arguments : m_typed.calls) {
            PoolCall call = callOf(arguments);
            if (method == CallsModel::Method::ApplyAsync) {
                call.hasCallback = m_callback->isChecked();
                call.hasErrorCallback = m_errorCallback->isChecked();
                call.callbacksThrow = m_raise->isEnabled() && m_raise->isChecked();
            }
            calls.push_back(std::move(call));
        }
    Q_EMIT submitWanted(calls, method);
}

void CallForm::apply(const LivePool &pool)
{
    const bool isOpen = pool.phase() == LivePool::Phase::Open;
    if (pool.canSubmit() == m_canSubmit && isOpen == m_isOpen)
        return;
    m_canSubmit = pool.canSubmit();
    m_isOpen = isOpen;
    enableButtons();
}

void CallForm::enableButtons()
{
    const bool isEnabled = m_canSubmit && m_isComplete;
    m_applyAsync->setEnabled(isEnabled);
    m_apply->setEnabled(isEnabled);
    // A closed pool can be asked, too: it says what the rule is.
    setAccent(m_applyAsync, isEnabled && m_isOpen);
}

void CallForm::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::PaletteChange)
        enableButtons();
}

} // namespace Poolscope
