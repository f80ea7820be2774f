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
constexpr int gap = pitch - cell;

/// Of numbers in a cell.
QFont cellFont()
{
    QFont font = Theme::smallFont();
    font.setPixelSize(cell - gap + 1);
    return font;
}

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
    const std::optional<std::uint64_t> item = missing();
    const std::uint64_t free = leaving();
    if (!item)
        return waiting == 1 ? tr("%1 waits for the consumer.").arg(results)
                            : tr("%1 wait for the consumer.").arg(results);
    if (free > 0)
        return tr("%1 wait: %2 for the consumer, %3 behind item %4.")
            .arg(results, Format::count(free), Format::count(waiting - free), Format::count(*item));
    return waiting == 1 ? tr("%1 waits behind item %2.").arg(results, Format::count(*item))
                        : tr("%1 wait behind item %2.").arg(results, Format::count(*item));
}

/// The item without a result that keeps those after it from leaving.
std::optional<std::uint64_t> ReorderBuffer::missing() const
{
    // Of a resumed run the engine knows only what it runs itself.
    if (m_snapshot.journaled > 0 && !m_completions.contains(m_snapshot.delivered))
        return m_snapshot.delivered;
    return m_snapshot.waitingFor;
}

/// Results that the method has let go and the consumer has not taken.
std::uint64_t ReorderBuffer::leaving() const
{
    const std::uint64_t waiting = m_snapshot.bufferedResults;
    if (!missing())
        return waiting;
    if (m_snapshot.journaled > 0)
        return 0;
    return std::min(waiting, m_snapshot.released - std::min(m_snapshot.released, m_snapshot.delivered));
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
    if (deliveryOf(m_method) == Delivery::Ordered)
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

QRectF ReorderBuffer::Slots::rectOf(int slot) const
{
    const int at = slot == 0 ? 0 : slot + wide - 1;
    const int width = slot == 0 ? wide * pitch - gap : cell;
    return QRectF(area.left() + at % columns * pitch, area.top() + at / columns * pitch, width, cell);
}

ReorderBuffer::Slots ReorderBuffer::slotsIn(const QRect &area) const
{
    Slots found{.area = area, .columns = std::max(area.width() / pitch, 1)};
    // In the order of the input: as many as were delivered come before it.
    found.first = leaving() > 0 ? m_snapshot.delivered : missing().value_or(m_snapshot.delivered);
    if (missing() == found.first) {
        const int text = QFontMetrics(cellFont()).horizontalAdvance(Format::count(found.first)) + 2 * gap;
        const int wide = (text + gap + pitch - 1) / pitch;
        if (wide <= found.columns)
            found.wide = wide;
    }
    const std::uint64_t end = m_snapshot.total.value_or(m_snapshot.items.read);
    const auto place = [&](int most) {
        found.beyond = m_snapshot.bufferedResults;
        found.count = 0;
        while (found.count < most && found.first + std::uint64_t(found.count) < end && found.beyond > 0)
            found.beyond -= m_completions.contains(found.first + std::uint64_t(found.count++)) ? 1 : 0;
    };
    const int rows = std::max(area.height() / pitch, 1);
    place(rows * found.columns - found.wide + 1);
    // The last row says what has no room.
    if (found.beyond > 0 && rows > 1)
        place((rows - 1) * found.columns - found.wide + 1);
    return found;
}

std::optional<std::uint64_t> ReorderBuffer::itemAt(const QPoint &position) const
{
    if (deliveryOf(m_method) != Delivery::Ordered || m_snapshot.bufferedResults == 0)
        return std::nullopt;
    const Slots shown = slotsIn(cells());
    if (position.y() < shown.area.top())
        return shown.first;
    for (int slot = 0; slot < shown.count; ++slot)
        if (shown.rectOf(slot).adjusted(0, 0, gap, gap).contains(position))
            return shown.first + std::uint64_t(slot);
    return std::nullopt;
}

QString ReorderBuffer::textOf(std::uint64_t item) const
{
    const QString number = Format::count(item);
    if (item == missing())
        return tr("Item %1: results wait for this one. Click to see it run.").arg(number);
    if (!m_completions.contains(item))
        return tr("Item %1 is not done.").arg(number);
    return item < m_snapshot.delivered + leaving()
               ? tr("Item %1 is done and waits for the consumer.").arg(number)
               : tr("Item %1 is done and waits.").arg(number);
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
    const QString text = item ? textOf(*item) : QString();
    QToolTip::showText(help->globalPos(), Format::plainToolTip(text), this);
    return true;
}

void ReorderBuffer::paintSlots(QPainter &painter, const QRect &area) const
{
    const Slots shown = slotsIn(area);
    const std::uint64_t end = m_snapshot.total.value_or(m_snapshot.items.read);
    const auto scale = double(std::max<std::uint64_t>(end, 2) - 1);
    const QColor text = palette().color(QPalette::WindowText);
    for (int slot = 0; slot < shown.count; ++slot) {
        const std::uint64_t item = shown.first + std::uint64_t(slot);
        const QRectF box = shown.rectOf(slot);
        const QRectF outline = box.adjusted(0.5, 0.5, -0.5, -0.5);
        const double fraction = double(item) / scale;
        if (m_completions.contains(item)) {
            painter.fillRect(box, Theme::waitingItemColor(fraction));
            painter.setPen(QPen(Theme::itemColor(fraction), 1, Qt::DashLine));
            painter.drawRect(outline);
        } else if (item == missing()) {
            painter.setPen(QPen(text, 2));
            painter.drawRect(box.adjusted(1, 1, -1, -1));
            if (slot == 0 && QFontMetrics(cellFont()).horizontalAdvance(Format::count(item)) < box.width()) {
                painter.setFont(cellFont());
                painter.drawText(box, Qt::AlignCenter | Qt::TextDontClip, Format::count(item));
                painter.setFont(Theme::smallFont());
            }
        } else {
            painter.setPen(QPen(Theme::quietText(), 1));
            painter.drawRect(outline);
        }
    }
    if (shown.beyond == 0)
        return;
    painter.setPen(text);
    const QRectF last = shown.rectOf(std::max(shown.count - 1, 0));
    painter.drawText(QRectF(area.left(), last.bottom() + gap, area.width(), pitch),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                     tr("+%1 more").arg(Format::count(shown.beyond)));
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
