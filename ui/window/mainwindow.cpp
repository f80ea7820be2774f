// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/mainwindow.h"

#include "core/pool/jobsettings.h"
#include "core/pool/recordedrun.h"
#include "ui/compare/comparisonpage.h"
#include "ui/controls/scrolledpage.h"
#include "ui/jobpanel/jobpanel.h"
#include "ui/models/background.h"
#include "ui/models/format.h"
#include "ui/models/jobtitle.h"
#include "ui/models/lastrun.h"
#include "ui/models/livepool.h"
#include "ui/models/openpool.h"
#include "ui/models/runfigures.h"
#include "ui/models/runmonitor.h"
#include "ui/pages/comparepage.h"
#include "ui/pages/runpage.h"
#include "ui/submit/submitpage.h"
#include "ui/theme/appearance.h"
#include "ui/window/keysandterms.h"
#include "ui/window/livecontrols.h"
#include "ui/window/resultsexport.h"
#include "ui/window/runbar.h"
#include "ui/window/windowmenus.h"

#include <QAction>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QDir>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QJsonDocument>
#include <QMessageBox>
#include <QMimeData>
#include <QPointer>
#include <QScreen>
#include <QSettings>
#include <QSplitter>
#include <QTabWidget>
#include <QTimer>

#include <chrono>

