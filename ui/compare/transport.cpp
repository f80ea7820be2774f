// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/transport.h"

#include "ui/compare/raceclock.h"
#include "ui/controls/flowlayout.h"
#include "ui/controls/seekslider.h"
#include "ui/models/format.h"
#include "ui/theme/actionicons.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

constexpr int scrubberSteps = 10'000;
constexpr int speedSteps = 20; // from a tenth to ten times, in even ratios

double speedAt(int step)
{
    return std::pow(10.0, double(step) * 2 / speedSteps - 1);
}

} // namespace

Transport::Transport(RaceClock *clock, std::function<double(double)> nextDelivery, QWidget *parent)
    : QWidget(parent)
    , m_clock(clock)
    , m_restart(new QToolButton(this))
    , m_play(new QPushButton(this))
    , m_step(new QToolButton(this))
    , m_scrubber(new SeekSlider(this))
    , m_time(new QLabel(this))
    , m_speed(new QSlider(Qt::Horizontal, this))
    , m_speedText(new QLabel(this))
{
    m_restart->setAccessibleName(tr("Restart"));
    m_restart->setToolTip(tr("Play from the beginning"));
    m_play->setAutoDefault(false);
    m_step->setAccessibleName(tr("Next delivery"));
    m_step->setToolTip(tr("To the next result that any of them hands out"));
    m_scrubber->setRange(0, scrubberSteps);
    m_scrubber->setSingleStep(scrubberSteps / 200);
    m_scrubber->setPageStep(scrubberSteps / 20);
    m_scrubber->setAccessibleName(tr("Scrubber"));
    m_scrubber->setToolTip(tr("Where the replay stands"));
    m_speed->setRange(0, speedSteps);
    m_speed->setValue(speedSteps / 2);
    m_speed->setFixedWidth(90);
    m_speed->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed); // all that is left is the scrubber's
    m_scrubber->setMinimumWidth(90);
    m_speed->setAccessibleName(tr("Speed"));
    m_speed->setToolTip(tr("How fast it is played, against how it was"));
    m_scrubber->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto *const layout = new FlowLayout(this);
    layout->setContentsMargins(Theme::space, 0, Theme::space, 0);
    layout->setSpacing(Theme::space);
    for (QWidget *const part : std::initializer_list<QWidget *>{m_restart, m_play, m_step, m_scrubber, m_time,
                                                                m_speed, m_speedText})
        layout->addWidget(part);

    connect(m_restart, &QToolButton::clicked, clock, &RaceClock::restart);
    connect(m_play, &QPushButton::clicked, clock,
            [clock] { clock->isPlaying() ? clock->pause() : clock->play(); });
    connect(m_step, &QToolButton::clicked, clock, [clock, nextDelivery] {
        clock->pause();
        if (const double next = nextDelivery(clock->time()); next >= 0)
            clock->seek(next);
    });
    connect(m_scrubber, &QSlider::valueChanged, clock,
            // Its end is the end, whatever the division rounds to.
            [clock](int value) {
                clock->seek(value == scrubberSteps ? clock->length()
                                                   : clock->length() * value / scrubberSteps);
            });
    connect(m_speed, &QSlider::valueChanged, clock, [clock](int step) { clock->setSpeed(speedAt(step)); });
    connect(clock, &RaceClock::changed, this, &Transport::refresh);
    applyTheme();
    refresh();
}

void Transport::applyTheme()
{
    const QColor text = palette().color(QPalette::ButtonText);
    m_restart->setIcon(actionIcon(ActionSign::ToBegin, text));
    m_step->setIcon(actionIcon(ActionSign::StepOn, text));
    const int side = fontMetrics().height();
    for (QToolButton *const button : {m_restart, m_step})
        button->setIconSize({side, side});
    m_play->setMinimumWidth(fontMetrics().horizontalAdvance(tr("Pause")) + 4 * Theme::space);
    for (QLabel *const figure : {m_time, m_speedText})
        figure->setFont(Theme::tabularFont());
    const QFontMetrics figures(Theme::tabularFont());
    m_time->setMinimumWidth(figures.horizontalAdvance(QStringLiteral("00:00.0 / 00:00.0 s")));
    m_speedText->setMinimumWidth(figures.horizontalAdvance(QStringLiteral("0.00×")));
}

void Transport::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (Theme::isChangedBy(*event))
        applyTheme();
}

void Transport::refresh()
{
    const bool hasRace = m_clock->length() > 0;
    for (QWidget *const control : std::initializer_list<QWidget *>{m_restart, m_play, m_step, m_scrubber})
        control->setEnabled(hasRace);
    m_play->setText(m_clock->isPlaying() ? tr("Pause") : tr("Play"));
    m_play->setAccessibleName(m_play->text());
    const QSignalBlocker silent(m_scrubber);
    // Only the end is at its end: from anywhere else it can still be dragged there.
    const bool isAtEnd = m_clock->time() >= m_clock->length();
    m_scrubber->setValue(
        !hasRace  ? 0
        : isAtEnd ? scrubberSteps
                  : std::min(int(m_clock->time() / m_clock->length() * scrubberSteps), scrubberSteps - 1));
    m_time->setText(
        hasRace ? tr("%1 / %2").arg(Format::moment(m_clock->time()), Format::moment(m_clock->length()))
                : QStringLiteral("–"));
    m_speedText->setText(tr("%1×").arg(m_clock->speed(), 0, 'g', 2));
}

} // namespace Poolscope
