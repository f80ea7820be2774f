// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plotwidget.h"

#include "ui/models/axissteps.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>
#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

namespace Poolscope {

using namespace std::chrono_literals;

namespace {

/// Ticks as a clock has them.
class ClockTicker final : public QCPAxisTicker
{
protected:
    // Never more ticks than asked for: their labels would run into each other.
    double getTickStep(const QCPRange &range) override
    {
        return clockStepAtLeast(range.size() / tickCount());
    }
    int getSubTickCount(double) override { return 0; }
    QString getTickLabel(double tick, const QLocale &, QChar, int) override { return Format::axisTime(tick); }
};

/// 0, 500, 20 k, 1.5 M: the unit stands in the title.
class ShortNumberTicker final : public QCPAxisTicker
{
public:
    bool wholeNumbers = false;

protected:
    double getTickStep(const QCPRange &range) override
    {
        const double step = QCPAxisTicker::getTickStep(range);
        return wholeNumbers ? std::max(std::ceil(step), 1.0) : step;
    }
    QString getTickLabel(double tick, const QLocale &locale, QChar, int) override
    {
        const QString space = QString(QChar(0x00a0));
        if (std::abs(tick) >= 1e6)
            return locale.toString(tick / 1e6, 'g', 3) + space + QLatin1Char('M');
        if (std::abs(tick) >= 1e3)
            return locale.toString(tick / 1e3, 'g', 3) + space + QLatin1Char('k');
        return locale.toString(std::abs(tick) < 1e-9 ? 0.0 : tick, 'g', 3);
    }
};

/// The top of an axis: few steps, so that it moves seldom.
double niceTop(double value)
{
    if (!(value > 0))
        return 1;
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double factor : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0})
        if (factor * power >= value)
            return factor * power;
    return 10 * power;
}

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
    m_plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ClockTicker));
    m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ShortNumberTicker));
    m_plot->yAxis->ticker()->setTickCount(2);
    m_replot.setSingleShot(true);
    m_replot.setInterval(100ms);
    connect(&m_replot, &QTimer::timeout, this, [this] { m_plot->replot(QCustomPlot::rpQueuedReplot); });
    applyTheme();
    reset();
}

PlotWidget::~PlotWidget() = default;

void PlotWidget::setCurves(const QList<Curve> &curves)
{
    m_plot->clearGraphs();
    m_curves.clear();
    for (const Curve &curve : curves) {
        m_curves.append({curve, false});
        QCPGraph *const graph = m_plot->addGraph();
        graph->setAdaptiveSampling(true);
        graph->setLineStyle(curve.style == Style::Step ? QCPGraph::lsStepLeft : QCPGraph::lsLine);
    }
    applyTheme();
}

void PlotWidget::setEmptyText(const QString &text)
{
    m_emptyText = text;
    update();
}

void PlotWidget::reset()
{
    for (int curve = 0; curve < m_plot->graphCount(); ++curve) {
        m_plot->graph(curve)->data()->clear();
        m_curves[curve].hasPoints = false;
    }
    m_reachedTime = 0;
    m_reachedValue = 0;
    m_reading.clear();
    reach(0, 0);
    layOut();
    replotSoon();
}

void PlotWidget::setPoints(int curve, const std::vector<TimeSeries::Point> &points)
{
    setPoints(curve, points, std::numeric_limits<double>::infinity());
}

void PlotWidget::setPoints(int curve, const std::vector<TimeSeries::Point> &points, double most)
{
    QVector<double> times;
    QVector<double> values;
    times.reserve(qsizetype(points.size()));
    values.reserve(qsizetype(points.size()));
    double highest = 0;
    for (const TimeSeries::Point &point : points) {
        times.append(point.time);
        values.append(point.value);
        highest = std::max(highest, point.value);
    }
    m_plot->graph(curve)->setData(times, values, true);
    m_curves[curve].hasPoints = !points.empty();
    if (!points.empty())
        reach(points.back().time, std::min(highest, most));
}

void PlotWidget::reach(double time, double value)
{
    m_reachedTime = std::max(m_reachedTime, time);
    m_reachedValue = std::max(m_reachedValue, value);
    m_plot->xAxis->setRange(0, niceTop(std::max(m_reachedTime, 1e-3)));
    m_plot->yAxis->setRange(0, niceTop(std::max(m_reachedValue * 1.02, m_leastTop)));
}

void PlotWidget::setWholeNumbers()
{
    const auto ticker = QSharedPointer<ShortNumberTicker>::create();
    ticker->wholeNumbers = true;
    ticker->setTickCount(2);
    m_plot->yAxis->setTicker(ticker);
    m_leastTop = 1;
}

void PlotWidget::setReading(const QString &text)
{
    if (text == m_reading)
        return;
    m_reading = text;
    setAccessibleDescription(text);
    update(0, 0, width(), headerHeight());
}

void PlotWidget::replotSoon()
{
    layOut();
    if (!m_replot.isActive())
        m_replot.start();
}

