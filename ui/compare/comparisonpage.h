// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparisonrunner.h"
#include "ui/compare/comparisonmodel.h"
#include "ui/compare/raceclock.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <memory>

class QLabel;

namespace Poolscope {

class DataTable;
class RaceCharts;
class RaceControls;
class RaceView;
class Transport;

/// The same work in several ways: choose them, let them really run one after the other, then see all of them
/// played back on one clock, with their figures and what these mean in words.
class ComparisonPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ComparisonPage)

public:
    /// \param job  what the form says now
    explicit ComparisonPage(std::function<JobSpec()> job, QWidget *parent = nullptr);
    ~ComparisonPage() override;

    bool isRunning() const { return m_runner != nullptr; }
    /// Why none can be started now; empty when it can.
    void setObstacle(const QString &obstacle);
    const Comparison &comparison() const { return m_comparison; }
    /// Shows one that was saved. \throws ComparisonError
    void open(const QString &file);

Q_SIGNALS:
    /// It began or ended: while it runs, nothing else should.
    void runningChanged();

private:
    QWidget *makeFigures();
    static QString obstacleFor(const JobSpec &job, const QList<Contestant> &contestants);
    void startOrStop();
    void follow();
    void end();
    void present(Comparison comparison);
    void showFigures(const Comparison &comparison);
    /// \param work  done in another thread; what it returns is done in this one, if the page is still there
    void inBackground(std::function<std::function<void()>()> work);
    void save();
    void chooseFile();
    void refresh();
    double nextDelivery(double time) const;

    const std::function<JobSpec()> m_job;
    QString m_obstacle;
    std::unique_ptr<ComparisonRunner> m_runner; ///< While it runs.
    Comparison m_comparison;
    RaceClock m_clock;
    ComparisonModel m_figures;
    QTimer m_sampler;

    int m_rounds = 1;          ///< Of the comparison that runs.
    QElapsedTimer m_sinceLook; ///< At what the running contestant has done so far.
    qint64 m_lookTook = 0;     ///< ms

    RaceControls *m_controls;
    Transport *m_transport;
    RaceView *m_race;
    DataTable *m_table;
    RaceCharts *m_charts = nullptr;
    QLabel *m_words;
};

} // namespace Poolscope
