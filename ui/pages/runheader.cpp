// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/runheader.h"

#include "ui/models/format.h"
#include "ui/models/jobtitle.h"
#include "ui/models/runfigures.h"
#include "ui/pages/elidedlabel.h"
#include "ui/pages/outcomebar.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <numeric>

namespace Poolscope {

namespace {

// By the pixels of usual long figures: 9.31 s + 133 ms, 97.8 k items/s, 16 chunks of 13 items.
constexpr std::array figureShares = {125, 78, 112, 67, 84, 119, 170};

QString orDash(const std::optional<double> &value, QString (*format)(double))
{
    return value ? format(*value) : QStringLiteral("–");
}

QString errors(const ItemCounts &items)
{
    QString result = items.error == 1 ? RunHeader::tr("1 error")
                                      : RunHeader::tr("%1 errors").arg(Format::count(items.error));
    if (items.lost > 0)
        result += QStringLiteral(" · ") + RunHeader::tr("%1 lost").arg(Format::count(items.lost));
    return result;
}

/// What came from a run before, and how much of it is tried again; empty where there was none.
QString origin(const RunSnapshot &snapshot, bool isRetry)
{
    if (snapshot.journaled == 0)
        return {};
    const QString kept = RunHeader::tr("%1 kept from before").arg(Format::count(snapshot.journaled));
    if (!isRetry || !snapshot.total)
        return kept;
    return RunHeader::tr("%1 tried again, %2")
        .arg(Format::count(*snapshot.total - std::min(*snapshot.total, snapshot.journaled)), kept);
}

/// How many items came to what, naming only what happened.
QStringList outcome(const RunSnapshot &snapshot, bool isRetry)
{
    const ItemCounts &items = snapshot.items;
    QStringList parts = {RunHeader::tr("%1 ok").arg(Format::count(items.ok)), errors(items)};
    if (items.notRun > 0)
        parts += RunHeader::tr("%1 not run").arg(Format::count(items.notRun));
    if (items.cancelled > 0)
        parts += RunHeader::tr("%1 cancelled").arg(Format::count(items.cancelled));
    // Of what is tried again that comes first.
    if (snapshot.journaled > 0 && !isRetry)
        parts += origin(snapshot, false);
    return parts;
}

QString finished(const RunSnapshot &snapshot, bool isRetry)
{
    const std::optional<double> elapsed = figuresOf(snapshot).elapsed;
    const QString items = Format::items(snapshot.completed);
    const QString what = isRetry   ? origin(snapshot, true)
                         : elapsed ? RunHeader::tr("%1 in %2").arg(items, Format::duration(*elapsed))
                                   : items;
    if (const std::uint64_t notOk = snapshot.items.ended() - snapshot.items.ok; notOk > 0)
        return RunHeader::tr("⚠ Finished, %1 not ok · %2").arg(Format::count(notOk), what);
    return isRetry ? RunHeader::tr("✓ Finished · %1").arg(what) : RunHeader::tr("✓ Finished %1").arg(what);
}

/// A length of time that began when the workers had started, and that time before it: what is drawn counts
/// it, too.
QString withStart(const std::optional<double> &length, double start)
{
    if (!length)
        return QStringLiteral("–");
    return start > 0 ? RunHeader::tr("%1 + %2").arg(Format::duration(*length), Format::duration(start))
                     : Format::duration(*length);
}

QString progressOf(const RunSnapshot &snapshot)
{
    if (!snapshot.total)
        return RunHeader::tr("%1 so far").arg(Format::items(snapshot.completed));
    return RunHeader::tr("%1 of %2").arg(Format::count(snapshot.completed), Format::items(*snapshot.total));
}

/// What is left: the time, or what nobody knows the end of.
QString leftOf(const RunSnapshot &snapshot)
{
    if (snapshot.eta)
        return Format::eta(*snapshot.eta);
    const WorkerSnapshot *const runner = snapshot.heldUpBy ? runnerOf(*snapshot.heldUpBy, snapshot) : nullptr;
    if (!runner)
        return RunHeader::tr("time left not known yet");
    return RunHeader::tr("waits for item %1, running for %2")
        .arg(Format::count(*runner->item),
             Format::duration(std::max(snapshot.now - runner->itemStarted, 0.0)));
}

} // namespace

RunHeader::RunHeader(QWidget *parent)
    : QWidget(parent)
    , m_headline(new ElidedLabel(this))
    , m_job(new ElidedLabel(this))
    , m_progress(new OutcomeBar(this))
{
    m_headline->setAccessibleName(tr("State of the run"));
    m_job->setAccessibleName(tr("Job that is shown"));
    m_job->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_job->setElideMode(Qt::ElideMiddle);
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setTextVisible(false);

    auto *const figures = m_grid = new QGridLayout;
    figures->setContentsMargins(0, Theme::spaceSmall, 0, 0);
    figures->setHorizontalSpacing(Theme::spaceLarge);
    figures->setVerticalSpacing(0);
    const QStringList names = {tr("Elapsed + start"), tr("First result"), tr("Delivered"), tr("Utilisation"),
                               tr("Most waiting"),    tr("Workers"),      tr("Chunks")};
    const QStringList explanations = {
        tr("From the first dispatch to the last delivery, and the time before it in which the workers "
           "started: "
           "the clock of the timeline and the tables begins with that"),
        tr("When the method handed out its first result, by the clock of the timeline"),
        tr("Delivered items by the time elapsed"),
        tr("Share of the workers' time in which they ran items"),
        tr("The largest number of finished results that waited for those before them"),
        tr("Processes started in all, and those that died unasked"),
        tr("Chunks made so far, and the number of items in each"),
    };
    for (int figure = 0; figure < FigureCount; ++figure) {
        auto *const name = new ElidedLabel(this);
        auto *const value = new ElidedLabel(this);
        name->setText(names.at(figure));
        name->setToolTip(explanations.at(figure));
        value->setAccessibleName(names.at(figure));
        // Neither a longer name nor a longer figure moves its neighbours.
        figures->addWidget(name, 0, figure);
        figures->addWidget(value, 1, figure);
        figures->setColumnStretch(figure, figureShares[std::size_t(figure)]);
        m_names.append(name);
        m_figures.append(value);
    }

    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::space, Theme::space, Theme::space, 0);
    layout->setSpacing(Theme::spaceSmall);
    auto *const first = new QHBoxLayout;
    first->setSpacing(Theme::spaceLarge);
    first->addWidget(m_headline, 2);
    first->addWidget(m_job, 1);
    layout->addLayout(first);
    layout->addWidget(m_progress);
    layout->addLayout(figures);
    applyTheme();
    clear();
}

