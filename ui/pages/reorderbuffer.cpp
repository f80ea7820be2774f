// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/reorderbuffer.h"

#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace Poolscope {

namespace {

constexpr int cell = 13;
constexpr int pitch = 17;

} // namespace

ReorderBuffer::ReorderBuffer(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Reorder buffer"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
}

void ReorderBuffer::clear(Method method)
{
    m_method = method;
    m_completions.clear();
    m_snapshot = {};
    update();
}

void ReorderBuffer::apply(const RunSnapshot &snapshot)
{
    m_snapshot = snapshot;
    const QString text = sentence();
    if (text != accessibleDescription())
        setAccessibleDescription(text);
    update();
}

QString ReorderBuffer::sentence() const
{
    if (deliveryOf(m_method) == Delivery::Unordered)
        return tr("Nothing is held back: results leave as they come.");
    const std::uint64_t waiting = m_snapshot.bufferedResults;
    if (waiting == 0)
        return isOver(m_snapshot.phase) ? tr("Nothing waits any more.") : tr("Nothing waits.");
    QString results = waiting == 1 ? tr("1 result") : tr("%1 results").arg(Format::count(waiting));
    if (m_snapshot.bufferedBytes > 0)
        results += tr(" (%1)").arg(Format::bytes(m_snapshot.bufferedBytes));
    if (deliveryOf(m_method) == Delivery::AllAtEnd)
        return waiting == 1 ? tr("%1 waits for the last item.").arg(results)
                            : tr("%1 wait for the last item.").arg(results);
    if (!m_snapshot.waitingFor)
        return waiting == 1 ? tr("%1 waits for the consumer.").arg(results)
                            : tr("%1 wait for the consumer.").arg(results);
    const QString item = Format::count(*m_snapshot.waitingFor);
    return waiting == 1 ? tr("%1 waits behind item %2.").arg(results, item)
                        : tr("%1 wait behind item %2.").arg(results, item);
}

QSize ReorderBuffer::sizeHint() const
{
    return {7 * pitch + 2 * Theme::space, 12 * pitch};
}

QSize ReorderBuffer::minimumSizeHint() const
{
    return {7 * pitch + 2 * Theme::space, 4 * pitch};
}

void ReorderBuffer::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::smallFont());
    painter.setPen(m_snapshot.bufferedResults > 0 ? palette().color(QPalette::WindowText)
                                                  : Theme::quietText());
    const QRect area = cells();
    painter.drawText(QRect(area.left(), 0, area.width(), area.top()),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, sentence());
    if (m_snapshot.bufferedResults == 0 || area.height() < cell)
        return;
    if (deliveryOf(m_method) == Delivery::Ordered && m_snapshot.waitingFor)
        paintSlots(painter, area);
    else if (deliveryOf(m_method) == Delivery::AllAtEnd && m_snapshot.total)
        paintShares(painter, area);
}

/// Where the cells are: below room for four lines whatever they say, so that nothing moves.
QRect ReorderBuffer::cells() const
{
    const int textHeight = 4 * QFontMetrics(Theme::smallFont()).lineSpacing();
    return rect().adjusted(Theme::space, textHeight + Theme::space, -Theme::space, 0);
}

std::optional<std::uint64_t> ReorderBuffer::itemAt(const QPoint &position) const
{
    if (deliveryOf(m_method) != Delivery::Ordered || !m_snapshot.waitingFor ||
        m_snapshot.bufferedResults == 0)
        return std::nullopt;
    const QRect area = cells();
    if (position.y() < area.top())
        return m_snapshot.waitingFor;
    const int columns = std::max(area.width() / pitch, 1);
    const int column = (position.x() - area.left()) / pitch;
    if (!area.contains(position) || column >= columns)
        return std::nullopt;
    const std::uint64_t item =
        *m_snapshot.waitingFor + std::uint64_t((position.y() - area.top()) / pitch * columns + column);
    return item < m_snapshot.total.value_or(m_snapshot.items.read) ? std::optional(item) : std::nullopt;
}

