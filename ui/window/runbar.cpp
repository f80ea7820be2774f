// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/runbar.h"

#include "ui/controls/givingrow.h"
#include "ui/models/format.h"
#include "ui/pages/elidedlabel.h"
#include "ui/theme/accent.h"
#include "ui/theme/actionicons.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QLayout>
#include <QPushButton>
#include <QToolButton>

namespace Poolscope {

namespace {

constexpr int narrowestScreen = 1024;
constexpr int lettersInAll = 72; // about as wide as all that does not give way

} // namespace

RunBar::RunBar(QWidget *controls, QWidget *parent)
    : QToolBar(parent)
    , m_run(new QPushButton(this))
    , m_pause(new QPushButton(this))
    , m_stop(new QPushButton(this))
    , m_resumeLast(new QPushButton(tr("Resume last run"), this))
    , m_text(new ElidedLabel(this))
    , m_row(new GivingRow(this))
{
    setObjectName(QStringLiteral("runBar"));
    setWindowTitle(tr("Tool bar"));
    setMovable(false);
    setFloatable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);

    m_run->setAccessibleName(tr("Run"));
    m_run->setToolTip(tr("Start the job (F5)"));
    m_pause->setToolTip(tr("Hold back the chunks that are not started yet; what runs goes on (F6)"));
    m_stop->setAccessibleName(tr("Stop"));
    m_stop->setToolTip(tr("End the job and its processes (Shift+F5)"));

    m_row->setSpacing(Theme::space);
    for (QPushButton *button : {m_run, m_pause, m_stop}) {
        button->setAutoDefault(false);
        m_row->add(button);
    }
    controls->setContentsMargins(Theme::space, 0, Theme::space, 0);
    m_row->add(controls);
    m_resumeLast->setAccessibleName(tr("Resume last run"));
    m_resumeLast->setAutoDefault(false);
    // The menu has it, too.
    m_row->add(m_resumeLast, 0);
    m_row->add(m_text, std::nullopt, 1);
    m_smaller = addAppearanceButton(tr("A−"), tr("Smaller text"), tr("Smaller text (Ctrl+−)"));
    m_larger = addAppearanceButton(tr("A+"), tr("Larger text"), tr("Larger text (Ctrl++)"));
    m_theme = addAppearanceButton({}, tr("Light or dark"), tr("Light or dark (Ctrl+T)"));
    for (QToolButton *button : {m_smaller, m_larger, m_theme})
        m_row->add(button);
    m_row->layout()->setContentsMargins(Theme::space, Theme::spaceSmall, Theme::space, Theme::spaceSmall);
    addWidget(m_row);

    connect(m_run, &QPushButton::clicked, this, &RunBar::runWanted);
    connect(m_pause, &QPushButton::clicked, this,
            [this] { m_state == State::Paused ? Q_EMIT resumeWanted() : Q_EMIT pauseWanted(); });
    connect(m_stop, &QPushButton::clicked, this, &RunBar::stopWanted);
    connect(m_resumeLast, &QPushButton::clicked, this, &RunBar::resumeLastWanted);
    connect(m_smaller, &QToolButton::clicked, this, &RunBar::smallerTextWanted);
    connect(m_larger, &QToolButton::clicked, this, &RunBar::largerTextWanted);
    connect(m_theme, &QToolButton::clicked, this, &RunBar::themeToggled);
    colorButtons();
    display();
}

