// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/timeplot.h"

#include "ui/models/axissteps.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QLocale>
#include <QPainter>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace Poolscope {

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
    bool bytes = false;
    bool onlyTop = false; ///< Where two labels have no room.

protected:
    double getTickStep(const QCPRange &range) override
    {
        if (onlyTop)
            return wholeNumbers ? std::max(std::floor(range.size()), 1.0) : range.size();
        const double step = QCPAxisTicker::getTickStep(range);
        return wholeNumbers ? std::max(std::ceil(step), 1.0) : step;
    }
    QString getTickLabel(double tick, const QLocale &locale, QChar, int) override
    {
        if (onlyTop && std::abs(tick) < 1e-9)
            return {};
        if (bytes)
            return Format::bytes(std::uint64_t(std::max(tick, 0.0)));
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

/// The same of a number of things: a few are counted one by one, 4 of 4 reach to the top.
double countTop(double value)
{
    return value <= 10 ? value : niceTop(value);
}

constexpr int numberTicks = 2;

} // namespace

/// The crosshair, above the plot: moving it costs no replot.
class TimePlot::Overlay final : public QWidget
{
public:
    explicit Overlay(TimePlot *parent) : QWidget(parent), m_plot(parent)
    {
        setAttribute(Qt::WA_TransparentForMouseEvents);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        if (!m_plot->m_crosshair || m_plot->plot()->isHidden())
            return;
        const double x = m_plot->plot()->xAxis->coordToPixel(*m_plot->m_crosshair);
        const QRect area = m_plot->dataRect();
        if (x < area.left() || x > area.right())
            return;
        QPainter painter(this);
        painter.setPen(QPen(Theme::quietText(), 1, Qt::DashLine));
        painter.drawLine(QPointF(std::round(x) + 0.5, area.top()),
                         QPointF(std::round(x) + 0.5, area.bottom()));
    }

private:
    TimePlot *const m_plot;
};

TimePlot::TimePlot(const QString &title, TimeWindow *window, QWidget *parent)
    : PlotWidget(title, parent), m_window(window), m_overlay(new Overlay(this))
{
    plot()->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ClockTicker));
    plot()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ShortNumberTicker));
    plot()->yAxis->ticker()->setTickCount(numberTicks);
    setMouseTracking(true);
    if (m_window)
        connect(m_window, &TimeWindow::changed, this, &TimePlot::showWindow);
    applyTheme();
    reset();
}

TimePlot::~TimePlot() = default;

void TimePlot::setCurves(const QList<Curve> &curves)
{
    plot()->clearGraphs();
    m_curves = curves;
    m_hasPoints.assign(std::size_t(curves.size()), false);
    QList<Key> keys;
    for (int curve = 0; curve < curves.size(); ++curve) {
        QCPGraph *const graph = plot()->addGraph();
        graph->setAdaptiveSampling(true);
        graph->setLineStyle(curves[curve].style == Style::Step ? QCPGraph::lsStepLeft : QCPGraph::lsLine);
        if (!curves[curve].likeCurve)
            keys.append({curves[curve].name, curves[curve].explanation, curve});
    }
    setKeys(keys);
    applyTheme();
}

void TimePlot::reset()
{
    for (int curve = 0; curve < plot()->graphCount(); ++curve)
        plot()->graph(curve)->data()->clear();
    m_hasPoints.assign(m_hasPoints.size(), false);
    m_reachedTime = 0;
    m_reachedValue = 0;
    m_newest.clear();
    m_crosshair.reset();
    setReading({});
    setHasData(false);
    reach(0, 0);
    replotSoon();
}

void TimePlot::setPoints(int curve, const std::vector<TimeSeries::Point> &points)
{
    setPoints(curve, points, std::numeric_limits<double>::infinity());
}

void TimePlot::setPoints(int curve, const std::vector<TimeSeries::Point> &points, double most)
{
    QVector<QCPGraphData> drawn;
    drawn.reserve(qsizetype(points.size()));
    double highest = 0;
    for (const TimeSeries::Point &point : points) {
        drawn.append({point.time, point.value});
        highest = std::max(highest, point.value);
    }
    plot()->graph(curve)->data()->set(drawn, true);
    m_hasPoints[std::size_t(curve)] = !points.empty();
    setHasData(std::find(m_hasPoints.begin(), m_hasPoints.end(), true) != m_hasPoints.end());
    if (!points.empty())
        reach(points.back().time, std::min(highest, most));
}

void TimePlot::reach(double time, double value)
{
    m_reachedTime = std::max(m_reachedTime, time);
    m_reachedValue = std::max(m_reachedValue, value);
    if (!m_window)
        plot()->xAxis->setRange(0, niceTop(std::max(m_reachedTime, 1e-3)));
    const double most = std::max(m_reachedValue * 1.02, m_leastTop);
    plot()->yAxis->setRange(0, m_hasWholeNumbers ? countTop(most) : niceTop(most));
}

void TimePlot::showWindow()
{
    plot()->xAxis->setRange(m_window->begin(), m_window->end());
    m_overlay->update();
    replotSoon();
}

