// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisoncsv.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace Poolscope::ComparisonCsv {

namespace {

QString quoted(const QString &text)
{
    const bool needsQuotes = std::any_of(text.begin(), text.end(), [](QChar letter) {
        return letter == u',' || letter == u'"' || letter == u'\n' || letter == u'\r';
    });
    if (!needsQuotes)
        return text;
    QString doubled = text;
    doubled.replace(QLatin1Char('"'), QLatin1String("\"\""));
    return QLatin1Char('"') + doubled + QLatin1Char('"');
}

QString number(double value)
{
    return QString::number(value, 'g', QLocale::FloatingPointShortest);
}

QString number(std::uint64_t value)
{
    return QString::number(qulonglong(value));
}

QString moment(double seconds)
{
    return seconds < 0 ? QString() : number(seconds);
}

/// \param fields  already quoted where they need it
void addLine(QByteArray &table, const QStringList &fields)
{
    table += fields.join(QLatin1Char(',')).toUtf8() + '\n';
}

} // namespace

QByteArray figures(const Comparison &comparison)
{
    // The names of the summary, so that one program reads both.
    QByteArray table = "contestant,round,processes,chunksize,first_result_s,half_s,makespan_s,"
                       "throughput_per_s,peak_buffered_results,inversions,utilisation_ratio,"
                       "overhead_per_item_s,processes_started,peak_memory_bytes,ok,failed,"
                       "outcome,message\n";
    for (const Racer &racer : comparison.racers) {
        std::uint64_t place = 0;
        for (const RaceRound &round : racer.rounds) {
            const RaceFigures &own = round.figures;
            const int processes = racer.contestant.processes.value_or(comparison.processes);
            addLine(table, {quoted(racer.contestant.name()), number(++place), QString::number(processes),
                            number(round.chunksize), number(own.first), number(own.half), number(own.last),
                            number(own.throughput), number(own.mostWaited), number(own.inversions),
                            number(own.utilisation), number(own.overhead), number(round.processesStarted),
                            round.peakMemory > 0 ? number(round.peakMemory) : QString(), number(round.ok),
                            number(round.failed), outcomeName(round.outcome), quoted(round.message)});
        }
    }
    return table;
}

QByteArray deliveries(const Comparison &comparison)
{
    QByteArray table = "contestant,index,worker,started_s,finished_s,delivered_s,status\n";
    for (const Racer &racer : comparison.racers) {
        if (!racer.replay)
            continue;
        const QString name = quoted(racer.contestant.name());
        for (const RaceItem &item : racer.replay->items())
            addLine(table,
                    {name, number(item.index), number(std::uint64_t(item.worker)), moment(item.started),
                     item.started < 0 ? QString() : moment(item.finished), number(item.delivered),
                     item.ok ? QStringLiteral("ok") : QStringLiteral("failed")});
    }
    return table;
}

} // namespace Poolscope::ComparisonCsv
