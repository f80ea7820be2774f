// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisontext.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace Poolscope::ComparisonText {

namespace {

/// Below this share of each other two times are called the same.
constexpr double alike = 0.05;

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::ComparisonText", text);
}

QString secondsText(double seconds)
{
    if (seconds < 0.0995)
        return QStringLiteral("%1 ms").arg(
            QLocale::c().toString(seconds * 1e3, 'f', seconds < 0.00995 ? 2 : 1));
    return QStringLiteral("%1 s").arg(QLocale::c().toString(seconds, 'f', seconds < 9.995 ? 2 : 1));
}

QString countText(double count)
{
    return QLocale(QLocale::English).toString(std::llround(count));
}

QString rateText(double rate)
{
    return rate < 100 ? QStringLiteral("%1 /s").arg(QLocale::c().toString(rate, 'f', 1))
                      : QStringLiteral("%1 /s").arg(countText(rate));
}

QString shareText(double share)
{
    return QStringLiteral("%1 %").arg(std::llround(share * 100));
}

struct Figure
{
    const char *name;
    const char *explanation;
    Better better;
    double (*value)(const RaceRound &);
    QString (*text)(double);
};

const std::vector<Figure> &figures()
{
    static const std::vector<Figure> all = {
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "first result"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "until the first result was handed out"),
         Better::Less, [](const RaceRound &round) { return round.figures.first; }, secondsText},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "half of them"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "until half of the results were handed out"),
         Better::Less, [](const RaceRound &round) { return round.figures.half; }, secondsText},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "makespan"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "until the last result was handed out"), Better::Less,
         [](const RaceRound &round) { return round.figures.last; }, secondsText},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "throughput"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "results a second, over the makespan"), Better::More,
         [](const RaceRound &round) { return round.figures.throughput; }, rateText},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "most waited"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "finished results held back, at their peak"),
         Better::Less, [](const RaceRound &round) { return double(round.figures.mostWaited); }, countText},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "out of order"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText",
                           "pairs of results handed out in another order than that of the input"),
         Better::Neither, [](const RaceRound &round) { return double(round.figures.inversions); }, countText},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "utilisation"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "share of the workers' time in which they ran items"),
         Better::More, [](const RaceRound &round) { return round.figures.utilisation; }, shareText},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "overhead"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "workers' time for each item in which they ran none"),
         Better::Less, [](const RaceRound &round) { return round.figures.overhead; }, secondsText},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "processes"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "worker processes started"), Better::Neither,
         [](const RaceRound &round) { return double(round.processesStarted); }, countText},
        {QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "failed"),
         QT_TRANSLATE_NOOP("Poolscope::ComparisonText", "items without a value"), Better::Neither,
         [](const RaceRound &round) { return double(round.failed); }, countText},
    };
    return all;
}

double first(const RaceRound &round)
{
    return round.figures.first;
}

double last(const RaceRound &round)
{
    return round.figures.last;
}

double waited(const RaceRound &round)
{
    return double(round.figures.mostWaited);
}

bool areAlike(double a, double b)
{
    return std::abs(a - b) <= alike * std::max(a, b);
}

/// Whether two spreads do not touch.
bool areApart(const Racer::Spread &less, const Racer::Spread &more)
{
    return less.most < more.least;
}

QList<const Racer *> byFigure(const Comparison &comparison, double (*figure)(const RaceRound &))
{
    QList<const Racer *> racers;
    for (const Racer &racer : comparison.racers)
        if (!racer.rounds.empty())
            racers += &racer;
    std::stable_sort(racers.begin(), racers.end(), [figure](const Racer *a, const Racer *b) {
        return a->spread(figure).median < b->spread(figure).median;
    });
    return racers;
}

/// What a contestant waited for before its first result.
QString whyLate(const Racer &racer)
{
    if (deliveryOf(racer.contestant.method) == Delivery::AllAtEnd)
        return tr("which hands out all results together at its end");
    if (deliveryOf(racer.contestant.method) == Delivery::Ordered && racer.replay &&
        !racer.replay->items().empty()) {
        const RaceItem &head = racer.replay->items().front();
        if (racer.replay->finishedBy(head.delivered * (1 - alike)) > 0)
            return tr("which waited for item %1").arg(head.index);
    }
    return {};
}

