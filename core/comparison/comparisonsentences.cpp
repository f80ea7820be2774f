// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisontext.h"
#include "core/comparison/wording.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace Poolscope::ComparisonText {

namespace {

using Wording::areAlike;
using Wording::areApart;

/// Whether a result came long enough before another one to say that it waited for it.
constexpr double early = 0.95;
/// A single round says little of a race that is shorter than this, or whose second is as near as this.
constexpr double shortRace = 0.05; // s
constexpr double closeRace = 1.25; // times as long

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::ComparisonText", text);
}

QString nameOf(const Racer &racer)
{
    return racer.contestant.name();
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

double inversions(const RaceRound &round)
{
    return double(round.figures.inversions);
}

double processes(const RaceRound &round)
{
    return double(round.processesStarted);
}

using Racers = QList<const Racer *>;

/// Those whose figures count, the least first.
Racers byFigure(const Comparison &comparison, double (*figure)(const RaceRound &))
{
    const std::vector<const Racer *> comparable = comparison.comparable();
    Racers racers(comparable.begin(), comparable.end());
    std::stable_sort(racers.begin(), racers.end(), [figure](const Racer *a, const Racer *b) {
        return a->spread(figure).median < b->spread(figure).median;
    });
    return racers;
}

/// The one of this way that was done first; null when there is none.
const Racer *quickest(const Comparison &comparison, Way way)
{
    const Racers racers = byFigure(comparison, last);
    const auto found = std::find_if(racers.begin(), racers.end(),
                                    [way](const Racer *racer) { return racer->contestant.way == way; });
    return found == racers.end() ? nullptr : *found;
}

bool isQuicker(const Racer &a, const Racer &b)
{
    return !areAlike(a.spread(last).median, b.spread(last).median) &&
           areApart(a.spread(last), b.spread(last));
}

bool handsOutAtEnd(const Contestant &contestant)
{
    return hasMethod(contestant.way) && deliveryOf(contestant.method) == Delivery::AllAtEnd;
}

/// What a contestant waited for before its first result; empty where nothing stood in its way.
QString whyLate(const Racer &racer)
{
    if (handsOutAtEnd(racer.contestant))
        return tr("which hands out all results together at its end");
    if (!hasMethod(racer.contestant.way) || !racer.replay || racer.replay->items().empty())
        return {};
    const RaceItem &head = racer.replay->items().front();
    const std::uint64_t chunksize = racer.rounds.front().chunksize;
    if (head.finished < early * head.delivered)
        return chunksize > 1 ? tr("whose results come in chunks of %1").arg(Wording::count(double(chunksize)))
                             : QString();
    const bool isOrdered = deliveryOf(racer.contestant.method) == Delivery::Ordered;
    return isOrdered && racer.replay->finishedBy(early * head.finished) > 0
               ? tr("which waited for item %1").arg(head.index)
               : QString();
}

/// "map, imap and loop"
QString listOf(const QStringList &names)
{
    if (names.size() < 2)
        return names.join(QString());
    return tr("%1 and %2").arg(names.mid(0, names.size() - 1).join(QStringLiteral(", ")), names.last());
}

void tellTrouble(const Comparison &comparison, QStringList &sentences)
{
    for (const Racer &racer : comparison.racers) {
        const RaceRound *const trouble = racer.trouble();
        if (!trouble)
            continue;
        const QString counts = tr("%1 of %2 results")
                                   .arg(Wording::count(double(trouble->ok)),
                                        Wording::count(double(trouble->ok + trouble->failed)));
        sentences += trouble->outcome == RaceOutcome::Hung
                         ? tr("%1 hung after %2: %3.").arg(nameOf(racer), counts, trouble->message)
                         : tr("%1 failed after %2: %3.").arg(nameOf(racer), counts, trouble->message);
    }
}

/// To fail is quick: who has fewer values than others is not held against them.
void tellFailures(const Comparison &comparison, QStringList &sentences)
{
    const std::vector<const Racer *> comparable = comparison.comparable();
    for (const Racer &racer : comparison.racers) {
        if (racer.rounds.empty() || racer.trouble() ||
            std::find(comparable.begin(), comparable.end(), &racer) != comparable.end())
            continue;
        const RaceRound &round = racer.rounds.front();
        sentences +=
            tr("%1 has no value for %2 of %3 items: its times are not compared with those of others.")
                .arg(nameOf(racer), Wording::count(double(round.failed)),
                     Wording::count(double(round.ok + round.failed)));
    }
}

/// "imap (0.99 s), multiprocessing.imap (1.03 s)": how much later than the best.
QString laterOnes(const Racers &racers, double bestTime)
{
    QStringList texts;
    for (const Racer *const racer : racers)
        texts += tr("%1 (%2)").arg(nameOf(*racer), Wording::seconds(racer->spread(first).median - bestTime));
    return texts.join(QStringLiteral(", "));
}

void tellFirst(const Comparison &comparison, QStringList &sentences)
{
    const Racers racers = byFigure(comparison, first);
    if (racers.size() < 2)
        return;
    const Racer &best = *racers.first();
    const double bestTime = best.spread(first).median;
    // Those that are late for the same reason share a sentence.
    QList<std::pair<QString, Racers>> late;
    Racers withinNoise;
    for (const Racer *const other : racers.mid(1)) {
        if (areAlike(other->spread(first).median, bestTime))
            continue;
        if (!areApart(best.spread(first), other->spread(first))) {
            withinNoise += other;
            continue;
        }
        const QString why = whyLate(*other);
        const auto same =
            std::find_if(late.begin(), late.end(), [&why](const auto &group) { return group.first == why; });
        if (same == late.end())
            late += {why, {other}};
        else
            same->second += other;
    }
    for (const auto &[why, group] : late) {
        QString sentence =
            group.size() == 1
                ? tr("%1 had its first result %2 before %3")
                      .arg(nameOf(best), Wording::seconds(group.first()->spread(first).median - bestTime),
                           nameOf(*group.first()))
                : tr("%1 had its first result before %2").arg(nameOf(best), laterOnes(group, bestTime));
        if (!why.isEmpty())
            sentence += QStringLiteral(", ") + why;
        sentences += sentence + QLatin1Char('.');
    }
    for (const Racer *const other : withinNoise)
        sentences +=
            tr("%1 had its first result %2 before %3, which is within the noise of the rounds.")
                .arg(nameOf(best), Wording::seconds(other->spread(first).median - bestTime), nameOf(*other));
    if (late.isEmpty() && withinNoise.isEmpty())
        sentences +=
            tr("All had their first result at about the same time, %1.").arg(Wording::seconds(bestTime));
}

/// Whether nothing but the order in which results are handed out is different.
bool differInMethodOnly(const Racers &racers)
{
    return std::all_of(racers.begin(), racers.end(), [&racers](const Racer *racer) {
        Contestant same = racers.first()->contestant;
        same.method = racer->contestant.method;
        return hasMethod(same.way) && same == racer->contestant &&
               callsPerItem(same.method) == callsPerItem(racers.first()->contestant.method);
    });
}

void tellLast(const Comparison &comparison, QStringList &sentences)
{
    const Racers racers = byFigure(comparison, last);
    if (racers.size() < 2)
        return;
    const Racer &worst = *racers.last();
    const Racer::Spread quick = racers.first()->spread(last);
    const Racer::Spread slow = worst.spread(last);
    if (areAlike(quick.median, slow.median)) {
        const QString least = Wording::seconds(quick.median);
        const QString most = Wording::seconds(slow.median);
        QString sentence = least == most
                               ? tr("All ended together, after %1").arg(most)
                               : tr("All ended at about the same time, after %1 to %2").arg(least, most);
        if (differInMethodOnly(racers))
            sentence += tr(": the order of the results costs no time");
        sentences += sentence + QLatin1Char('.');
        return;
    }
    QStringList firstOnes;
    for (const Racer *const racer : racers)
        if (racer == racers.first() || !isQuicker(*racers.first(), *racer))
            firstOnes += nameOf(*racer);
    if (firstOnes.size() == racers.size())
        sentences += tr("%1 ended first, after %2, but the difference is within the noise of the rounds.")
                         .arg(nameOf(*racers.first()), Wording::seconds(quick.median));
    else
        sentences += tr("%1 ended first, after %2; %3 took %4 times as long.")
                         .arg(listOf(firstOnes), Wording::seconds(quick.median), nameOf(worst),
                              slow.median < 10 * quick.median
                                  ? QLocale::c().toString(slow.median / quick.median, 'f', 2)
                                  : Wording::times(slow.median / quick.median));
}

/// What a single round cannot say.
void tellNoise(const Comparison &comparison, QStringList &sentences)
{
    const Racers racers = byFigure(comparison, last);
    if (racers.size() < 2 || std::any_of(racers.begin(), racers.end(),
                                         [](const Racer *racer) { return racer->rounds.size() > 1; }))
        return;
    const double quick = racers.first()->spread(last).median;
    const bool isClose = !areAlike(quick, racers[1]->spread(last).median) &&
                         racers[1]->spread(last).median < closeRace * quick;
    if (quick < shortRace || isClose)
        sentences += tr("Each ran once: how much of a difference is noise is told by more rounds.");
}

void tellWaiting(const Comparison &comparison, QStringList &sentences)
{
    const Racers racers = byFigure(comparison, waited);
    if (racers.size() < 2)
        return;
    const double least = racers.first()->spread(waited).median;
    const double most = racers.last()->spread(waited).median;
    if (most < 2 * least + 2)
        return;
    sentences += tr("%1 held back %2 finished results at most, %3 %4.")
                     .arg(nameOf(*racers.last()), Wording::count(most), nameOf(*racers.first()),
                          least == 0 ? tr("none") : Wording::count(least));
}

void tellOrder(const Comparison &comparison, QStringList &sentences)
{
    QStringList inOrder;
    const Racer *most = nullptr;
    for (const Racer *const racer : byFigure(comparison, inversions)) {
        if (racer->spread(inversions).most == 0)
            inOrder += nameOf(*racer);
        else
            most = racer;
    }
    if (!inOrder.isEmpty() && most && most->spread(inversions).median > 1)
        sentences += tr("In the order of the input: %1. %2 handed out %3 pairs of results in another order.")
                         .arg(inOrder.join(QStringLiteral("; ")), nameOf(*most),
                              Wording::count(most->spread(inversions).median));
}

/// Seconds that an item itself takes, in the run that is played back; negative when that is not known.
double itemTime(const Racer &racer)
{
    if (!racer.replay || racer.replay->items().empty())
        return -1;
    double busy = 0;
    for (const RaceItem &item : racer.replay->items())
        busy += std::max(item.finished - item.started, 0.0);
    return busy / double(racer.replay->items().size());
}

/// A pool, or a loop that needs none?
void tellLoop(const Comparison &comparison, const Racer &pool, QStringList &sentences)
{
    const Racer *const loop = quickest(comparison, Way::PlainLoop);
    if (!loop)
        return;
    const double ratio = pool.spread(last).median / loop->spread(last).median;
    const double item = itemTime(*loop);
    if (item < 0)
        return;
    if (isQuicker(*loop, pool))
        sentences +=
            tr("No pool was needed: the plain loop was done %1 times sooner than %2, for an item took "
               "%3 and the pool added %4 to it.")
                .arg(Wording::times(ratio), nameOf(pool), Wording::seconds(item),
                     Wording::seconds((pool.spread(last).median - loop->spread(last).median) /
                                      double(comparison.items)));
    else if (isQuicker(pool, *loop))
        sentences += tr("The pool was worth it: %1 was done %2 times sooner than the plain loop, for an item "
                        "took %3.")
                         .arg(nameOf(pool), Wording::times(1 / ratio), Wording::seconds(item));
    else
        sentences += tr("%1 and the plain loop were done at about the same time.").arg(nameOf(pool));
}

void tellProcesses(const Comparison &comparison, const Racer &pool, QStringList &sentences)
{
    const Racer *const other = quickest(comparison, Way::ProcessPerItem);
    if (!other || !isQuicker(pool, *other))
        return;
    sentences +=
        tr("A process that lives on is worth it: %1, with %2 processes, was done %3 times sooner than a "
           "new process for every item, of which there were %4.")
            .arg(nameOf(pool), Wording::count(pool.spread(processes).median),
                 Wording::times(other->spread(last).median / pool.spread(last).median),
                 Wording::count(other->spread(processes).median));
}

void tellThreads(const Comparison &comparison, const Racer &pool, QStringList &sentences)
{
    const Racer *const threads = quickest(comparison, Way::Threads);
    if (!threads)
        return;
    const double ratio = threads->spread(last).median / pool.spread(last).median;
    if (isQuicker(pool, *threads))
        sentences += tr("Threads took %1 times as long as the processes of %2.")
                         .arg(Wording::times(ratio), nameOf(pool));
    else if (isQuicker(*threads, pool))
        sentences += tr("Threads were done %1 times sooner than the processes of %2.")
                         .arg(Wording::times(1 / ratio), nameOf(pool));
    else
        sentences += tr("Threads did as well as the processes of %1: %2 and %3.")
                         .arg(nameOf(pool), Wording::seconds(threads->spread(last).median),
                              Wording::seconds(pool.spread(last).median));
}

/// The same method of the real pool and of this one.
void tellRealPool(const Comparison &comparison, QStringList &sentences)
{
    for (const Racer *const real : byFigure(comparison, last)) {
        if (real->contestant.way != Way::PythonPool)
            continue;
        Contestant same = real->contestant;
        same.way = Way::Pool;
        const auto own = std::find_if(comparison.racers.begin(), comparison.racers.end(),
                                      [&same](const Racer &racer) { return racer.contestant == same; });
        if (own == comparison.racers.end() || !byFigure(comparison, last).contains(&*own))
            continue;
        const double ratio = real->spread(last).median / own->spread(last).median;
        if (isQuicker(*own, *real))
            sentences +=
                tr("%1 was done %2 times sooner than the real one.").arg(nameOf(*own), Wording::times(ratio));
        else if (isQuicker(*real, *own))
            sentences += tr("%1 was done %2 times sooner than that of this pool.")
                             .arg(nameOf(*real), Wording::times(1 / ratio));
        else
            sentences += tr("%1 and the real one were done at about the same time, after %2 and %3.")
                             .arg(nameOf(*own), Wording::seconds(own->spread(last).median),
                                  Wording::seconds(real->spread(last).median));
    }
}

} // namespace

QStringList sentences(const Comparison &comparison)
{
    QStringList sentences;
    if (comparison.items == 0)
        return {tr("The input has no items: there is nothing to compare.")};
    tellTrouble(comparison, sentences);
    tellFailures(comparison, sentences);
    tellFirst(comparison, sentences);
    tellLast(comparison, sentences);
    tellWaiting(comparison, sentences);
    tellOrder(comparison, sentences);
    const Racer *pool = quickest(comparison, Way::Pool);
    if (!pool)
        pool = quickest(comparison, Way::PythonPool);
    if (pool) {
        tellLoop(comparison, *pool, sentences);
        tellProcesses(comparison, *pool, sentences);
        tellThreads(comparison, *pool, sentences);
    }
    tellRealPool(comparison, sentences);
    tellNoise(comparison, sentences);
    return sentences;
}

} // namespace Poolscope::ComparisonText
