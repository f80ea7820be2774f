// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/comparisonpage.h"

#include "core/comparison/comparisontext.h"
#include "core/pool/jobsettings.h"
#include "ui/compare/comparisonsaver.h"
#include "ui/compare/racecharts.h"
#include "ui/compare/raceview.h"
#include "ui/compare/transport.h"
#include "ui/controls/namedcombobox.h"
#include "ui/models/format.h"
#include "ui/pages/datatable.h"
#include "ui/pages/elidedlabel.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace Poolscope {

using namespace std::chrono_literals;

namespace {

constexpr int mostRounds = 100;

} // namespace

ComparisonPage::ComparisonPage(std::function<JobSpec()> job, QWidget *parent)
    : QWidget(parent)
    , m_job(std::move(job))
    , m_contestants(new NamedComboBox(this))
    , m_rounds(new QSpinBox(this))
    , m_start(new QPushButton(this))
    , m_save(new QPushButton(tr("Save…"), this))
    , m_export(new QPushButton(tr("Export…"), this))
    , m_open(new QPushButton(tr("Open…"), this))
    , m_state(new ElidedLabel(this))
    , m_progress(new QProgressBar(this))
    , m_race(new RaceView(&m_clock))
    , m_table(new DataTable(tr("Comparison figures")))
    , m_charts(new RaceCharts(&m_clock))
    , m_words(new QLabel)
{
    auto *const race = new QWidget;
    auto *const column = new QVBoxLayout(race);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::spaceSmall);
    column->addWidget(new Transport(&m_clock, [this](double time) { return nextDelivery(time); }));
    column->addWidget(m_race, 1);
    auto *const parts = new QSplitter(Qt::Vertical);
    parts->setChildrenCollapsible(false);
    parts->setHandleWidth(Theme::space);
    parts->addWidget(race);
    parts->addWidget(makeFigures());
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::space, 0, 0);
    layout->setSpacing(Theme::space);
    layout->addWidget(makeControls());
    layout->addWidget(parts, 1);

    m_sampler.setInterval(100ms);
    connect(&m_sampler, &QTimer::timeout, this, &ComparisonPage::follow);
    connect(m_start, &QPushButton::clicked, this, &ComparisonPage::startOrStop);
    connect(m_save, &QPushButton::clicked, this, &ComparisonPage::save);
    connect(m_export, &QPushButton::clicked, this, [this] {
        ComparisonSaver::chooseFile(this, &m_comparison, m_race,
                                    [this](const QString &words) { m_state->setFullText(words); });
    });
    connect(m_open, &QPushButton::clicked, this, &ComparisonPage::chooseFile);
    connect(m_contestants, &QComboBox::currentTextChanged, this, &ComparisonPage::refresh);
    refresh();
}

// A run that goes on is ended with it: that takes until its processes are gone, and the window is closed by
// then.
ComparisonPage::~ComparisonPage() = default;

QWidget *ComparisonPage::makeControls()
{
    m_contestants->setEditable(true);
    m_contestants->setAccessibleName(tr("Contestants"));
    m_contestants->setToolTip(
        tr("The ways that are compared, with a comma between them; each may have settings of its own, as in "
           "map,imap:chunksize=4,imap:processes=2"));
    // The three methods, chunk sizes, processes.
    for (const char *preset :
         {"map,imap,imap_unordered", "map,apply,imap_unordered",
          "imap:chunksize=1,imap:chunksize=4,imap:chunksize=16,map",
          "imap_unordered:processes=1,imap_unordered:processes=2,imap_unordered:processes=4,"
          "imap_unordered:processes=8"})
        m_contestants->addItem(QString::fromLatin1(preset));
    m_contestants->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_contestants->setMinimumContentsLength(20);
    m_rounds->setRange(1, mostRounds);
    m_rounds->setAccessibleName(tr("Rounds"));
    m_rounds->setToolTip(
        tr("How often each of them runs, in turn: medians are shown then, and their spread"));
    m_start->setAutoDefault(false);
    m_export->setAccessibleName(tr("Export comparison"));
    m_export->setToolTip(tr("As a web page that plays it back, as a picture or as a table"));
    m_state->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(140);
    QSizePolicy steady = m_progress->sizePolicy();
    steady.setRetainSizeWhenHidden(true); // nothing moves when it comes
    m_progress->setSizePolicy(steady);
    m_progress->setFixedHeight(Theme::spaceLarge);
    m_progress->setAccessibleName(tr("Progress of the comparison"));

    auto *const controls = new QWidget;
    auto *const column = new QVBoxLayout(controls);
    column->setContentsMargins(Theme::space, 0, Theme::space, 0);
    column->setSpacing(Theme::spaceSmall);
    auto *const row = new QHBoxLayout;
    row->setSpacing(Theme::space);
    auto *const contestants = new QLabel(tr("Compare"));
    contestants->setBuddy(m_contestants);
    auto *const rounds = new QLabel(tr("Rounds"));
    rounds->setBuddy(m_rounds);
    row->addWidget(contestants);
    row->addWidget(m_contestants, 1);
    row->addWidget(rounds);
    row->addWidget(m_rounds);
    row->addWidget(m_start);
    row->addWidget(m_save);
    row->addWidget(m_export);
    row->addWidget(m_open);
    column->addLayout(row);
    auto *const state = new QHBoxLayout;
    state->setSpacing(Theme::space);
    state->addWidget(m_state, 1);
    state->addWidget(m_progress);
    column->addLayout(state);
    return controls;
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
    numbers->addTab(m_charts, tr("Over time"));
    auto *const figures = new QSplitter(Qt::Horizontal);
    figures->setChildrenCollapsible(false);
    figures->setHandleWidth(Theme::space);
    figures->addWidget(numbers);
    figures->addWidget(m_words);
    figures->setStretchFactor(0, 3);
    figures->setStretchFactor(1, 2);
    figures->setSizes({540, 350});
    return figures;
}

