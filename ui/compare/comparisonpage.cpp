// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/comparisonpage.h"

#include "core/comparison/comparisontext.h"
#include "core/comparison/entrylist.h"
#include "core/pool/jobsettings.h"
#include "ui/compare/comparisonsaver.h"
#include "ui/compare/racecharts.h"
#include "ui/compare/racecontrols.h"
#include "ui/compare/raceview.h"
#include "ui/compare/transport.h"
#include "ui/models/background.h"
#include "ui/models/format.h"
#include "ui/pages/datatable.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QFileDialog>
#include <QLabel>
#include <QPointer>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace Poolscope {

using namespace std::chrono_literals;

namespace {

// Of the time that a look takes so many times until the next one.
constexpr qint64 lookShare = 10;

constexpr double worthSaying = 5; // s

} // namespace

ComparisonPage::ComparisonPage(std::function<JobSpec()> job, QWidget *parent)
    : QWidget(parent)
    , m_job(std::move(job))
    , m_controls(new RaceControls(m_job, this))
    , m_transport(new Transport(&m_clock, [this](double time) { return nextDelivery(time); }))
    , m_race(new RaceView(&m_clock))
    , m_table(new DataTable(tr("Comparison figures")))
    , m_words(new QLabel)
{
    auto *const lanes = new QScrollArea;
    lanes->setFrameShape(QFrame::NoFrame);
    lanes->setWidgetResizable(true);
    lanes->setWidget(m_race);
    auto *const race = new QWidget;
    auto *const column = new QVBoxLayout(race);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::spaceSmall);
    column->addWidget(m_transport);
    column->addWidget(lanes, 1);
    auto *const parts = new QSplitter(Qt::Vertical);
    parts->setChildrenCollapsible(false);
    parts->setHandleWidth(Theme::space);
    parts->addWidget(race);
    parts->addWidget(makeFigures());
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    parts->setSizes({410, 230});
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::space, 0, 0);
    layout->setSpacing(Theme::space);
    layout->addWidget(m_controls);
    layout->addWidget(parts, 1);

    m_sampler.setInterval(100ms);
    connect(&m_sampler, &QTimer::timeout, this, &ComparisonPage::follow);
    connect(m_controls, &RaceControls::contestantsChanged, this, &ComparisonPage::refresh);
    connect(m_controls, &RaceControls::startOrStopWanted, this, &ComparisonPage::startOrStop);
    connect(m_controls, &RaceControls::saveWanted, this, &ComparisonPage::save);
    connect(m_controls, &RaceControls::exportWanted, this, [this] {
        ComparisonSaver::chooseFile(this, &m_comparison, m_race,
                                    [this](const QString &words) { m_controls->tell(words); });
    });
    connect(m_controls, &RaceControls::openWanted, this, &ComparisonPage::chooseFile);
    refresh();
}

// A run that goes on is ended with it: that takes until its processes are gone, and the window is closed by
// then.
ComparisonPage::~ComparisonPage()
{
    // The views look at the clock, which is a member here.
    qDeleteAll(findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly));
}

QWidget *ComparisonPage::makeFigures()
{
    m_table->setModel(&m_figures);
    m_table->setEmptyText(tr("The figures of each of them will stand here, side by side."));
    m_words->setWordWrap(true);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_words->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_words->setAccessibleName(tr("What differs"));
    m_words->setContentsMargins(Theme::space, Theme::space, Theme::space, Theme::space);
    auto *const numbers = new QTabWidget;
    numbers->setDocumentMode(true);
    numbers->setAccessibleName(tr("What came of it"));
    numbers->addTab(m_table, tr("Figures"));
    m_charts = new RaceCharts(&m_clock, numbers);
    auto *const figures = new QSplitter(Qt::Horizontal);
    figures->setChildrenCollapsible(false);
    figures->setHandleWidth(Theme::space);
    figures->addWidget(numbers);
    auto *const words = new QScrollArea;
    words->setFrameShape(QFrame::NoFrame);
    words->setWidgetResizable(true);
    words->setWidget(m_words);
    figures->addWidget(words);
    figures->setStretchFactor(0, 3);
    figures->setStretchFactor(1, 2);
    figures->setSizes({540, 350});
    return figures;
}