void tellFirst(const Comparison &comparison, QStringList &sentences)
{
    const QList<const Racer *> racers = byFigure(comparison, first);
    if (racers.size() < 2)
        return;
    const Racer &best = *racers.first();
    const double bestTime = best.spread(first).median;
    bool isApart = false;
    for (const Racer *const other : racers.mid(1)) {
        const double time = other->spread(first).median;
        if (areAlike(time, bestTime))
            continue;
        isApart = true;
        const QString difference = secondsText(time - bestTime);
        if (!areApart(best.spread(first), other->spread(first))) {
            sentences += tr("%1 had its first result %2 before %3, which is within the noise of the rounds.")
                             .arg(best.contestant.name(), difference, other->contestant.name());
            continue;
        }
        const QString why = whyLate(*other);
        sentences += why.isEmpty()
                         ? tr("%1 had its first result %2 before %3.")
                               .arg(best.contestant.name(), difference, other->contestant.name())
                         : tr("%1 had its first result %2 before %3, %4.")
                               .arg(best.contestant.name(), difference, other->contestant.name(), why);
    }
    if (!isApart)
        sentences += tr("All had their first result at about the same time, %1.").arg(secondsText(bestTime));
}

void tellLast(const Comparison &comparison, QStringList &sentences)
{
    const QList<const Racer *> racers = byFigure(comparison, last);
    if (racers.size() < 2)
        return;
    const Racer &best = *racers.first();
    const Racer &worst = *racers.last();
    const Racer::Spread quickest = best.spread(last);
    const Racer::Spread slowest = worst.spread(last);
    if (areAlike(quickest.median, slowest.median))
        sentences += tr("All ended together, after %1: the order of the results costs no time.")
                         .arg(secondsText(slowest.median));
    else if (areApart(quickest, slowest))
        sentences += tr("%1 ended first, after %2; %3 took %4 times as long.")
                         .arg(best.contestant.name(), secondsText(quickest.median), worst.contestant.name(),
                              QLocale::c().toString(slowest.median / quickest.median, 'f', 2));
    else
        sentences += tr("%1 ended first, after %2, but the difference is within the noise of the rounds.")
                         .arg(best.contestant.name(), secondsText(quickest.median));
}

void tellWaiting(const Comparison &comparison, QStringList &sentences)
{
    const QList<const Racer *> racers = byFigure(comparison, waited);
    if (racers.size() < 2)
        return;
    const double least = racers.first()->spread(waited).median;
    const double most = racers.last()->spread(waited).median;
    if (most < 2 * least + 2)
        return;
    sentences += tr("%1 held back %2 finished results at most, %3 %4.")
                     .arg(racers.last()->contestant.name(), countText(most),
                          racers.first()->contestant.name(), least == 0 ? tr("none") : countText(least));
}

} // namespace

QList<Row> rows(const Comparison &comparison)
{
    QList<Row> rows;
    for (const Figure &figure : figures()) {
        Row row;
        row.name = tr(figure.name);
        row.explanation = tr(figure.explanation);
        row.better = figure.better;
        std::optional<std::size_t> best;
        const auto isBetter = [&figure](double a, double b) {
            return figure.better == Better::Less ? a < b : a > b;
        };
        for (std::size_t i = 0; i < comparison.racers.size(); ++i) {
            const Racer::Spread spread = comparison.racers[i].spread(figure.value);
            QString text = figure.text(spread.median);
            if (comparison.racers[i].rounds.size() > 1 && spread.least != spread.most)
                text += QStringLiteral(" (%1–%2)").arg(figure.text(spread.least), figure.text(spread.most));
            row.values += comparison.racers[i].rounds.empty() ? QStringLiteral("–") : text;
            if (!best || isBetter(spread.median, comparison.racers[*best].spread(figure.value).median))
                best = i;
        }
        const bool isClear =
            best && std::none_of(comparison.racers.begin(), comparison.racers.end(), [&](const Racer &other) {
                const Racer &winner = comparison.racers[*best];
                if (&other == &winner)
                    return false;
                const Racer::Spread a = winner.spread(figure.value);
                const Racer::Spread b = other.spread(figure.value);
                return areAlike(a.median, b.median) ||
                       !(figure.better == Better::Less ? areApart(a, b) : areApart(b, a));
            });
        if (figure.better != Better::Neither && isClear)
            row.best = best;
        rows += row;
    }
    return rows;
}

QStringList sentences(const Comparison &comparison)
{
    QStringList sentences;
    tellFirst(comparison, sentences);
    tellLast(comparison, sentences);
    tellWaiting(comparison, sentences);
    return sentences;
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
    QString text = tr("%1 on %2: %3 items, %4 processes")
                       .arg(comparison.task, comparison.input)
                       .arg(countText(double(comparison.items)))
                       .arg(comparison.processes) +
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