void RunHeader::clear()
{
    m_headline->setFullText(tr("Nothing has run yet: choose a task and an input, then press Run."));
    m_job->setFullText({});
    m_progress->setRange(0, 1);
    m_progress->setValue(0);
    m_progress->setFailed(0);
    for (ElidedLabel *const figure : std::as_const(m_figures))
        figure->setFullText(QStringLiteral("–"));
}

void RunHeader::setJob(const JobSpec &spec)
{
    m_spec = spec;
    showJob(spec.processes);
}

void RunHeader::showJob(int processes)
{
    const QString title = jobTitle(m_spec, processes);
    m_job->setFullText(title, jobDescription(m_spec, processes));
    // What it does not need is the headline's.
    m_job->setMaximumWidth(m_job->fontMetrics().horizontalAdvance(title) + 1);
}

QString RunHeader::headline(const RunSnapshot &snapshot, double rate, bool isRetry)
{
    const QString dot = QStringLiteral(" · ");
    switch (snapshot.phase) {
    case RunPhase::Checking:
        return tr("Reading the input through: %1 so far").arg(Format::items(snapshot.scanned));
    case RunPhase::Starting:
        return snapshot.processes == 1 ? tr("Starting 1 worker")
                                       : tr("Starting %1 workers").arg(Format::count(snapshot.processes));
    case RunPhase::Paused:
        return tr("‖ Paused, what runs goes on") + dot + progressOf(snapshot) + dot + errors(snapshot.items);
    case RunPhase::Stopping:
        return tr("■ Stopping") + dot + progressOf(snapshot) + dot + errors(snapshot.items);
    case RunPhase::Running: {
        QStringList parts = {progressOf(snapshot)};
        // The pace says nothing of a single item, nor of the consumer who alone is not done.
        if (snapshot.total && snapshot.completed >= *snapshot.total)
            parts += tr("%1 delivered").arg(Format::count(snapshot.delivered));
        else if (!snapshot.heldUpBy)
            parts += Format::rate(rate);
        parts += {leftOf(snapshot), errors(snapshot.items)};
        if (const QString from = origin(snapshot, isRetry); !from.isEmpty())
            parts += from;
        return parts.join(dot);
    }
    case RunPhase::Finished:
        return finished(snapshot, isRetry) + dot + outcome(snapshot, isRetry).join(dot);
    case RunPhase::Stopped: {
        const QString stopped =
            tr("■ Stopped") + dot + progressOf(snapshot) + dot + outcome(snapshot, isRetry).join(dot);
        return snapshot.problem.empty() ? stopped : stopped + dot + Format::excerpt(snapshot.problem);
    }
    case RunPhase::Failed:
        return tr("✕ The job could not run: %1").arg(Format::excerpt(snapshot.problem));
    }
    return {};
}