void ComparisonPage::setObstacle(const QString &obstacle)
{
    if (obstacle == m_obstacle)
        return; // what was told last stays
    m_obstacle = obstacle;
    refresh();
}

void ComparisonPage::refresh()
{
    const QString problem = m_controls->problem();
    const bool canStart = m_obstacle.isEmpty() && problem.isEmpty();
    const bool isShown = !m_comparison.racers.empty();
    m_controls->setState(m_runner  ? RaceControls::State::Running
                         : isShown ? RaceControls::State::Shown
                                   : RaceControls::State::Empty,
                         canStart);
    m_transport->setEnabled(!m_runner); // the clock is with what runs
    if (m_runner)
        return;
    if (!canStart)
        m_controls->tell(problem.isEmpty() ? m_obstacle : problem);
    else if (!isShown)
        m_controls->tell(tr("Each of them really runs, one after the other, on the job at the left."));
    else
        m_controls->tell(
            tr("%1 on %2, %3").arg(m_comparison.task, m_comparison.input, Format::items(m_comparison.items)));
}

/// What is wrong with the job done in any of these ways; empty when nothing is.
QString ComparisonPage::obstacleFor(const JobSpec &job, const QList<Contestant> &contestants)
{
    if (!canBeReread(job.input))
        return tr("This input can be read only once, and each way needs it.");
    const JobSpec shared = sharedJob(job, contestants);
    for (const Contestant &contestant : contestants)
        if (const QList<JobProblem> problems = checkContestant(shared, contestant); !problems.isEmpty())
            return problems.first().message;
    return {};
}

void ComparisonPage::startOrStop()
{
    if (m_runner) {
        m_runner->stop();
        m_controls->tell(tr("Stopping…"));
        return;
    }
    const JobSpec job = m_job();
    const QList<Contestant> contestants = m_controls->contestants();
    if (const QString obstacle = obstacleFor(job, contestants); !obstacle.isEmpty()) {
        m_controls->tell(obstacle);
        return;
    }
    m_rounds = m_controls->rounds();
    m_runner = std::make_unique<ComparisonRunner>(job, contestants, m_rounds);
    // Between two runs: what is measured must not pay for a drawing.
    connect(m_runner.get(), &ComparisonRunner::runEnded, this,
            [this] { showFigures(m_runner->comparison().measured()); });
    showFigures({});
    connect(m_runner.get(), &ComparisonRunner::ended, this, &ComparisonPage::end, Qt::QueuedConnection);
    m_sinceLook.invalidate();
    m_sampler.start();
    m_runner->start();
    refresh();
    follow();
    Q_EMIT runningChanged();
}

/// What goes on while they run.
void ComparisonPage::follow()
{
    if (!m_runner || !m_runner->run() || m_runner->wasStopped())
        return;
    const RaceProgress progress = m_runner->run()->progress();
    const Comparison &comparison = m_runner->comparison();
    const auto running = std::size_t(m_runner->contestant());
    const QString name = comparison.racers[running].contestant.name();
    QString state = tr("Round %1 of %2: %3 runs, %4 handed out")
                        .arg(m_runner->round() + 1)
                        .arg(m_rounds)
                        .arg(name, Format::items(progress.delivered));
    if (progress.waiting)
        state += tr(", %1 wait").arg(Format::count(*progress.waiting));
    // A process for each of many items may take hours where the others take seconds.
    if (const auto left = progress.secondsLeft(); left && *left > worthSaying)
        state += tr(", about %1 left for it").arg(Format::duration(*left));
    m_controls->tell(state);
    const auto racers = double(comparison.racers.size());
    m_controls->setProgress((m_runner->round() * racers + double(running) + progress.share()) /
                            (racers * m_rounds));
    // What runs must not pay for being looked at: the more there is to draw, the less often.
    if (m_sinceLook.isValid() && m_sinceLook.elapsed() < m_lookTook * lookShare)
        return;
    m_sinceLook.start();
    const ContestantRun &run = *m_runner->run();
    double length = std::max(progress.elapsed, 1e-3);
    for (const Racer &racer : comparison.racers)
        if (racer.replay)
            length = std::max(length, racer.replay->length());
    m_race->follow(comparison, running, Replay(run.soFar(), run.workers()), progress.elapsed,
                   progress.total.value_or(comparison.items));
    m_clock.setLength(length);
    m_lookTook = m_sinceLook.elapsed();
    m_sinceLook.start();
}