namespace Poolscope {

namespace {

constexpr QSize usualSize(1280, 800);
// A run that the command line asked for has begun by then.
constexpr std::chrono::milliseconds startedAtOnce(1500);

QStringList localFiles(const QMimeData *data)
{
    QStringList files;
    const QList<QUrl> urls = data->urls();
    for (const QUrl &url : urls)
        if (url.isLocalFile())
            files.append(url.toLocalFile());
    return files;
}

} // namespace

MainWindow::MainWindow(Appearance &appearance, QWidget *parent)
    : QMainWindow(parent)
    , m_appearance(appearance)
    , m_monitor(new RunMonitor(this))
    , m_pool(new LivePool(openPool, this))
    , m_lastRun(new LastRun(this))
    , m_export(new ResultsExport(this))
    , m_menus(new WindowMenus(this, appearance))
    , m_bar(new RunBar(new LiveControls(m_monitor), this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_panel(new JobPanel(m_splitter))
    , m_pages(new QTabWidget(m_splitter))
    , m_runPage(new RunPage(m_monitor, m_pages))
    , m_comparison(new ComparisonPage([this] { return m_panel->spec(); }))
    , m_submit(new SubmitPage(
          m_pool, [this] { return m_panel->spec(); }, m_pages))
{
    setWindowTitle(tr("Poolscope"));
    setAcceptDrops(true);
    addToolBar(m_bar);
    m_pages->setDocumentMode(true);
    m_pages->addTab(new ScrolledPage(m_runPage), tr("Run"));
    auto *const comparisons = new QTabWidget;
    comparisons->setDocumentMode(true);
    comparisons->addTab(new ScrolledPage(m_comparison), tr("Race"));
    comparisons->addTab(new ScrolledPage(new ComparePage(m_monitor)), tr("Runs of this session"));
    m_pages->addTab(comparisons, tr("Compare"));
    m_pages->addTab(new ScrolledPage(m_submit), tr("Submit"));
    m_splitter->addWidget(m_panel);
    m_splitter->addWidget(m_pages);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    setCentralWidget(m_splitter);

    connectActions();
    connectView();
    connectRun();
    restoreWindow();
    updateObstacles();
    updateActions();
    // A long journal takes a while to read, and a run that is started at once has better use for the
    // processors.
    QTimer::singleShot(startedAtOnce, this, [this] {
        if (!m_monitor->isActive())
            m_lastRun->search();
    });
}

MainWindow::~MainWindow()
{
    // The pages look at what the window's other children hold.
    delete m_splitter;
}

void MainWindow::connectActions()
{
    connect(m_menus->openInput, &QAction::triggered, m_panel, &JobPanel::browseInput);
    connect(m_menus->openPython, &QAction::triggered, m_panel, &JobPanel::choosePython);
    connect(m_menus->openPlugin, &QAction::triggered, m_panel, &JobPanel::choosePlugin);
    connect(m_menus->openRun, &QAction::triggered, this, &MainWindow::chooseRun);
    connect(m_menus->saveResults, &QAction::triggered, this, &MainWindow::saveResults);
    connect(m_menus->quit, &QAction::triggered, this, &MainWindow::close);
    connect(m_menus->start, &QAction::triggered, this, &MainWindow::run);
    connect(m_menus->pause, &QAction::triggered, this, &MainWindow::pauseOrResume);
    connect(m_menus->stop, &QAction::triggered, m_monitor, &RunMonitor::stop);
    connect(m_menus->resumeLast, &QAction::triggered, this, &MainWindow::resumeLastRun);
    connect(m_menus->keysAndTerms, &QAction::triggered, this, [this] {
        auto *const dialog = new KeysAndTerms(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    connect(m_menus->about, &QAction::triggered, this, &MainWindow::showAbout);
    connect(m_menus, &WindowMenus::recentInputChosen, m_panel, &JobPanel::setInput);
    connect(m_panel, &JobPanel::recentInputsChanged, this,
            [this] { m_menus->setRecentInputs(m_panel->recentInputs()); });

    connect(m_bar, &RunBar::runWanted, this, &MainWindow::run);
    connect(m_bar, &RunBar::pauseWanted, m_monitor, &RunMonitor::pause);
    connect(m_bar, &RunBar::resumeWanted, m_monitor, &RunMonitor::resume);
    connect(m_bar, &RunBar::stopWanted, m_monitor, &RunMonitor::stop);
    connect(m_bar, &RunBar::resumeLastWanted, this, &MainWindow::resumeLastRun);
}

void MainWindow::connectView()
{
    connect(m_menus->showRun, &QAction::triggered, m_pages, [this] { m_pages->setCurrentIndex(0); });
    connect(m_menus->showCompare, &QAction::triggered, m_pages, [this] { m_pages->setCurrentIndex(1); });
    connect(m_menus->showSubmit, &QAction::triggered, m_pages, [this] { m_pages->setCurrentIndex(2); });
    connect(m_menus->jobPanel, &QAction::toggled, m_panel, [this](bool isShown) {
        m_panel->setVisible(isShown);
        fitPanel();
    });
    connect(m_menus->timelineAlone, &QAction::toggled, m_runPage, [this](bool isAlone) {
        m_runPage->setTimelineAlone(isAlone);
        m_pages->setCurrentIndex(0);
    });
    connect(m_menus->fullScreen, &QAction::triggered, this,
            [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_panelLetters = double(m_panel->width()) / fontMetrics().averageCharWidth(); });
    connect(m_bar, &RunBar::themeToggled, &m_appearance, &Appearance::toggleScheme);
    connect(m_bar, &RunBar::smallerTextWanted, &m_appearance, &Appearance::shrinkText);
    connect(m_bar, &RunBar::largerTextWanted, &m_appearance, &Appearance::enlargeText);
}

void MainWindow::connectRun()
{
    connect(m_panel, &JobPanel::obstacleChanged, this, [this] {
        updateObstacles();
        m_submit->readJob();
        updateActions();
    });
    connect(m_comparison, &ComparisonPage::runningChanged, this, [this] {
        m_panel->setLock(m_comparison->isRunning() ? JobPanel::Lock::Locked : JobPanel::Lock::Open);
        updateObstacles();
        updateActions();
    });
    connect(m_monitor, &RunMonitor::started, this, &MainWindow::updateObstacles);
    connect(m_monitor, &RunMonitor::ended, this, &MainWindow::updateObstacles);
    connect(m_monitor, &RunMonitor::started, this, [this] {
        const JobSpec &spec = m_monitor->feed()->spec();
        setWindowTitle(tr("%1 – Poolscope").arg(jobTitle(spec, spec.processes)));
    });
    connect(m_monitor, &RunMonitor::started, this, &MainWindow::followRun);
    connect(m_monitor, &RunMonitor::sampled, this, &MainWindow::followRun);
    connect(m_monitor, &RunMonitor::ended, this, &MainWindow::endRun);
    connect(m_runPage, &RunPage::retryWanted, this, &MainWindow::retry);
    connect(m_lastRun, &LastRun::changed, this, &MainWindow::offerLastRun);
    connect(m_export, &ResultsExport::progressed, this,
            [this](quint64 written) { m_bar->setNote(tr("Saving… %1").arg(Format::items(written))); });
    connect(m_export, &ResultsExport::finished, this, [this](quint64 written, const QString &file) {
        m_bar->setNote(tr("Saved %1 to %2").arg(Format::items(written), QDir::toNativeSeparators(file)));
        updateActions();
    });
    connect(m_export, &ResultsExport::failed, this, [this](const QString &message) {
        m_bar->setNote({});
        updateActions();
        warn(tr("Results not saved"), message);
    });
}

void MainWindow::restoreJob()
{
    const QByteArray json = QSettings().value(QStringLiteral("job")).toByteArray();
    setJob(jobFromJson(QJsonDocument::fromJson(json).object()));
}

void MainWindow::setJob(const JobSpec &spec)
{
    m_panel->setSpec(spec);
}

void MainWindow::updateObstacles()
{
    m_bar->setObstacle(m_comparison->isRunning() ? tr("A comparison runs.") : m_panel->obstacle());
    m_comparison->setObstacle(m_monitor->isActive() ? tr("A job runs: one at a time is measured.")
                                                    : m_panel->obstacle());
}

void MainWindow::run()
{
    if (m_comparison->isRunning() || m_monitor->isActive() || !m_panel->check().isEmpty())
        return;
    m_panel->rememberInput();
    begin(LastRun::journaled(m_panel->spec()));
}

void MainWindow::begin(const JobSpec &spec)
{
    m_export->cancel();
    m_panel->setLock(JobPanel::Lock::Locked);
    m_bar->setNote({});
    m_bar->setResumeOffer(0, {});
    m_openedRun.clear();
    m_pages->setCurrentIndex(0);
    m_monitor->start(spec);
}

void MainWindow::resumeLastRun()
{
    if (m_comparison->isRunning() || m_monitor->isActive() || !m_lastRun->found())
        return;
    const JobSpec spec = m_lastRun->found()->spec;
    if (!QFileInfo::exists(spec.journal)) {
        warn(tr("Nothing to resume"),
             tr("The results of the last run were kept in %1, which is gone: run the job again.")
                 .arg(QDir::toNativeSeparators(spec.journal)));
        return;
    }
    m_panel->setSpec(spec);
    begin(spec);
}

void MainWindow::retry(const std::vector<std::uint64_t> &items)
{
    if (m_comparison->isRunning() || m_monitor->isActive() || !m_monitor->feed())
        return;
    JobSpec spec = m_monitor->feed()->spec();
    spec.resume = true;
    spec.rerunFailed = false;
    spec.retried = items;
    m_panel->setSpec(spec);
    begin(spec);
}

void MainWindow::offerLastRun()
{
    const auto &found = m_lastRun->found();
    if (found && found->missing > 0 && !m_monitor->isActive()) {
        const QString job = found->spec.task.isEmpty() ? found->spec.commandTemplate : found->spec.task;
        m_bar->setResumeOffer(
            found->missing,
            tr("Run what the last run left without a result, %1 of %2, and show it with the rest: %3 on %4 "
               "(Ctrl+R)")
                .arg(Format::count(found->missing), Format::items(found->items), job, found->spec.input));
    } else {
        m_bar->setResumeOffer(0, {});
    }
    updateActions();
}

void MainWindow::warn(const QString &title, const QString &message)
{
    auto *box = new QMessageBox(QMessageBox::Warning, title, message, QMessageBox::Ok, this);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::chooseRun()
{
    auto *dialog = new QFileDialog(this, tr("Open a recorded run"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    if (QFileInfo::exists(LastRun::folder()))
        dialog->setDirectory(LastRun::folder());
    dialog->setNameFilters({tr("Journals of runs (*.journal)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openRun);
    dialog->open();
}

void MainWindow::openRun(const QString &journal)
{
    if (m_comparison->isRunning() || m_monitor->isActive())
        return;
    m_bar->setNote(tr("Reading %1…").arg(QDir::toNativeSeparators(journal)), RunBar::Note::Lasting);
    // A journal of a million items takes a second or two.
    struct Reading
    {
        QPointer<MainWindow> window; // looked at by its own thread only
        std::unique_ptr<RunFeed> feed;
        QString problem;
    };
    auto reading = std::make_shared<Reading>();
    reading->window = this;
    Background::run([reading, journal] {
        try {
            reading->feed = openRecordedRun(journal);
        } catch (const RecordedRunError &error) {
            reading->problem = error.message();
        } catch (const std::bad_alloc &) {
            reading->problem = tr("%1 is larger than the memory that is left").arg(journal);
        }
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [reading, journal] {
                if (reading->window)
                    reading->window->showOpened(journal, std::move(reading->feed), reading->problem);
            },
            Qt::QueuedConnection);
    });
}

void MainWindow::showOpened(const QString &journal, std::unique_ptr<RunFeed> feed, const QString &problem)
{
    if (m_monitor->isActive())
        return;
    m_bar->setNote({});
    if (!feed) {
        warn(tr("Run not opened"), problem);
        return;
    }
    m_export->cancel();
    m_pages->setCurrentIndex(0);
    m_openedRun = journal;
    m_monitor->start(std::move(feed));
}

void MainWindow::followRun()
{
    const RunPhase phase = m_monitor->snapshot().phase;
    if (isOver(phase))
        return;
    m_bar->setState(phase == RunPhase::Paused     ? RunBar::State::Paused
                    : phase == RunPhase::Stopping ? RunBar::State::Stopping
                                                  : RunBar::State::Running);
    updateActions();
}

void MainWindow::endRun()
{
    m_panel->setLock(JobPanel::Lock::Open);
    m_bar->setState(RunBar::State::Idle);
    const RunSnapshot &snapshot = m_monitor->snapshot();
    if (!m_openedRun.isEmpty()) {
        const JobSpec &spec = m_monitor->feed()->spec();
        const std::string_view method = methodName(spec.method);
        m_bar->setNote(tr("A recorded run: %1 of %2 on %3, from %4")
                           .arg(QString::fromLatin1(method.data(), qsizetype(method.size())),
                                spec.task.isEmpty() ? spec.commandTemplate : spec.task, spec.input,
                                QDir::toNativeSeparators(m_openedRun)),
                       RunBar::Note::Lasting);
        updateActions();
        return;
    }
    switch (snapshot.phase) {
    case RunPhase::Failed:
        m_bar->setNote(tr("The job could not run: %1").arg(QString::fromStdString(snapshot.problem)));
        if (const Run *run = m_monitor->run())
            if (const auto problem = run->failure())
                m_panel->showFailure(*problem);
        break;
    case RunPhase::Stopped:
        m_bar->setNote(tr("Stopped."));
        break;
    default:
        if (const std::uint64_t notOk = snapshot.items.ended() - snapshot.items.ok; notOk > 0)
            m_bar->setNote(tr("Finished, %1 not ok.").arg(Format::count(notOk)));
        else
            m_bar->setNote(tr("Finished."));
        break;
    }
    m_lastRun->runEnded(m_monitor->feed()->spec(), snapshot);
    if (!m_lastRun->found())
        m_lastRun->search();
    offerLastRun();
}

void MainWindow::updateActions()
{
    const bool isActive = m_monitor->isActive();
    const bool canEdit = !isActive && !m_comparison->isRunning();
    m_menus->openInput->setEnabled(canEdit);
    m_menus->openPython->setEnabled(canEdit);
    m_menus->openPlugin->setEnabled(canEdit);
    m_menus->openRun->setEnabled(canEdit);
    m_menus->saveResults->setEnabled(!isActive && m_monitor->feed() && m_monitor->snapshot().delivered > 0);
    m_menus->start->setEnabled(canEdit);
    m_menus->resumeLast->setEnabled(canEdit && m_lastRun->found());
    m_menus->pause->setEnabled(isActive && m_bar->state() != RunBar::State::Stopping);
    m_menus->stop->setEnabled(isActive && m_bar->state() != RunBar::State::Stopping);
}

void MainWindow::pauseOrResume()
{
    if (m_bar->state() == RunBar::State::Paused)
        m_monitor->resume();
    else
        m_monitor->pause();
}

void MainWindow::saveResults()
{
    auto *dialog = new QFileDialog(this, tr("Save results"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("JSON lines (*.jsonl)"), tr("CSV table (*.csv)"),
                            tr("Trace for Perfetto and other viewers (*.trace.json)")});
    dialog->setDefaultSuffix(QStringLiteral("jsonl"));
    dialog->selectFile(QStringLiteral("results"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        dialog->setDefaultSuffix(filter.contains(u"*.csv")          ? QStringLiteral("csv")
                                 : filter.contains(u"*.trace.json") ? QStringLiteral("trace.json")
                                                                    : QStringLiteral("jsonl"));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        if (m_monitor->isActive() || !m_monitor->feed())
            return;
        m_export->start(*m_monitor->feed(), file,
                        file.endsWith(u".csv", Qt::CaseInsensitive) ? ResultsExport::Format::Csv
                        : file.endsWith(u".trace.json", Qt::CaseInsensitive)
                            ? ResultsExport::Format::Trace
                            : ResultsExport::Format::Records);
    });
    dialog->open();
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About Poolscope"));
    box->setIconPixmap(windowIcon().pixmap(64));
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("Poolscope %1").arg(QCoreApplication::applicationVersion()));
    box->setInformativeText(
        tr("Runs a task over many items on a pool of worker processes and shows what happens "
           "while it happens.\n\nFree software under the GNU General Public License, version "
           "3 or later."));
    box->open();
}

void MainWindow::restoreWindow()
{
    const QSettings settings;
    if (!restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray()))
        resize(usualSize);
    // It may have been on a larger screen.
    if (!isMaximized())
        resize(size().boundedTo(screen()->availableSize()));
    // Who left it in full screen finds the way out more easily when it does not begin so.
    setWindowState(windowState() & ~Qt::WindowFullScreen);
    m_panelLetters = settings.value(QStringLiteral("window/panelLetters")).toDouble();
    m_menus->jobPanel->setChecked(settings.value(QStringLiteral("window/jobPanel"), true).toBool());
    m_panel->setRecentInputs(settings.value(QStringLiteral("recentInputs")).toStringList());
}

void MainWindow::saveSettings() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/panelLetters"), m_panelLetters);
    settings.setValue(QStringLiteral("window/jobPanel"), m_menus->jobPanel->isChecked());
    settings.setValue(QStringLiteral("recentInputs"), m_panel->recentInputs());
    settings.setValue(QStringLiteral("job"),
                      QJsonDocument(jobToJson(m_panel->spec())).toJson(QJsonDocument::Compact));
    settings.setValue(QStringLiteral("theme"), int(m_appearance.scheme()));
    settings.setValue(QStringLiteral("textScale"), m_appearance.textScale());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveSettings();
    event->accept();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange) {
        m_monitor->setPace(isMinimized() ? RunMonitor::Pace::Relaxed : RunMonitor::Pace::Lively);
        m_menus->fullScreen->setChecked(isFullScreen());
    } else if (event->type() == QEvent::FontChange) {
        fitPanel();
    }
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    fitPanel();
}

/// Its width is one of text: it grows with it, but leaves the pages most of the window.
void MainWindow::fitPanel()
{
    const int panel = m_panelLetters > 0
                          ? qMin(qRound(m_panelLetters * fontMetrics().averageCharWidth()), width() * 2 / 5)
                          : qMin(m_panel->sizeHint().width(), width() * 3 / 10);
    m_splitter->setSizes({panel, qMax(width() - panel, 1)});
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!m_monitor->isActive() && !localFiles(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QStringList files = localFiles(event->mimeData());
    for (const QString &file : files)
        m_panel->takeFile(file);
    event->acceptProposedAction();
}

} // namespace Poolscope
