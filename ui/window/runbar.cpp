// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/runbar.h"

#include "ui/models/format.h"
#include "ui/pages/elidedlabel.h"
#include "ui/theme/accent.h"
#include "ui/theme/actionicons.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>

namespace Poolscope {

RunBar::RunBar(QWidget *controls, QWidget *parent)
    : QToolBar(parent)
    , m_run(new QPushButton(tr("Run"), this))
    , m_pause(new QPushButton(tr("Pause"), this))
    , m_stop(new QPushButton(tr("Stop"), this))
    , m_resumeLast(new QPushButton(tr("Resume last run"), this))
    , m_text(new ElidedLabel(this))
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

    auto *content = new QWidget(this);
    auto *layout = new QHBoxLayout(content);
    layout->setContentsMargins(Theme::space, Theme::spaceSmall, Theme::space, Theme::spaceSmall);
    layout->setSpacing(Theme::space);
    for (QPushButton *button : {m_run, m_pause, m_stop}) {
        button->setAutoDefault(false);
        layout->addWidget(button);
    }
    layout->addSpacing(Theme::space);
    layout->addWidget(controls);
    layout->addSpacing(Theme::space);
    m_resumeLast->setAccessibleName(tr("Resume last run"));
    m_resumeLast->setAutoDefault(false);
    layout->addWidget(m_resumeLast);
    layout->addWidget(m_text, 1);
    m_smaller = addAppearanceButton(tr("A−"), tr("Smaller text"), tr("Smaller text (Ctrl+−)"));
    m_larger = addAppearanceButton(tr("A+"), tr("Larger text"), tr("Larger text (Ctrl++)"));
    m_theme = addAppearanceButton({}, tr("Light or dark"), tr("Light or dark (Ctrl+T)"));
    for (QToolButton *button : {m_smaller, m_larger, m_theme})
        layout->addWidget(button);
    addWidget(content);

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
    m_pause->setText(m_state == State::Paused ? tr("Resume") : tr("Pause"));
    m_pause->setAccessibleName(m_pause->text());
    m_stop->setEnabled(m_state == State::Running || m_state == State::Paused);

    m_resumeLast->setVisible(isIdle && m_itemsToResume > 0);

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
        button->setMinimumWidth(fontMetrics().horizontalAdvance(tr("Resume")) + side + Theme::spaceSection);
    }
    m_resumeLast->setIcon(actionIcon(ActionSign::Run, text));
    m_resumeLast->setIconSize({side, side});
    m_theme->setIconSize({side, side});
}

void RunBar::changeEvent(QEvent *event)
{
    QToolBar::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::PaletteChange ||
        event->type() == QEvent::FontChange)
        if (m_theme)
            colorButtons();
}

} // namespace Poolscope
