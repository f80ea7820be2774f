// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <utility>
#include <vector>

namespace Poolscope {

/// Which stretch of a run's time the page shows. All its views share one, so that a range chosen in one is
/// what the others speak of.
class TimeWindow final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimeWindow)

public:
    enum class Mode
    {
        Latest, ///< the last half minute, and all while there is no more
        Whole,  ///< from the beginning to the moment
        Held,   ///< where someone went
    };

    /// Seconds that Latest shows.
    static constexpr double latestLength = 30;
    /// The closest look: a microsecond of a bar is still one that is seen.
    static constexpr double shortest = 20e-6;

    explicit TimeWindow(QObject *parent = nullptr);

    /// A new run.
    void clear();
    /// Time goes on, or has ended.
    void setNow(double now, bool isOver);

    double begin() const { return m_begin; }
    double end() const { return m_end; }
    double length() const { return m_end - m_begin; }
    double now() const { return m_now; }
    bool isOver() const { return m_isOver; }
    Mode mode() const { return m_mode; }
    /// Whether it moves with the run.
    bool isFollowing() const { return m_mode != Mode::Held; }
    /// Whether all there is of the run is in it.
    bool isWhole() const { return m_begin <= 0 && m_end >= m_now; }

    /// \param factor  above 1: closer. \param at  the moment that keeps its place
    void zoom(double factor, double at);
    void pan(double seconds);
    void show(double begin, double end);
    /// Moves as little as is needed to have this stretch in sight.
    void reveal(double begin, double end);
    void fit();
    void follow();
    bool canGoBack() const { return !m_past.empty(); }
    bool canGoForward() const { return !m_future.empty(); }
    void goBack();
    void goForward();

Q_SIGNALS:
    void changed();

private:
    enum class Step
    {
        None,
        Zoom,
        Pan
    };
    struct Place
    {
        Mode mode;
        double begin;
        double end;
    };

    void remember(Step step);
    void hold(double begin, double end);
    void go(const Place &place);
    void apply();

    double m_begin = 0;
    double m_end = 1;
    double m_now = 0;
    bool m_isOver = false;
    Mode m_mode = Mode::Latest;
    Step m_last = Step::None;
    std::vector<Place> m_past;
    std::vector<Place> m_future;
};

/// What a view that follows the run shows: all of it until it is longer than `length`, growing in steps so
/// that bars keep their place for a while; then the last `length` seconds.
std::pair<double, double> followedRange(double now, double length);

} // namespace Poolscope
