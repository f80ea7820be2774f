// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisontext.h"

#include "core/comparison/wording.h"

#include <QCoreApplication>

#include <algorithm>

namespace Poolscope::ComparisonText {

namespace {

using Wording::areAlike;
using Wording::areApart;

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::ComparisonText", text);
}

struct Figure
{
    const char *name;
    const char *explanation;
    Better better;
    double (*value)(const RaceRound &);
    QString (*text)(double);
    bool needsEnd = false;      ///< Of a run that did not come to its end there is none.
    bool isZeroUnknown = false; ///< 0 says that there is none.
};

const std::vector<Figure> &figures()
{
    static const std::vector<Figure> all = {
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "first result"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "until the first result was handed out"),
         Better::Less, [](const RaceRound &round) { return round.figures.first; }, Wording::seconds, false,
         true},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "half of them"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "until half of the results were handed out"),
         Better::Less, [](const RaceRound &round) { return round.figures.half; }, Wording::seconds, true},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "makespan"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "until the last result was handed out"), Better::Less,
         [](const RaceRound &round) { return round.figures.last; }, Wording::seconds, true},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "throughput"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "results a second, over the makespan"), Better::More,
         [](const RaceRound &round) { return round.figures.throughput; }, Wording::rate, true},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "most waited"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "finished results held back, at their peak"),
         Better::Less, [](const RaceRound &round) { return double(round.figures.mostWaited); },
         Wording::count},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "out of order"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText",
                           "pairs of results handed out in another order than that of the input"),
         Better::Neither, [](const RaceRound &round) { return double(round.figures.inversions); },
         Wording::count},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "utilisation"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "share of the workers' time in which they ran items"),
         Better::More, [](const RaceRound &round) { return round.figures.utilisation; }, Wording::share,
         true},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "overhead"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "workers' time for each item in which they ran none"),
         Better::Less, [](const RaceRound &round) { return round.figures.overhead; }, Wording::seconds, true},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "processes"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "worker processes started"), Better::Neither,
         [](const RaceRound &round) { return double(round.processesStarted); }, Wording::count},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "memory"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText",
                           "resident memory of the processes that run items, all together, at its peak"),
         Better::Less, [](const RaceRound &round) { return double(round.peakMemory); }, Wording::bytes, false,
         true},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "failed"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "items without a value"), Better::Neither,
         [](const RaceRound &round) { return double(round.failed); }, Wording::count},
    };
    return all;
}

QString valueText(const Racer &racer, const Figure &figure)
{
    if (racer.rounds.empty() || (racer.trouble() && figure.needsEnd))
        return QStringLiteral("–");
    const Racer::Spread spread = racer.spread(figure.value);
    if (figure.isZeroUnknown && spread.median <= 0)
        return QStringLiteral("–");
    const QString text = figure.text(spread.median);
    return racer.rounds.size() > 1 && spread.least != spread.most
               ? QStringLiteral("%1 (%2–%3)").arg(text, figure.text(spread.least), figure.text(spread.most))
               : text;
}

bool isBetter(const Figure &figure, const Racer::Spread &a, const Racer::Spread &b)
{
    // Nor is one the best whose figure reads as that of another.
    if (areAlike(a.median, b.median) || figure.text(a.median) == figure.text(b.median))
        return false;
    return figure.better == Better::Less ? areApart(a, b) : areApart(b, a);
}

using Racers = std::vector<const Racer *>;

bool isKnownOfAll(const Racers &racers, const Figure &figure)
{
    return !figure.isZeroUnknown || std::all_of(racers.begin(), racers.end(), [&figure](const Racer *racer) {
        return racer->spread(figure.value).least > 0;
    });
}

/// Null when none is. \param racers  whose figures can be compared
const Racer *bestOf(const Racers &racers, const Figure &figure)
{
    // Where all others did not get through, there is nobody to be better than.
    if (figure.better == Better::Neither || racers.size() < 2 || !isKnownOfAll(racers, figure))
        return nullptr;
    for (const Racer *const racer : racers) {
        const Racer::Spread own = racer->spread(figure.value);
        const bool isBest = std::all_of(racers.begin(), racers.end(), [&](const Racer *other) {
            return other == racer || isBetter(figure, own, other->spread(figure.value));
        });
        if (isBest)
            return racer;
    }
    return nullptr;
}

