// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"

#include <QWidget>

#include <vector>

namespace Poolscope {

class RaceClock;

/// A lane for each contestant, all on one clock: what its workers ran, the results in the order in which they
/// were handed out, coloured by their place in the input, and those that wait.
class RaceView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RaceView)

public:
    /// \param clock  not owned, outlives the view
    explicit RaceView(const RaceClock *clock, QWidget *parent = nullptr);

    void present(const Comparison &comparison);
    /// What a lane says in words at the clock's time: "34 of 200 handed out, 165 wait".
    QString laneText(std::size_t lane) const;

    const RaceClock *clock() const { return m_clock; }
    /// As it is shown now, in a picture of that size.
    void paint(QPainter &painter, const QSize &size) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Lane
    {
        QString name;
        Replay replay;
        /// Positions in replay.items(), by worker, in the order in which they ran.
        std::vector<std::vector<std::uint32_t>> byWorker;
        std::vector<std::uint32_t> byFinish; ///< In the order in which they were finished.
    };

    QColor colourOf(std::uint64_t item) const;
    /// \param area  its whole width is that of the view
    void paintLane(QPainter &painter, const Lane &lane, const QRect &area) const;
    void paintWorkers(QPainter &painter, const Lane &lane, const QRect &area) const;
    void paintResults(QPainter &painter, const Lane &lane, const QRect &area) const;
    QString describe(const Lane &lane) const;
    int labelWidth() const;

    const RaceClock *const m_clock;
    std::vector<Lane> m_lanes;
    std::uint64_t m_items = 1;
};

} // namespace Poolscope
