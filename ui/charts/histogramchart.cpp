// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/histogramchart.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <qcustomplot.h>

#include <algorithm>

namespace Poolscope {

namespace {

constexpr int barWidth = 14; // px at least

/// Whole counts, few of them.
class CountTicker final : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange &range) override
    {
        return std::max(std::ceil(QCPAxisTicker::getTickStep(range)), 1.0);
    }
    QString getTickLabel(double tick, const QLocale &, QChar, int) override
    {
        return Format::count(std::uint64_t(std::max(tick, 0.0)));
    }
};

} // namespace

HistogramChart::HistogramChart(QWidget *parent)
    : PlotWidget(tr("Durations of items"), parent), m_bars(new QCPBars(plot()->xAxis, plot()->yAxis))
{
    setAccessibleName(tr("Durations"));
    setKeys({{tr("items"),
              tr("how many items took how long, of those that ended in the stretch of time shown"), 0}});
    setEmptyText(tr("How long the items take will be drawn here."));
    m_bars->setWidth(0.94);
    plot()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new CountTicker));
    plot()->yAxis->ticker()->setTickCount(3);
    applyTheme();
}

HistogramChart::~HistogramChart() = default;

void HistogramChart::reset()
{
    m_bars->data()->clear();
    setReading({});
    setHasData(false);
    replotSoon();
}

void HistogramChart::show(const DurationHistogram &histogram)
{
    if (histogram.count() == 0) {
        reset();
        return;
    }
    const DurationHistogram::Bars found = histogram.bars(std::clamp(width() / barWidth, 6, 40));
    QVector<QCPBarsData> points;
    double highest = 1;
    const auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    // As many labels as there is room for, each at the edge that it names.
    const int label = QFontMetrics(Theme::smallFont()).horizontalAdvance(QStringLiteral("00.0 ms"));
    const int room = std::max(width() / (label + Theme::spaceSection), 2);
    const int each = int(found.bars.size()) / room + 1;
    for (int i = 0; i < int(found.bars.size()); ++i) {
        const DurationHistogram::Bar &bar = found.bars[std::size_t(i)];
        points.append({double(i), bar.count});
        highest = std::max(highest, bar.count);
        if (i % each == 0)
            ticker->addTick(i - 0.5, Format::duration(bar.from));
    }
    plot()->xAxis->setTicker(ticker);
    m_bars->data()->set(points, true);
    plot()->xAxis->setRange(-0.6, double(found.bars.size()) - 0.4);
    plot()->yAxis->setRange(0, highest * 1.05);
    const QString scale = found.scale == DurationHistogram::Scale::Logarithmic
                              ? tr("Durations of items, each bar wider than the one before")
                              : tr("Durations of items");
    setTitle(scale);
    setReading(
        tr("median %1 · 95 % within %2")
            .arg(Format::duration(histogram.quantile(0.5)), Format::duration(histogram.quantile(0.95))));
    setHasData(true);
    replotSoon();
}

void HistogramChart::style()
{
    m_bars->setPen(Qt::NoPen);
    m_bars->setBrush(Theme::seriesColor(0));
}

} // namespace Poolscope