QSize PlotWidget::sizeHint() const
{
    return {320, headerHeight() + fontMetrics().height() * 5};
}

QSize PlotWidget::minimumSizeHint() const
{
    return {200, headerHeight() + fontMetrics().height() * 2};
}

void PlotWidget::setTimeLabels(bool shown)
{
    m_hasTimeLabels = shown;
    m_plot->xAxis->setTickLabels(shown);
    applyTheme();
}

int PlotWidget::legendWidth() const
{
    if (m_curves.size() < 2)
        return 0;
    const QFontMetrics metrics(Theme::smallFont());
    int width = 0;
    for (const Entry &entry : m_curves)
        width += legendSampleWidth + Theme::spaceSmall + metrics.horizontalAdvance(entry.curve.name) +
                 Theme::spaceLarge;
    return width;
}

bool PlotWidget::hasOwnLegendRow() const
{
    if (m_curves.size() < 2)
        return false;
    // Beside the title where there is room for it and for the longest reading.
    const int reading = fontMetrics().horizontalAdvance(QStringLiteral("1.24 M items/s"));
    return fontMetrics().horizontalAdvance(m_title) + legendWidth() + reading + 4 * Theme::space > width();
}

int PlotWidget::headerHeight() const
{
    const int line = fontMetrics().height() + Theme::spaceSmall;
    return hasOwnLegendRow() ? 2 * line : line;
}

void PlotWidget::layOut()
{
    const bool hasPoints =
        std::any_of(m_curves.begin(), m_curves.end(), [](const Entry &entry) { return entry.hasPoints; });
    m_plot->setVisible(hasPoints);
    m_plot->setGeometry(0, headerHeight(), width(), height() - headerHeight());
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
        {metrics.horizontalAdvance(QStringLiteral("0000 k")) + Theme::space, Theme::space,
         metrics.horizontalAdvance(QStringLiteral("00:00")) / 2 + Theme::space,
         m_hasTimeLabels ? metrics.height() + Theme::space : metrics.height() / 2 + 1});
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
    for (int curve = 0; curve < m_plot->graphCount(); ++curve) {
        const QColor color = Theme::seriesColor(curve);
        m_plot->graph(curve)->setPen(QPen(color, 2, curvePenStyle(curve), Qt::FlatCap));
        QColor fill = color;
        fill.setAlphaF(0.18F);
        m_plot->graph(curve)->setBrush(m_curves[curve].curve.filled ? QBrush(fill) : QBrush(Qt::NoBrush));
    }
    layOut();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

QRect PlotWidget::legendRect(int curve) const
{
    const QFontMetrics metrics(Theme::smallFont());
    const bool ownRow = hasOwnLegendRow();
    int left = Theme::space;
    if (!ownRow)
        left += fontMetrics().horizontalAdvance(m_title) + Theme::spaceLarge;
    for (int i = 0; i < curve; ++i)
        left += legendSampleWidth + Theme::spaceSmall + metrics.horizontalAdvance(m_curves[i].curve.name) +
                Theme::spaceLarge;
    return {left,
            ownRow ? fontMetrics().height() + Theme::spaceSmall
                   : 2 + (fontMetrics().height() - metrics.height()) / 2,
            legendSampleWidth + Theme::spaceSmall + metrics.horizontalAdvance(m_curves[curve].curve.name),
            metrics.height() + 2};
}

void PlotWidget::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRect title(Theme::space, 2, width() - 2 * Theme::space, fontMetrics().height());
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(title, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(m_title, Qt::ElideRight, title.width()));
    painter.setFont(Theme::tabularFont());
    if (painter.fontMetrics().horizontalAdvance(m_title + m_reading) + Theme::spaceLarge +
            (hasOwnLegendRow() ? 0 : legendWidth()) <
        title.width())
        painter.drawText(title, Qt::AlignRight | Qt::AlignVCenter, m_reading);

    painter.setFont(Theme::smallFont());
    for (int curve = 0; m_curves.size() > 1 && curve < m_curves.size(); ++curve) {
        const QRect area = legendRect(curve);
        const double middle = area.center().y() + 0.5;
        painter.setPen(QPen(Theme::seriesColor(curve), 2, curvePenStyle(curve), Qt::FlatCap));
        painter.drawLine(QPointF(area.left(), middle), QPointF(area.left() + legendSampleWidth, middle));
        painter.setPen(Theme::quietText());
        painter.drawText(area.adjusted(legendSampleWidth + Theme::spaceSmall, 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, m_curves[curve].curve.name);
    }
    if (m_plot->isHidden() && !m_emptyText.isEmpty()) {
        painter.setPen(Theme::quietText());
        painter.drawText(rect().adjusted(Theme::space, headerHeight(), -Theme::space, 0),
                         Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
}

bool PlotWidget::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    QStringList lines;
    for (const Entry &entry : m_curves)
        if (!entry.curve.explanation.isEmpty())
            lines += entry.curve.name + QStringLiteral(": ") + entry.curve.explanation;
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
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        applyTheme();
}

} // namespace Poolscope
