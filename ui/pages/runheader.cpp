// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/runheader.h"

#include "ui/models/format.h"
#include "ui/models/runfigures.h"
#include "ui/pages/elidedlabel.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QGridLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace Poolscope {

namespace {

/// A bar without the style's gradients: over the width of a page these take 3 ms to paint.
class FlatProgressBar final : public QProgressBar
{
public:
    explicit FlatProgressBar(QWidget *parent) : QProgressBar(parent) {}

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
        painter.fillRect(rect(), Theme::dataBackground());
        if (maximum() > minimum()) {
            const double share = double(value() - minimum()) / (maximum() - minimum());
            painter.fillRect(QRectF(0, 0, std::round(width() * std::clamp(share, 0.0, 1.0)), height()),
                             Theme::accent());
        } else {
            // How much there is is not known.
            painter.fillRect(rect(), QBrush(Theme::accent(), Qt::BDiagPattern));
        }
        painter.setPen(Theme::hairline());
        painter.drawRect(frame);
    }
};

// By the longest figures: 1,000,000 of 1 item, 2 started, 0 lost, 412 k items/s.
constexpr std::array figureShares = {3, 3, 4, 3, 3, 5, 6};

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

/// How many items came to what, naming only what happened.
QString outcome(const RunSnapshot &snapshot)
{
    const ItemCounts &items = snapshot.items;
    QStringList parts = {RunHeader::tr("%1 ok").arg(Format::count(items.ok)), errors(items)};
    if (items.notRun > 0)
        parts += RunHeader::tr("%1 not run").arg(Format::count(items.notRun));
    if (items.cancelled > 0)
        parts += RunHeader::tr("%1 cancelled").arg(Format::count(items.cancelled));
    if (snapshot.journaled > 0)
        parts += RunHeader::tr("%1 kept from before").arg(Format::count(snapshot.journaled));
    return parts.join(QStringLiteral(" · "));
}

QString progressOf(const RunSnapshot &snapshot)
{
    if (!snapshot.total)
        return RunHeader::tr("%1 so far").arg(Format::items(snapshot.completed));
    return RunHeader::tr("%1 of %2").arg(Format::count(snapshot.completed), Format::items(*snapshot.total));
}

} // namespace

RunHeader::RunHeader(QWidget *parent)
    : QWidget(parent), m_headline(new ElidedLabel(this)), m_progress(new FlatProgressBar(this))
{
    m_headline->setAccessibleName(tr("State of the run"));
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setTextVisible(false);

    auto *const figures = m_grid = new QGridLayout;
    figures->setContentsMargins(0, Theme::spaceSmall, 0, 0);
    figures->setHorizontalSpacing(Theme::spaceLarge);
    figures->setVerticalSpacing(0);
    const QStringList names = {tr("Elapsed"),     tr("First result"), tr("Delivered"), tr("Utilisation"),
                               tr("Most waited"), tr("Workers"),      tr("Chunks")};
    const QStringList explanations = {
        tr("From the first dispatch to the last delivery"),
        tr("From the first dispatch until the method handed out its first result"),
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
        value->setToolTip(explanations.at(figure));
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
    layout->addWidget(m_headline);
    layout->addWidget(m_progress);
    layout->addLayout(figures);
    applyTheme();
    clear();
}

void RunHeader::clear()
{
    m_headline->setFullText(tr("Nothing has run yet: choose a task and an input, then press Run."));
    m_progress->setRange(0, 1);
    m_progress->setValue(0);
    for (QLabel *const figure : std::as_const(m_figures))
        figure->setText(QStringLiteral("–"));
}

QString RunHeader::headline(const RunSnapshot &snapshot, double rate)
{
    const QString dot = QStringLiteral(" · ");
    const RunFigures figures = figuresOf(snapshot);
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
        QStringList parts = {progressOf(snapshot), Format::rate(rate)};
        parts += snapshot.eta ? Format::eta(*snapshot.eta) : tr("time left not known yet");
        parts += errors(snapshot.items);
        return parts.join(dot);
    }
    case RunPhase::Finished:
        if (!figures.elapsed)
            return tr("✓ Finished %1").arg(Format::items(snapshot.completed)) + dot + outcome(snapshot);
        return tr("✓ Finished %1 in %2")
                   .arg(Format::items(snapshot.completed), Format::duration(*figures.elapsed)) +
               dot + outcome(snapshot);
    case RunPhase::Stopped: {
        const QString stopped = tr("■ Stopped") + dot + progressOf(snapshot) + dot + outcome(snapshot);
        return snapshot.problem.empty() ? stopped : stopped + dot + Format::excerpt(snapshot.problem);
    }
    case RunPhase::Failed:
        return tr("✕ The job could not run: %1").arg(Format::excerpt(snapshot.problem));
    }
    return {};
}

void RunHeader::apply(const RunSnapshot &snapshot, double rate)
{
    m_headline->setFullText(headline(snapshot, rate));
    m_headline->setForegroundRole(QPalette::WindowText);
    QPalette colors = palette();
    if (snapshot.phase == RunPhase::Failed)
        colors.setColor(QPalette::WindowText, Theme::problemText());
    if (m_headline->palette().color(QPalette::WindowText) != colors.color(QPalette::WindowText))
        m_headline->setPalette(colors);

    if (snapshot.total) {
        // Progress bars count in int.
        const std::uint64_t unit = *snapshot.total / 1'000'000'000 + 1;
        m_progress->setRange(0, std::max(int(*snapshot.total / unit), 1));
        m_progress->setValue(*snapshot.total == 0 && isOver(snapshot.phase) ? 1
                                                                            : int(snapshot.completed / unit));
    } else {
        // To and fro while the length is not known.
        m_progress->setRange(0, isOver(snapshot.phase) ? 1 : 0);
    }

    const RunFigures figures = figuresOf(snapshot);
    setFigure(Elapsed, orDash(figures.elapsed, Format::duration));
    setFigure(FirstResult, orDash(figures.firstResult, Format::duration));
    setFigure(Throughput, orDash(figures.throughput, Format::rate));
    setFigure(Utilisation, orDash(figures.utilisation, Format::percent));
    setFigure(PeakBuffered, Format::count(snapshot.peakBufferedResults));
    setFigure(Workers, tr("%1 started, %2 lost")
                           .arg(Format::count(snapshot.workersStarted), Format::count(snapshot.workersLost)));
    setFigure(Chunks,
              snapshot.chunksize == 0
                  ? Format::count(snapshot.chunks)
                  : tr("%1 of %2").arg(Format::count(snapshot.chunks), Format::items(snapshot.chunksize)));
}

void RunHeader::setFigure(Figure figure, const QString &text)
{
    if (m_figures.at(figure)->text() != text)
        m_figures.at(figure)->setText(text);
}

void RunHeader::applyTheme()
{
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, Theme::quietText());
    for (QLabel *const name : std::as_const(m_names)) {
        name->setPalette(quiet);
        name->setFont(Theme::smallFont());
    }
    for (QLabel *const figure : std::as_const(m_figures))
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
