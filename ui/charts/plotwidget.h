// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/timeseries.h"

#include <QList>
#include <QString>
#include <QTimer>
#include <QWidget>

#include <memory>
#include <vector>

class QCustomPlot;

namespace Poolscope {

/// A chart of numbers over time in the look of the window: a title with the unit, a legend that explains,
/// axes that only grow while a run lasts, and no more than ten replots a second.
class PlotWidget : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PlotWidget)

public:
    enum class Style
    {
        Line,
        Step, ///< a value that holds until the next
    };
    struct Curve
    {
        QString name;
        QString explanation; ///< For the legend's tool tip.
        Style style = Style::Line;
        bool filled = false;
    };

    /// \param title  with the unit: "Throughput, items/s"
    PlotWidget(const QString &title, QWidget *parent = nullptr);
    ~PlotWidget() override;

    void setCurves(const QList<Curve> &curves);
    /// What is shown, in place of the axes, while there is no curve to draw.
    void setEmptyText(const QString &text);
    /// Without, for a chart that stands above another with the same axis.
    void setTimeLabels(bool shown);
    /// Empties the chart and lets the axes start small again.
    void reset();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    /// The axes reach as far as its points do.
    void setPoints(int curve, const std::vector<TimeSeries::Point> &points);
    /// The same, but its points above `most` are cut off by the axis.
    void setPoints(int curve, const std::vector<TimeSeries::Point> &points, double most);
    /// The largest value of curves that were not cut off.
    double reachedValue() const { return m_reachedValue; }
    /// The axes reach at least that far.
    void reach(double time, double value);
    /// Values are whole numbers: no ticks between them.
    void setWholeNumbers();
    /// The newest value, at the right of the title.
    void setReading(const QString &text);
    /// Draws what was set, now or within a tenth of a second.
    void replotSoon();

    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    void applyTheme();
    void layOut();
    QRect legendRect(int curve) const;
    int legendWidth() const;
    bool hasOwnLegendRow() const;
    int headerHeight() const;

    struct Entry
    {
        Curve curve;
        bool hasPoints = false;
    };

    QString m_title;
    QString m_reading;
    QString m_emptyText;
    QList<Entry> m_curves;
    QCustomPlot *m_plot; ///< Owned as a child.
    QTimer m_replot;
    double m_reachedTime = 0;
    double m_reachedValue = 0;
    bool m_hasTimeLabels = true;
    double m_leastTop = 1e-3;
};

/// The pen styles of curves, by their number: told apart without colour.
Qt::PenStyle curvePenStyle(int curve);

} // namespace Poolscope