void ComparisonPage::setObstacle(const QString &obstacle)
{
    m_obstacle = obstacle;
    refresh();
}

void ComparisonPage::refresh()
{
    QString problem;
    parseContestants(m_contestants->currentText(), &problem);
    const bool canStart = m_obstacle.isEmpty() && problem.isEmpty();
    m_start->setText(m_runner ? tr("Stop comparison") : tr("Start comparison"));
    m_start->setAccessibleName(m_start->text());
    m_start->setEnabled(m_runner || canStart);
    m_contestants->setEnabled(!m_runner);
    m_rounds->setEnabled(!m_runner);
    m_save->setEnabled(!m_runner && !m_comparison.racers.empty());
    m_export->setEnabled(m_save->isEnabled());
    m_open->setEnabled(!m_runner);
    m_progress->setVisible(m_runner != nullptr);
    if (m_runner)
        return;
    if (!canStart)
        m_state->setFullText(problem.isEmpty() ? m_obstacle : problem);
    else if (m_comparison.racers.empty())
        m_state->setFullText(tr("Each of them really runs, one after the other, on the job at the left."));
    else
        m_state->setFullText(
            tr("%1 on %2, %3").arg(m_comparison.task, m_comparison.input, Format::items(m_comparison.items)));
}

void ComparisonPage::startOrStop()
{
    if (m_runner) {
        m_runner->stop();
        m_state->setFullText(tr("Stopping…"));
        return;
    }
    const JobSpec job = m_job();
    QString problem;
    const QList<Contestant> contestants = parseContestants(m_contestants->currentText(), &problem);
    if (!problem.isEmpty())
        return;
    if (!canBeReread(job.input)) {
        m_state->setFullText(tr("This input can be read only once, and each way needs it."));
        return;
    }
    m_clock.setLength(0);
    m_runner = std::make_unique<ComparisonRunner>(job, contestants, m_rounds->value());
    connect(m_runner.get(), &ComparisonRunner::ended, this, &ComparisonPage::end, Qt::QueuedConnection);
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
    const QString name = comparison.racers[std::size_t(m_runner->contestant())].contestant.name();
    m_state->setFullText(tr("Round %1 of %2: %3 runs, %4 handed out, %5 wait")
                             .arg(m_runner->round() + 1)
                             .arg(m_rounds->value())
                             .arg(name, Format::items(progress.delivered), Format::count(progress.waiting)));
    const int runs = int(comparison.racers.size()) * m_rounds->value();
    const int done = m_runner->round() * int(comparison.racers.size()) + m_runner->contestant();
    const double share = progress.total.value_or(0) > 0
                             ? double(progress.delivered + progress.waiting) / double(*progress.total)
                             : 0;
    m_progress->setRange(0, runs * 100);
    m_progress->setValue(done * 100 + int(share * 100));
}

void ComparisonPage::end()
{
    m_sampler.stop();
    const std::unique_ptr<ComparisonRunner> ended = std::move(m_runner);
    if (ended->failure()) {
        refresh();
        m_state->setFullText(tr("Not compared: %1").arg(ended->failure()->message));
    } else if (ended->wasStopped()) {
        refresh();
        m_state->setFullText(tr("Stopped: nothing was compared."));
    } else {
        present(ended->comparison());
    }
    Q_EMIT runningChanged();
}

void ComparisonPage::present(const Comparison &comparison)
{
    m_comparison = comparison;
    double length = 0;
    for (const Racer &racer : m_comparison.racers)
        if (racer.replay)
            length = std::max(length, racer.replay->length());
    m_race->present(m_comparison);
    m_figures.show(m_comparison);
    m_charts->present(m_comparison);
    QStringList samples = {QStringLiteral("most waited for ")};
    for (const Racer &racer : m_comparison.racers)
        samples += racer.rounds.size() > 1 ? QStringLiteral("best · 0.00 s (0.00 s–0.00 s)")
                                           : QStringLiteral("best · 00.00 ms ");
    m_table->setColumnSamples(samples, -1);
    m_words->setText(ComparisonText::sentences(m_comparison).join(QStringLiteral("\n\n")));
    m_words->setAccessibleDescription(m_words->text());
    m_clock.setLength(length);
    refresh();
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

void ComparisonPage::save()
{
    auto *const dialog = new QFileDialog(this, tr("Save comparison"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Comparisons (*.json)")});
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->selectFile(QStringLiteral("comparison"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        try {
            m_comparison.save(file);
            m_state->setFullText(tr("Saved to %1").arg(file));
        } catch (const ComparisonError &error) {
            m_state->setFullText(error.message());
        }
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
        try {
            open(file);
        } catch (const ComparisonError &error) {
            m_state->setFullText(error.message());
        }
    });
    dialog->open();
}

} // namespace Poolscope