void TimePlot::setWholeNumbers()
{
    const auto ticker = QSharedPointer<ShortNumberTicker>::create();
    ticker->wholeNumbers = true;
    ticker->setTickCount(numberTicks);
    plot()->yAxis->setTicker(ticker);
    m_hasWholeNumbers = true;
    m_leastTop = 1;
}

void TimePlot::setBytes()
{
    const auto ticker = QSharedPointer<ShortNumberTicker>::create();
    ticker->bytes = true;
    ticker->setTickCount(numberTicks);
    plot()->yAxis->setTicker(ticker);
    m_leastTop = 1e6;
}

void TimePlot::setTimeLabels(bool shown)
{
    m_hasTimeLabels = shown;
    plot()->xAxis->setTickLabels(shown);
    applyTheme();
}

void TimePlot::style()
{
    for (int curve = 0; curve < plot()->graphCount(); ++curve) {
        const int look = m_curves[curve].likeCurve.value_or(curve);
        const QColor color = Theme::seriesColor(look);
        const auto isLikeThis = [look](const Curve &other) { return other.likeCurve == look; };
        const bool isOneOfMany = std::any_of(m_curves.begin(), m_curves.end(), isLikeThis);
        plot()->graph(curve)->setPen(QPen(color, isOneOfMany ? 1 : 2, curvePenStyle(look), Qt::FlatCap));
        QColor fill = color;
        fill.setAlphaF(0.18F);
        plot()->graph(curve)->setBrush(m_curves[curve].filled ? QBrush(fill) : QBrush(Qt::NoBrush));
    }
}

void TimePlot::setNewest(const QString &text)
{
    m_newest = text;
    read();
}

void TimePlot::setCrosshair(std::optional<double> time)
{
    if (time == m_crosshair)
        return;
    m_crosshair = time;
    m_overlay->update();
    read();
}

std::optional<double> TimePlot::valueAt(int curve, double time) const
{
    const auto points = plot()->graph(curve)->data();
    const auto after = points->findBegin(time, false);
    if (after == points->constEnd() || points->isEmpty())
        return std::nullopt;
    const bool isStep = m_curves[curve].style == Style::Step;
    // The value that holds, or the nearer one.
    if (after->key > time && after != points->constBegin()) {
        const auto before = std::prev(after);
        if (isStep || time - before->key < after->key - time)
            return before->value;
    }
    return after->key > time && isStep ? std::nullopt : std::optional(after->value);
}

void TimePlot::read()
{
    if (!m_crosshair || !m_valueText) {
        setReading(m_newest);
        return;
    }
    QStringList values;
    for (int curve = 0; curve < m_curves.size(); ++curve)
        if (!m_curves[curve].likeCurve)
            if (const auto value = valueAt(curve, *m_crosshair))
                values += m_valueText(*value);
    // When it is, the crosshair says in the timeline.
    setReading(values.isEmpty() ? m_newest : values.join(QStringLiteral(" / ")));
}

double TimePlot::timeAt(double x) const
{
    return plot()->xAxis->pixelToCoord(x - plot()->x());
}

void TimePlot::resizeEvent(QResizeEvent *event)
{
    PlotWidget::resizeEvent(event);
    const QSharedPointer<ShortNumberTicker> ticker =
        qSharedPointerDynamicCast<ShortNumberTicker>(plot()->yAxis->ticker());
    const int line = QFontMetrics(Theme::smallFont()).height();
    const int room =
        height() - headerHeight() - Theme::space - (hasBottomLabels() ? line + Theme::space : line / 2);
    ticker->onlyTop = room < 3 * line;
    m_overlay->setGeometry(rect());
    m_overlay->raise();
}

void TimePlot::mousePressEvent(QMouseEvent *event)
{
    if (m_window && event->button() == Qt::LeftButton)
        m_draggedFrom = event->position().x();
}

void TimePlot::mouseMoveEvent(QMouseEvent *event)
{
    const double x = event->position().x();
    if (m_window && m_draggedFrom && std::abs(x - *m_draggedFrom) >= 1) {
        m_window->pan(timeAt(*m_draggedFrom) - timeAt(x));
        m_draggedFrom = x;
    }
    const QRect area = dataRect();
    Q_EMIT hovered(x >= area.left() && x <= area.right() ? std::optional(timeAt(x)) : std::nullopt);
}

void TimePlot::mouseReleaseEvent(QMouseEvent *)
{
    m_draggedFrom.reset();
}

void TimePlot::mouseDoubleClickEvent(QMouseEvent *)
{
    if (m_window)
        m_window->fit();
}

void TimePlot::wheelEvent(QWheelEvent *event)
{
    if (!m_window || event->angleDelta().y() == 0) {
        event->ignore();
        return;
    }
    m_window->zoom(std::pow(1.2, event->angleDelta().y() / 120.0), timeAt(event->position().x()));
    event->accept();
}

void TimePlot::leaveEvent(QEvent *event)
{
    PlotWidget::leaveEvent(event);
    Q_EMIT hovered(std::nullopt);
}

} // namespace Poolscope
