// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

#include <QMainWindow>

#include <memory>

class QSplitter;
class QTabWidget;

namespace Poolscope {

class Appearance;
class ComparisonPage;
class JobPanel;
class LastRun;
class LivePool;
class ResultsExport;
class RunBar;
class RunFeed;
class RunMonitor;
class RunPage;
class SubmitPage;
class WindowMenus;

/// The window: the job at the left, the pages that show its run, and the pool that stays open, at the right.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)

public:
    /// \param appearance  must outlive the window
    explicit MainWindow(Appearance &appearance, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Fills the form with the job that was in it when the program ended last.
    void restoreJob();
    void setJob(const JobSpec &spec);
    /// Starts what is in the form, unless something is wrong with it, which the form then says.
    void run();
    /// Fills the form with the run that was worked on last, and runs what it is missing.
    void resumeLastRun();
    /// Shows the run that a journal has recorded, and runs nothing.
    void openRun(const QString &journal);

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void connectActions();
    void connectRun();
    void followRun();
    void endRun();
    void begin(const JobSpec &spec);
    void retry(const std::vector<std::uint64_t> &items);
    void offerLastRun();
    void warn(const QString &title, const QString &message);
    void updateActions();
    /// A job and a comparison at once would each measure the other.
    void updateObstacles();
    void pauseOrResume();
    void chooseRun();
    void showOpened(const QString &journal, std::unique_ptr<RunFeed> feed, const QString &problem);
    void saveResults();
    void showAbout();
    void restoreWindow();
    void connectView();
    void fitPanel();
    void saveSettings() const;

    Appearance &m_appearance;
    RunMonitor *m_monitor;
    LivePool *m_pool;
    LastRun *m_lastRun;
    ResultsExport *m_export;
    WindowMenus *m_menus;
    RunBar *m_bar;
    QSplitter *m_splitter;
    JobPanel *m_panel;
    QTabWidget *m_pages;
    RunPage *m_runPage;
    QString m_openedRun; ///< The journal whose run is shown; empty: one of this window's own.
    ComparisonPage *m_comparison;
    SubmitPage *m_submit;
    double m_panelLetters = 0; ///< The width that someone gave the job panel; 0: nobody did.
};

} // namespace Poolscope
