// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/outcomebar.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

constexpr double narrowestFailure = 6;

} // namespace

OutcomeBar::OutcomeBar(QWidget *parent) : QProgressBar(parent) {}

void OutcomeBar::setFailed(int failed)
{
    if (failed == m_failed)
        return;
    m_failed = failed;
    update();
}

void OutcomeBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.fillRect(rect(), Theme::dataBackground());
    if (maximum() > minimum()) {
        const auto widthOf = [this](int part) {
            const double share = double(part) / (maximum() - minimum());
            return std::round(width() * std::clamp(share, 0.0, 1.0));
        };
        const double done = widthOf(value() - minimum());
        painter.fillRect(QRectF(0, 0, done, height()), Theme::accent());
        if (m_failed > 0) {
            // Hatched, so that it is told without its colour.
            const double failed = std::min(std::max(widthOf(m_failed), narrowestFailure), done);
            const QRectF end(done - failed, 0, failed, height());
            painter.fillRect(end, Theme::color(Theme::State::Error));
            painter.fillRect(end, QBrush(Theme::dataBackground(), Qt::BDiagPattern));
        }
    } else {
        // How much there is is not known.
        painter.fillRect(rect(), QBrush(Theme::accent(), Qt::BDiagPattern));
    }
    painter.setPen(Theme::hairline());
    painter.drawRect(frame);
}

} // namespace Poolscope