/// \param best  null: none
QString whyBest(const Racers &racers, const Figure &figure, const Racer *best)
{
    if (figure.better == Better::Neither)
        return {};
    if (racers.size() < 2)
        return tr("None is best: there are no two whose figures can be compared.");
    if (!isKnownOfAll(racers, figure))
        return tr("None is best: it is not known of all.");
    if (!best)
        return tr("None is best: the first ones differ by no more than noise.");
    const auto median = [&figure](const Racer *racer) { return racer->spread(figure.value).median; };
    const Racer *next = nullptr;
    for (const Racer *const racer : racers)
        if (racer != best && (!next || (figure.better == Better::Less ? median(racer) < median(next)
                                                                      : median(racer) > median(next))))
            next = racer;
    const QString text = figure.better == Better::Less ? tr("%1 is best: %2 is the least.")
                                                       : tr("%1 is best: %2 is the most.");
    return text.arg(best->contestant.name(), figure.text(median(best))) + QLatin1Char(' ') +
           tr("%1 comes next with %2.").arg(next->contestant.name(), figure.text(median(next)));
}

Row outcomes(const Comparison &comparison)
{
    Row row;
    row.name = tr("outcome");
    row.explanation = tr("whether every item had its result handed out");
    for (const Racer &racer : comparison.racers)
        row.values += outcomeText(racer);
    return row;
}

} // namespace

QString outcomeText(const Racer &racer)
{
    if (racer.rounds.empty())
        return QStringLiteral("–");
    const RaceRound *const trouble = racer.trouble();
    if (!trouble)
        return tr("ended");
    return trouble->outcome == RaceOutcome::Hung ? tr("hung") : tr("failed");
}

QList<Row> rows(const Comparison &comparison)
{
    QList<Row> rows;
    if (std::any_of(comparison.racers.begin(), comparison.racers.end(),
                    [](const Racer &racer) { return racer.trouble() != nullptr; }))
        rows += outcomes(comparison);
    const Racers comparable = comparison.comparable();
    for (const Figure &figure : figures()) {
        Row row;
        row.name = tr(figure.name);
        row.explanation = tr(figure.explanation);
        row.better = figure.better;
        for (const Racer &racer : comparison.racers)
            row.values += valueText(racer, figure);
        const Racer *const best = bestOf(comparable, figure);
        if (best)
            row.best = std::size_t(best - comparison.racers.data());
        row.why = whyBest(comparable, figure, best);
        rows += row;
    }
    return rows;
}

QString table(const Comparison &comparison)
{
    QList<QStringList> lines;
    QStringList head = {QString()};
    for (const Racer &racer : comparison.racers)
        head += racer.contestant.name();
    lines += head;
    for (const Row &row : rows(comparison)) {
        QStringList line = {row.name};
        for (qsizetype i = 0; i < row.values.size(); ++i)
            line +=
                row.values.at(i) + (row.best == std::size_t(i) ? QStringLiteral(" *") : QStringLiteral("  "));
        lines += line;
    }
    QList<qsizetype> widths(head.size(), 0);
    for (const QStringList &line : lines)
        for (qsizetype column = 0; column < line.size(); ++column)
            widths[column] = std::max(widths.at(column), line.at(column).size());
    // All at once: the name of an input may hold a %1 of its own.
    QString text = tr("%1 on %2: %3 items, %4 processes")
                       .arg(comparison.task, comparison.input, Wording::count(double(comparison.items)),
                            QString::number(comparison.processes)) +
                   QStringLiteral("\n\n");
    for (const QStringList &line : lines) {
        QString written = line.first().leftJustified(widths.first());
        for (qsizetype column = 1; column < line.size(); ++column) {
            // The title stands over the figure, not over the mark behind it.
            const QString cell =
                &line == &lines.first() ? line.at(column) + QStringLiteral("  ") : line.at(column);
            written += QStringLiteral("  ") + cell.rightJustified(widths.at(column) + 2);
        }
        while (written.endsWith(QLatin1Char(' ')))
            written.chop(1);
        text += written + QLatin1Char('\n');
    }
    text += QLatin1Char('\n');
    for (const QString &sentence : sentences(comparison))
        text += sentence + QLatin1Char('\n');
    return text;
}

} // namespace Poolscope::ComparisonText