void RunHeader::apply(const RunSnapshot &snapshot, double rate)
{
    m_headline->setFullText(headline(snapshot, rate, snapshot.journaled > 0 && !m_spec.retried.empty()));
    if (snapshot.processes > 0)
        showJob(int(snapshot.processes));
    m_headline->setForegroundRole(QPalette::WindowText);
    QPalette colors = palette();
    if (snapshot.phase == RunPhase::Failed)
        colors.setColor(QPalette::WindowText, Theme::problemText());
    if (m_headline->palette().color(QPalette::WindowText) != colors.color(QPalette::WindowText))
        m_headline->setPalette(colors);

    showProgress(snapshot);
    const RunFigures figures = figuresOf(snapshot);
    setFigure(Elapsed, withStart(figures.elapsed, snapshot.firstDispatch));
    setFigure(FirstResult, snapshot.firstResult < 0 ? QStringLiteral("–")
                                                    : tr("at %1").arg(Format::moment(snapshot.firstResult)));
    setFigure(Throughput, orDash(figures.throughput, Format::rate));
    setFigure(Utilisation, orDash(figures.utilisation, Format::percent));
    setFigure(PeakBuffered, Format::count(snapshot.peakBufferedResults));
    setFigure(Workers, tr("%1 started, %2 lost")
                           .arg(Format::count(snapshot.workersStarted), Format::count(snapshot.workersLost)));
    const QString chunks = Format::count(snapshot.chunks);
    setFigure(Chunks, snapshot.chunksize == 0 ? chunks
                      : snapshot.chunks == 1
                          ? tr("1 chunk of %1").arg(Format::items(snapshot.chunksize))
                          : tr("%1 chunks of %2").arg(chunks, Format::items(snapshot.chunksize)));
}

void RunHeader::showProgress(const RunSnapshot &snapshot)
{
    if (!snapshot.total) {
        // To and fro while the length is not known.
        m_progress->setRange(0, isOver(snapshot.phase) ? 1 : 0);
        return;
    }
    // Progress bars count in int.
    const std::uint64_t unit = *snapshot.total / 1'000'000'000 + 1;
    m_progress->setRange(0, std::max(int(*snapshot.total / unit), 1));
    m_progress->setValue(*snapshot.total == 0 && isOver(snapshot.phase) ? 1 : int(snapshot.completed / unit));
    m_progress->setFailed(int((snapshot.items.failed() + unit - 1) / unit));
}

void RunHeader::setFigure(Figure figure, const QString &text)
{
    m_figures.at(figure)->setFullText(text, text + QLatin1Char('\n') + m_names.at(figure)->toolTip());
}

void RunHeader::applyTheme()
{
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, Theme::quietText());
    for (QLabel *const name : std::as_const(m_names)) {
        name->setPalette(quiet);
        name->setFont(Theme::smallFont());
    }
    m_job->setPalette(quiet);
    m_job->setFont(Theme::smallFont());
    m_job->setMaximumWidth(m_job->fontMetrics().horizontalAdvance(m_job->text()) + 1);
    for (ElidedLabel *const figure : std::as_const(m_figures))
        figure->setFont(Theme::tabularFont());
    m_progress->setFixedHeight(Theme::spaceLarge);
    fit();
}

/// Shows as many figures as there is room for under their whole names, the first ones.
void RunHeader::fit()
{
    const auto hasRoom = [this](int shown) {
        const int all = std::accumulate(figureShares.begin(), figureShares.begin() + shown, 0);
        const int room = contentsRect().width() - 2 * Theme::space - (shown - 1) * Theme::spaceLarge;
        for (int figure = 0; figure < shown; ++figure)
            if (m_names.at(figure)->sizeHint().width() > room * figureShares[std::size_t(figure)] / all)
                return false;
        return true;
    };
    int shown = FigureCount;
    while (shown > 1 && !hasRoom(shown))
        --shown;
    for (int figure = 0; figure < FigureCount; ++figure) {
        m_names.at(figure)->setVisible(figure < shown);
        m_figures.at(figure)->setVisible(figure < shown);
        m_grid->setColumnStretch(figure, figure < shown ? figureShares[std::size_t(figure)] : 0);
    }
}

void RunHeader::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

void RunHeader::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
}

} // namespace Poolscope
