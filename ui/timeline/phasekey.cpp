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
        tr("What a worker does where it runs no item, and what is special about an item: the one it is at is "
           "paler, and so is what has run of its chunk until its results are here. A cross is an item that "
           "failed, or a flag where it is too short to be seen; a frame with a cross at its end is one that "
           "died with its worker. T: ended for its timeout, M: for its memory."));
}

QList<PhaseKey::Entry> PhaseKey::entries()
{
    const auto phase = [](LanePhase which) {
        return [which](QPainter &painter, const QRectF &rect) { PhaseLook::paint(painter, which, rect); };
    };
    const auto running = [](QPainter &painter, const QRectF &rect) {
        PhaseLook::paintCurrent(painter, rect, Theme::itemColor(0.5));
    };
    const auto lost = [](QPainter &painter, const QRectF &rect) {
        PhaseLook::paintLost(painter, rect, Theme::itemColor(0.5));
    };
    // The first to be left out comes last.
    return {{phase(LanePhase::Waiting), tr("no work")},
            {running, tr("running")},
            {PhaseLook::paintFailed, tr("failed")},
            {lost, tr("lost")},
            {phase(LanePhase::Blocked), tr("buffer is full")},
            {phase(LanePhase::Starting), tr("starting")},
            {phase(LanePhase::Ending), tr("ending")},
            {phase(LanePhase::Sending), tr("sending")},
            {phase(LanePhase::Unpacking), tr("unpacking")},
            {phase(LanePhase::Packing), tr("packing")}};
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
        entry.paint(painter, QRectF(left, (height() - swatchHeight) / 2, swatchWidth, swatchHeight));
        painter.setPen(Theme::quietText());
        painter.drawText(QRect(left + swatchWidth + Theme::spaceSmall, 0, widthOf(entry), height()),
                         Qt::AlignLeft | Qt::AlignVCenter, entry.word);
        left += widthOf(entry) + Theme::spaceLarge;
    }
}

} // namespace Poolscope
