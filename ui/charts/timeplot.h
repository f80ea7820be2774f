// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/plotwidget.h"
#include "ui/models/timeseries.h"
#include "ui/models/timewindow.h"

#include <QList>

#include <functional>
#include <optional>
#include <vector>

namespace Poolscope {

/// A chart of numbers over time. With a TimeWindow it shows what that shows, on the clock of all views, and
/// zooms and pans it; without one its axis grows as its points do.
class TimePlot : public PlotWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimePlot)

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
        /// One of many that are alike: a thin line in the look of this curve, without a place in the legend.
        std::optional<int> likeCurve = {};
    };

    /// \param window  not owned, outlives the chart; null: none
    TimePlot(const QString &title, TimeWindow *window, QWidget *parent = nullptr);
    ~TimePlot() override;

    void setCurves(const QList<Curve> &curves);
    int curveCount() const { return int(m_curves.size()); }
    /// Without, for a chart that stands above another with the same axis.
    void setTimeLabels(bool shown);
    /// Empties the chart and lets the axes start small again.
    void reset();
    /// A moment to be marked, and to be read off; nothing: the newest.
    void setCrosshair(std::optional<double> time);

Q_SIGNALS:
    void hovered(std::optional<double> time);

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
    /// Values are bytes.
    void setBytes();
    /// How the value of a curve is written beside the title.
    void setValueText(std::function<QString(double)> text) { m_valueText = std::move(text); }
    /// What stands there while nobody reads off a moment.
    void setNewest(const QString &text);

    void style() override;
    bool hasBottomLabels() const override { return m_hasTimeLabels; }
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    class Overlay;

    void showWindow();
    void read();
    double timeAt(double x) const;
    std::optional<double> valueAt(int curve, double time) const;

    TimeWindow *const m_window;
    QList<Curve> m_curves;
    std::vector<bool> m_hasPoints;
    Overlay *m_overlay; ///< Owned as a child.
    std::function<QString(double)> m_valueText;
    QString m_newest;
    std::optional<double> m_crosshair;
    std::optional<double> m_draggedFrom; ///< x
    double m_reachedTime = 0;
    double m_reachedValue = 0;
    bool m_hasTimeLabels = true;
    bool m_hasWholeNumbers = false;
    double m_leastTop = 1e-3;
};

} // namespace Poolscope