void ReorderBuffer::mousePressEvent(QMouseEvent *event)
{
    if (const auto item = itemAt(event->position().toPoint()))
        Q_EMIT itemWanted(*item);
}

bool ReorderBuffer::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *const help = static_cast<QHelpEvent *>(event);
    const auto item = itemAt(help->pos());
    QString text;
    if (item)
        text = *item == *m_snapshot.waitingFor
                   ? tr("Item %1: all that wait, wait for this one. Click to see it run.")
                         .arg(Format::count(*item))
               : m_completions.contains(*item) ? tr("Item %1 is done and waits.").arg(Format::count(*item))
                                               : tr("Item %1 is not done.").arg(Format::count(*item));
    QToolTip::showText(help->globalPos(), Format::plainToolTip(text), this);
    return true;
}

void ReorderBuffer::paintSlots(QPainter &painter, const QRect &area) const
{
    const int columns = std::max(area.width() / pitch, 1);
    const int rows = std::max(area.height() / pitch, 1);
    const std::uint64_t first = *m_snapshot.waitingFor;
    const std::uint64_t end = m_snapshot.total.value_or(m_snapshot.items.read);
    const auto scale = double(std::max<std::uint64_t>(end, 2) - 1);
    std::uint64_t left = m_snapshot.bufferedResults;
    for (int n = 0; n < columns * rows && first + std::uint64_t(n) < end && left > 0; ++n) {
        const std::uint64_t item = first + std::uint64_t(n);
        const QRectF box(area.left() + n % columns * pitch, area.top() + n / columns * pitch, cell, cell);
        const QRectF outline = box.adjusted(0.5, 0.5, -0.5, -0.5);
        const double fraction = double(item) / scale;
        if (m_completions.contains(item)) {
            --left;
            painter.fillRect(box, Theme::waitingItemColor(fraction));
            painter.setPen(QPen(Theme::itemColor(fraction), 1, Qt::DashLine));
            painter.drawRect(outline);
        } else {
            // The first one is what all others wait for.
            painter.setPen(n == 0 ? QPen(palette().color(QPalette::WindowText), 2)
                                  : QPen(Theme::quietText(), 1));
            painter.drawRect(n == 0 ? box.adjusted(1, 1, -1, -1) : outline);
        }
    }
}

void ReorderBuffer::paintShares(QPainter &painter, const QRect &area) const
{
    const int columns = std::max(area.width() / pitch, 1);
    const int most = columns * std::max(area.height() / pitch, 1);
    const std::uint64_t total = std::max<std::uint64_t>(*m_snapshot.total, 1);
    const std::uint64_t each = (total + std::uint64_t(most) - 1) / std::uint64_t(most);
    for (std::uint64_t n = 0; n * each < total; ++n) {
        const std::uint64_t begin = n * each;
        const std::uint64_t end = std::min(begin + each, total);
        // At most so many are looked at in a cell: a million items are painted as quickly as a hundred.
        const std::uint64_t step = std::max<std::uint64_t>((end - begin) / 16, 1);
        int looked = 0;
        int done = 0;
        for (std::uint64_t item = begin; item < end; item += step, ++looked)
            done += m_completions.contains(item) ? 1 : 0;
        const QRectF box(area.left() + int(n) % columns * pitch, area.top() + int(n) / columns * pitch, cell,
                         cell);
        const double fraction = double(begin) / double(std::max<std::uint64_t>(total, 2) - 1);
        const double height = box.height() * done / std::max(looked, 1);
        painter.fillRect(QRectF(box.left(), box.bottom() - height, box.width(), height),
                         Theme::waitingItemColor(fraction));
        painter.setPen(done > 0 ? QPen(Theme::itemColor(fraction), 1, Qt::DashLine)
                                : QPen(Theme::hairline(), 1));
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

} // namespace Poolscope
