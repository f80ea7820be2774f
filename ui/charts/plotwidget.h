// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QTimer>
#include <QWidget>

class QCPAxis;
class QCustomPlot;
class QMenu;

namespace Poolscope {

/// A chart in the look of the window: a title with the unit, a legend that explains, the newest value, and no
/// more than ten replots a second. Its picture can be copied and saved.
class PlotWidget : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PlotWidget)

public:
    /// \param title  with the unit: "Throughput, items/s"
    explicit PlotWidget(const QString &title, QWidget *parent = nullptr);
    ~PlotWidget() override;

    /// What is shown, in place of the axes, while there is nothing to draw.
    void setEmptyText(const QString &text);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    struct Key
    {
        QString name;
        QString explanation; ///< For the legend's tool tip.
        int series = 0;      ///< Of Theme::seriesColor() and curvePenStyle().
    };

    QCustomPlot *plot() const { return m_plot; }
    /// The legend; less than two are no legend, but explain.
    void setKeys(const QList<Key> &keys);
    void setTitle(const QString &title);
    /// The newest value, at the right of the title.
    void setReading(const QString &text);
    /// Whether there is something to draw.
    void setHasData(bool hasData);
    /// Draws what was set, now or within a tenth of a second.
    void replotSoon();
    /// Colours and pens of what the plot holds.
    virtual void style() = 0;
    /// Room below the axis for its labels.
    virtual bool hasBottomLabels() const { return true; }
    void applyTheme();
    int headerHeight() const;
    /// Where the data is drawn, in this widget.
    QRect dataRect() const;

    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool event(QEvent *event) override;

private:
    void layOut();
    QRect legendRect(int key) const;
    int legendWidth() const;
    bool hasOwnLegendRow() const;
    void paintHeader(QPainter &painter) const;
    void paintPicture(QPainter &painter) const;

    QString m_title;
    QString m_reading;
    QString m_emptyText;
    QList<Key> m_keys;
    QCustomPlot *m_plot; ///< Owned as a child.
    QTimer m_replot;
    bool m_hasData = false;
    bool m_isStyled = false;
};

/// The pen styles of curves, by their number: told apart without colour.
Qt::PenStyle curvePenStyle(int curve);

} // namespace Poolscope
