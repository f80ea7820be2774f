// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"
#include "ui/compare/racelane.h"
#include "ui/compare/racepainter.h"

#include <QWidget>

#include <optional>
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
    /// While they run: those that have ended, and what the one that runs has done so far.
    /// \param running  its place among the contestants
    /// \param now  seconds since that one began
    void follow(const Comparison &comparison, std::size_t running, Replay soFar, double now,
                std::uint64_t items);
    /// What a lane says in words at the clock's time: "34 of 200 handed out, 165 wait".
    QString laneText(std::size_t lane) const;

    const RaceClock *clock() const { return m_clock; }
    /// As it is shown now, in a picture of that size.
    void paint(QPainter &painter, const QSize &size) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void setLanes(std::vector<RaceLane> lanes, std::uint64_t items);
    static RaceLane laneOf(const Racer &racer);
    RaceScene sceneOf(const QSize &size) const;
    QString toolTipAt(const QPoint &position) const;

    const RaceClock *const m_clock;
    std::vector<RaceLane> m_lanes;
    std::uint64_t m_items = 1;
    std::optional<std::size_t> m_running; ///< The lane that follow() showed last.
};

} // namespace Poolscope
