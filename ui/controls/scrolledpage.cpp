// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/scrolledpage.h"

#include <QEvent>
#include <QLayout>

namespace Poolscope {

namespace {

constexpr QSize leastSize(320, 240);

} // namespace

ScrolledPage::ScrolledPage(QWidget *page, QWidget *parent) : QScrollArea(parent)
{
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setWidget(page);
    // It is not seen: what lies below shines through, and is painted once.
    page->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
}

QSize ScrolledPage::sizeHint() const
{
    return widget()->sizeHint();
}

QSize ScrolledPage::minimumSizeHint() const
{
    return widget()->minimumSizeHint().boundedTo(leastSize);
}

void ScrolledPage::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    fit();
}

bool ScrolledPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        fit();
    return QScrollArea::eventFilter(watched, event);
}

/// As large as what is seen, or else as small as it can be. A scroll area by itself would give a page whose
/// texts wrap its preferred height.
void ScrolledPage::fit()
{
    const QSize least = widget()->minimumSizeHint();
    const int width = qMax(viewport()->width(), least.width());
    const QLayout *const layout = widget()->layout();
    const int height =
        layout && layout->hasHeightForWidth() ? layout->totalMinimumHeightForWidth(width) : least.height();
    widget()->resize(width, qMax(viewport()->height(), height));
}

} // namespace Poolscope
