// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timelinebar.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QToolButton>

namespace Poolscope {

namespace {

constexpr double zoomOfAClick = 1.5;

} // namespace

TimelineBar::TimelineBar(TimeWindow *window, QWidget *parent) : QWidget(parent), m_window(window)
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spaceSmall / 2);
    const auto middle = [window] {
        return window->isFollowing() && !window->isOver() ? window->now()
                                                          : (window->begin() + window->end()) / 2;
    };
    m_back = add(QStringLiteral("←"), tr("Back"), tr("Back to what was shown before (Backspace)"));
    m_forward = add(QStringLiteral("→"), tr("Forward"), tr("Forward again (Alt+Right)"));
    QToolButton *const closer = add(QStringLiteral("+"), tr("Zoom in"), tr("Closer (W, or the wheel)"));
    QToolButton *const further =
        add(QStringLiteral("−"), tr("Zoom out"), tr("Further away (S, or the wheel)"));
    QToolButton *const fit = add(tr("All"), tr("Whole run"), tr("The whole run (0)"));
    m_live = add(tr("Back to live"), tr("Back to live"), tr("Follow the run again (L)"));
    connect(m_back, &QToolButton::clicked, window, &TimeWindow::goBack);
    connect(m_forward, &QToolButton::clicked, window, &TimeWindow::goForward);
    connect(closer, &QToolButton::clicked, window,
            [window, middle] { window->zoom(zoomOfAClick, middle()); });
    connect(further, &QToolButton::clicked, window,
            [window, middle] { window->zoom(1 / zoomOfAClick, middle()); });
    connect(fit, &QToolButton::clicked, window, &TimeWindow::fit);
    connect(m_live, &QToolButton::clicked, window, &TimeWindow::follow);
    connect(window, &TimeWindow::changed, this, &TimelineBar::refresh);
    refresh();
}

QToolButton *TimelineBar::add(const QString &text, const QString &name, const QString &toolTip)
{
    auto *const button = new QToolButton(this);
    button->setText(text);
    button->setAccessibleName(name);
    button->setToolTip(toolTip);
    button->setAutoRaise(true);
    layout()->addWidget(button);
    // It comes and goes; what stands before it must not move for that.
    QSizePolicy policy = button->sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    button->setSizePolicy(policy);
    return button;
}

void TimelineBar::refresh()
{
    m_back->setEnabled(m_window->canGoBack());
    m_forward->setEnabled(m_window->canGoForward());
    m_live->setVisible(!m_window->isFollowing() && !m_window->isOver());
}

} // namespace Poolscope
