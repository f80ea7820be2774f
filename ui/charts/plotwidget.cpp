// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plotwidget.h"

#include "ui/export/pictureexport.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QPainter>
#include <QPicture>
#include <QToolTip>
#include <qcustomplot.h>

#include <array>
#include <chrono>

namespace Poolscope {

using namespace std::chrono_literals;

namespace {

constexpr int legendSampleWidth = 20;

} // namespace

Qt::PenStyle curvePenStyle(int curve)
{
    constexpr std::array styles = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine,
                                   Qt::DashDotDotLine};
    return styles[std::size_t(curve) % styles.size()];
}

PlotWidget::PlotWidget(const QString &title, QWidget *parent)
    : QWidget(parent), m_title(title), m_plot(new QCustomPlot(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setNoAntialiasingOnDrag(true);
    m_plot->hide();
    m_replot.setSingleShot(true);
    m_replot.setInterval(100ms);
    connect(&m_replot, &QTimer::timeout, this, [this] { m_plot->replot(QCustomPlot::rpQueuedReplot); });
}

PlotWidget::~PlotWidget() = default;

void PlotWidget::setKeys(const QList<Key> &keys)
{
    m_keys = keys;
    layOut();
}

void PlotWidget::setTitle(const QString &title)
{
    if (title == m_title)
        return;
    m_title = title;
    layOut();
}

void PlotWidget::setEmptyText(const QString &text)
{
    m_emptyText = text;
    update();
}

void PlotWidget::setReading(const QString &text)
{
    if (text == m_reading)
        return;
    m_reading = text;
    setAccessibleDescription(text);
    update(0, 0, width(), headerHeight());
}

void PlotWidget::setHasData(bool hasData)
{
    if (hasData == m_hasData)
        return;
    m_hasData = hasData;
    layOut();
}

void PlotWidget::replotSoon()
{
    if (!m_replot.isActive())
        m_replot.start();
}

QSize PlotWidget::sizeHint() const
{
    return {320, headerHeight() + fontMetrics().height() * 5};
}

QSize PlotWidget::minimumSizeHint() const
{
    const int line = fontMetrics().height();
    return {200, headerHeight() + line * 3 / 2 + (hasBottomLabels() ? line : 0)};
}

int PlotWidget::legendWidth() const
{
    if (m_keys.size() < 2)
        return 0;
    const QFontMetrics metrics(Theme::smallFont());
    int width = 0;
    for (const Key &key : m_keys)
        width +=
            legendSampleWidth + Theme::spaceSmall + metrics.horizontalAdvance(key.name) + Theme::spaceLarge;
    return width;
}

bool PlotWidget::hasOwnLegendRow() const
{
    if (m_keys.size() < 2)
        return false;
    // Beside the title where there is room for it and for the longest reading.
    const int reading = fontMetrics().horizontalAdvance(QStringLiteral("1.24 M items/s"));
    return fontMetrics().horizontalAdvance(m_title) + legendWidth() + reading + 4 * Theme::space > width();
}

int PlotWidget::headerHeight() const
{
    const int line = fontMetrics().height() + Theme::spaceSmall;
    return hasOwnLegendRow() ? legendRect(int(m_keys.size()) - 1).bottom() + Theme::spaceSmall : line;
}

QRect PlotWidget::dataRect() const
{
    return m_plot->axisRect()->rect().translated(m_plot->pos());
}

void PlotWidget::layOut()
{
    m_plot->setVisible(m_hasData);
    // One that nobody has laid out yet may be lower than its header: a plot without a pixel cannot be
    // painted.
    m_plot->setGeometry(0, headerHeight(), qMax(width(), 1), qMax(height() - headerHeight(), 1));
    const int label = QFontMetrics(Theme::smallFont()).horizontalAdvance(QStringLiteral("00:00:00"));
    m_plot->xAxis->ticker()->setTickCount(std::clamp(width() / (label + Theme::spaceSection), 2, 8));
    update();
}

void PlotWidget::applyTheme()
{
    const QColor quiet = Theme::quietText();
    m_plot->setBackground(QBrush(Theme::dataBackground()));
    // Fixed margins: the labels' widths change with their digits, and the plot must not jump for it. All
    // charts of a page line up by them too.
    const QFontMetrics metrics(Theme::smallFont());
    m_plot->axisRect()->setAutoMargins(QCP::msNone);
    m_plot->axisRect()->setMargins(
        {metrics.horizontalAdvance(QStringLiteral("0000 k")) + Theme::space,
         // A label that reached beyond the plot would not be drawn.
         metrics.height() / 2 + 3, metrics.horizontalAdvance(QStringLiteral("00:00")) / 2 + Theme::space,
         hasBottomLabels() ? metrics.height() + Theme::space : metrics.height() / 2 + 1});
    for (QCPAxis *const axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLabelFont(Theme::smallFont());
        axis->setTickLabelColor(quiet);
        axis->setBasePen(axis == m_plot->xAxis ? QPen(Theme::hairline()) : QPen(Qt::NoPen));
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelPadding(Theme::spaceSmall);
        axis->grid()->setPen(axis == m_plot->yAxis ? QPen(Theme::hairline()) : QPen(Qt::NoPen));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    m_isStyled = true;
    style();
    layOut();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

/// One after the other, in as many rows as it takes.
QRect PlotWidget::legendRect(int key) const
{
    const QFontMetrics metrics(Theme::smallFont());
    const bool ownRow = hasOwnLegendRow();
    const int begin =
        ownRow ? Theme::space : Theme::space + fontMetrics().horizontalAdvance(m_title) + Theme::spaceLarge;
    QRect place(begin,
                ownRow ? fontMetrics().height() + Theme::spaceSmall
                       : 2 + (fontMetrics().height() - metrics.height()) / 2,
                0, metrics.height() + 2);
    for (int i = 0; i <= key; ++i) {
        if (i > 0)
            place.moveLeft(place.right() + 1 + Theme::spaceLarge);
        place.setWidth(legendSampleWidth + Theme::spaceSmall + metrics.horizontalAdvance(m_keys[i].name));
        if (ownRow && place.left() > begin && place.right() > width() - Theme::space)
            place.moveTo(begin, place.bottom() + 1);
    }
    return place;
}

void PlotWidget::paintHeader(QPainter &painter) const
{
    const QRect title(Theme::space, 2, width() - 2 * Theme::space, fontMetrics().height());
    painter.setFont(font());
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(title, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(m_title, Qt::ElideRight, title.width()));
    painter.setFont(Theme::tabularFont());
    if (painter.fontMetrics().horizontalAdvance(m_title + m_reading) + Theme::spaceLarge +
            (hasOwnLegendRow() ? 0 : legendWidth()) <
        title.width())
        painter.drawText(title, Qt::AlignRight | Qt::AlignVCenter, m_reading);

    painter.setFont(Theme::smallFont());
    for (int key = 0; m_keys.size() > 1 && key < m_keys.size(); ++key) {
        const QRect area = legendRect(key);
        const double middle = area.center().y() + 0.5;
        const int series = m_keys[key].series;
        painter.setPen(QPen(Theme::seriesColor(series), 2, curvePenStyle(series), Qt::FlatCap));
        painter.drawLine(QPointF(area.left(), middle), QPointF(area.left() + legendSampleWidth, middle));
        painter.setPen(Theme::quietText());
        painter.drawText(area.adjusted(legendSampleWidth + Theme::spaceSmall, 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, m_keys[key].name);
    }
}

void PlotWidget::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintHeader(painter);
    if (!m_hasData && !m_emptyText.isEmpty()) {
        painter.setPen(Theme::quietText());
        painter.drawText(rect().adjusted(Theme::space, headerHeight(), -Theme::space, 0),
                         Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
}

void PlotWidget::paintPicture(QPainter &painter) const
{
    painter.fillRect(rect(), Theme::dataBackground());
    paintHeader(painter);
    if (!m_hasData)
        return;
    // The plot paints with a painter of its own kind only: onto a picture, which is played back as lines.
    QPicture picture;
    {
        QCPPainter plotPainter(&picture);
        m_plot->toPainter(&plotPainter, m_plot->width(), m_plot->height());
    }
    painter.drawPicture(m_plot->pos(), picture);
}

void PlotWidget::contextMenuEvent(QContextMenuEvent *event)
{
    auto *const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    PictureExport::addTo(menu, this,
                         {accessibleName().toLower().replace(QLatin1Char(' '), QLatin1Char('-')),
                          [this] { return size(); }, [this](QPainter &painter) { paintPicture(painter); }});
    menu->popup(event->globalPos());
}

bool PlotWidget::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    QStringList lines;
    for (const Key &key : m_keys)
        if (!key.explanation.isEmpty())
            lines += key.name + QStringLiteral(": ") + key.explanation;
    QToolTip::showText(help->globalPos(), Format::plainToolTip(lines.join(QLatin1Char('\n'))), this);
    return true;
}

void PlotWidget::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

void PlotWidget::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    // Not before what derives from this is there.
    if (m_isStyled && (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange))
        applyTheme();
}

} // namespace Poolscope