void ComparisonPage::end()
{
    m_sampler.stop();
    const std::unique_ptr<ComparisonRunner> ended = std::move(m_runner);
    const Comparison measured = ended->comparison().measured();
    QString words;
    if (!ended->failure() && !ended->wasStopped()) {
        present(ended->comparison());
    } else if (!ended->failure() && measured.racers.size() > 1) {
        const std::size_t all = ended->comparison().racers.size();
        present(measured);
        words = tr("Stopped: %1 of %2 were compared.").arg(measured.racers.size()).arg(all);
    } else {
        present(m_comparison); // the one before, if there was one
        words = ended->failure() ? tr("Not compared: %1").arg(ended->failure()->message)
                                 : tr("Stopped: nothing was compared.");
    }
    Q_EMIT runningChanged();
    // Behind it: whoever hears of it may have us say what stands in the way of the next one.
    if (!words.isEmpty())
        m_controls->tell(words);
}

void ComparisonPage::present(Comparison comparison)
{
    m_comparison = std::move(comparison);
    double length = 0;
    for (const Racer &racer : m_comparison.racers)
        if (racer.replay)
            length = std::max(length, racer.replay->length());
    m_race->present(m_comparison);
    showFigures(m_comparison);
    m_clock.setLength(length);
    refresh();
}

/// While they run, of those that have ended.
void ComparisonPage::showFigures(const Comparison &comparison)
{
    m_figures.show(comparison);
    m_charts->present(comparison);
    QStringList samples = {QStringLiteral("most waited for ")};
    for (const Racer &racer : comparison.racers)
        samples += racer.rounds.size() > 1 ? QStringLiteral("best · 0.00 s (0.00 s–0.00 s)")
                                           : QStringLiteral("best · 00.00 ms ");
    m_table->setColumnSamples(samples, -1);
    m_words->setText(comparison.racers.empty()
                         ? QString()
                         : ComparisonText::sentences(comparison).join(QStringLiteral("\n\n")));
    m_words->setAccessibleDescription(m_words->text());
}

double ComparisonPage::nextDelivery(double time) const
{
    double next = -1;
    for (const Racer &racer : m_comparison.racers)
        if (racer.replay)
            if (const double own = racer.replay->nextDelivery(time); own >= 0 && (next < 0 || own < next))
                next = own;
    return next;
}

void ComparisonPage::open(const QString &file)
{
    present(Comparison::open(file));
}

/// A million items take seconds to be written or read: not in the window's thread.
void ComparisonPage::inBackground(std::function<std::function<void()>()> work)
{
    Background::run([page = QPointer(this), work = std::move(work)] {
        QMetaObject::invokeMethod(qApp, [page, then = work()] {
            if (page)
                then();
        });
    });
}

void ComparisonPage::save()
{
    auto *const dialog = new QFileDialog(this, tr("Save comparison"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Comparisons (*.json)")});
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->selectFile(QStringLiteral("comparison"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        m_controls->tell(tr("Saving to %1…").arg(file));
        inBackground([this, file, comparison = m_comparison]() -> std::function<void()> {
            QString words = tr("Saved to %1").arg(file);
            try {
                comparison.save(file);
            } catch (const ComparisonError &error) {
                words = error.message();
            }
            return [this, words] { m_controls->tell(words); };
        });
    });
    dialog->open();
}

void ComparisonPage::chooseFile()
{
    auto *const dialog = new QFileDialog(this, tr("Open comparison"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Comparisons (*.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        m_controls->tell(tr("Opening %1…").arg(file));
        inBackground([this, file]() -> std::function<void()> {
            try {
                return [this, comparison = Comparison::open(file)] {
                    if (!m_runner)
                        present(comparison);
                };
            } catch (const ComparisonError &error) {
                return [this, words = error.message()] { m_controls->tell(words); };
            }
        });
    });
    dialog->open();
}

} // namespace Poolscope