QToolButton *RunBar::addAppearanceButton(const QString &text, const QString &name, const QString &toolTip)
{
    auto *button = new QToolButton(this);
    button->setText(text);
    button->setAccessibleName(name);
    button->setToolTip(toolTip);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

void RunBar::setState(State state)
{
    if (state == m_state)
        return;
    m_state = state;
    display();
    colorButtons();
}

void RunBar::setObstacle(const QString &text)
{
    m_obstacle = text;
    display();
    colorButtons();
}

void RunBar::setNote(const QString &text, Note kind)
{
    m_note = text;
    m_noteKind = kind;
    display();
}

void RunBar::setResumeOffer(std::uint64_t items, const QString &toolTip)
{
    m_itemsToResume = items;
    m_resumeLast->setText(tr("Resume last run (%1)").arg(Format::items(items)));
    m_resumeLast->setToolTip(Format::plainToolTip(toolTip));
    m_resumeLast->setAccessibleDescription(toolTip);
    display();
}

void RunBar::display()
{
    const bool isIdle = m_state == State::Idle;
    m_run->setEnabled(isIdle && m_obstacle.isEmpty());
    m_pause->setEnabled(m_state == State::Running || m_state == State::Paused);
    const QString pause = m_state == State::Paused ? tr("Resume") : tr("Pause");
    m_run->setText(hasWords() ? tr("Run") : QString());
    m_pause->setText(hasWords() ? pause : QString());
    m_stop->setText(hasWords() ? tr("Stop") : QString());
    m_pause->setAccessibleName(pause);
    m_stop->setEnabled(m_state == State::Running || m_state == State::Paused);

    m_row->setWanted(m_resumeLast, isIdle && m_itemsToResume > 0);

    QString text;
    switch (m_state) {
    case State::Idle:
        text = m_obstacle.isEmpty() ? m_note : m_obstacle;
        if (m_noteKind == Note::Lasting && !m_note.isEmpty() && !m_obstacle.isEmpty())
            text = m_note + QStringLiteral(" · ") + m_obstacle;
        break;
    case State::Running:
        text = tr("The job is locked while it runs.");
        break;
    case State::Paused:
        text = tr("Paused: nothing new is started. The job is locked.");
        break;
    case State::Stopping:
        text = tr("Stopping…");
        break;
    }
    // One line, which gives way; the whole, with a traceback if there is one, as a tool tip and in the log.
    m_text->setFullText(text.section(u'\n', 0, 0));
    m_text->setToolTip(Format::plainToolTip(text));
    m_run->setAccessibleDescription(isIdle ? m_obstacle : QString());
}

/// Whether a small screen has room for them beside the signs.
bool RunBar::hasWords() const
{
    return fontMetrics().averageCharWidth() * lettersInAll <= narrowestScreen;
}

void RunBar::colorButtons()
{
    const bool isIdle = m_state == State::Idle;
    setAccent(m_run, isIdle && m_obstacle.isEmpty());
    setAccent(m_stop, !isIdle);
    const QColor text = Theme::isDark() ? QColor(0xe6, 0xe8, 0xeb) : QColor(0x1c, 0x20, 0x26);
    m_run->setIcon(actionIcon(ActionSign::Run, isIdle && m_obstacle.isEmpty() ? Theme::onAccent() : text));
    m_pause->setIcon(actionIcon(m_state == State::Paused ? ActionSign::Run : ActionSign::Pause, text));
    m_stop->setIcon(actionIcon(ActionSign::Stop, isIdle ? text : Theme::onAccent()));
    m_theme->setIcon(actionIcon(ActionSign::Theme, text));
    const int side = fontMetrics().height();
    for (QPushButton *button : {m_run, m_pause, m_stop}) {
        button->setIconSize({side, side});
        // The same for all three, wide enough for "Resume": nothing moves when a word changes.
        button->setMinimumWidth(
            hasWords() ? fontMetrics().horizontalAdvance(tr("Resume")) + side + Theme::spaceSection : 0);
    }
    m_resumeLast->setIcon(actionIcon(ActionSign::Run, text));
    m_resumeLast->setIconSize({side, side});
    m_theme->setIconSize({side, side});
}

void RunBar::changeEvent(QEvent *event)
{
    QToolBar::changeEvent(event);
    if (!m_theme || !Theme::isChangedBy(*event))
        return;
    display();
    colorButtons();
}

} // namespace Poolscope
