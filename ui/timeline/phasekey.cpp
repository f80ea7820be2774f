// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/phasekey.h"

#include "ui/theme/theme.h"
#include "ui/timeline/phasebrush.h"

#include <QPainter>

namespace Poolscope {

namespace {

constexpr int swatchWidth = 18;
constexpr int swatchHeight = 10;

} // namespace

PhaseKey::PhaseKey(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setToolTip(
        tr("What a worker does where it runs no item. A cross is an item that failed, a frame with a "
           "cross at its end one that died with its worker; T: ended for its timeout, M: for its memory."));
}

QList<PhaseKey::Entry> PhaseKey::entries()
{
    // The first to be left out comes last.
    return {{LanePhase::Waiting, tr("no work")},   {LanePhase::Blocked, tr("consumer is slow")},
            {LanePhase::Starting, tr("starting")}, {LanePhase::Ending, tr("ending")},
            {LanePhase::Sending, tr("sending")},   {LanePhase::Unpacking, tr("unpacking")},
            {LanePhase::Packing, tr("packing")}};
}

int PhaseKey::widthOf(const Entry &entry) const
{
    return swatchWidth + Theme::spaceSmall + QFontMetrics(Theme::smallFont()).horizontalAdvance(entry.word);
}

QSize PhaseKey::sizeHint() const
{
    int width = 0;
    for (const Entry &entry : entries())
        width += widthOf(entry) + Theme::spaceLarge;
    return {width, QFontMetrics(Theme::smallFont()).height()};
}

void PhaseKey::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::smallFont());
    int left = 0;
    for (const Entry &entry : entries()) {
        if (left + widthOf(entry) > width())
            break;
        PhaseLook::paint(painter, entry.phase,
                         QRectF(left, (height() - swatchHeight) / 2, swatchWidth, swatchHeight));
        painter.setPen(Theme::quietText());
        painter.drawText(QRect(left + swatchWidth + Theme::spaceSmall, 0, widthOf(entry), height()),
                         Qt::AlignLeft | Qt::AlignVCenter, entry.word);
        left += widthOf(entry) + Theme::spaceLarge;
    }
}

} // namespace Poolscope
