// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparison.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

#include <algorithm>
#include <cmath>
#include <limits>

namespace Poolscope {

namespace {

constexpr auto formatName = "poolscope comparison";
/// 1 had methods of the pool only, and neither outcomes nor memory.
constexpr int formatVersion = 2;
constexpr int oldestVersion = 1;
constexpr double enoughOfMost = 0.99;
constexpr std::size_t fewRounds = 5;

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::Comparison", text);
}

QJsonValue orNull(const std::optional<int> &value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

std::optional<int> orNothing(const QJsonValue &value)
{
    return value.isDouble() ? std::optional(value.toInt()) : std::nullopt;
}

RaceOutcome outcomeFrom(const QString &name)
{
    return name == outcomeName(RaceOutcome::Hung)     ? RaceOutcome::Hung
           : name == outcomeName(RaceOutcome::Failed) ? RaceOutcome::Failed
                                                      : RaceOutcome::Ended;
}

std::optional<Way> wayFrom(const QString &name)
{
    for (const Way way : {Way::Pool, Way::PythonPool, Way::PlainLoop, Way::ProcessPerItem, Way::Threads})
        if (name == wayName(way))
            return way;
    return std::nullopt;
}

QJsonValue toJson(const ChunkChoice &chunksize)
{
    if (chunksize.kind == ChunkChoice::Kind::OfJob)
        return QJsonValue::Null;
    return chunksize.kind == ChunkChoice::Kind::Items ? QJsonValue(chunksize.items)
                                                      : QJsonValue(chunksize.text());
}

ChunkChoice chunksFrom(const QJsonValue &value)
{
    if (value.isString())
        return ChunkChoice::fromText(value.toString()).value_or(ChunkChoice());
    return value.isDouble() ? ChunkChoice{ChunkChoice::Kind::Items, std::max(value.toInt(), 1)}
                            : ChunkChoice();
}

QJsonObject toJson(const Contestant &contestant)
{
    const std::string_view method = methodName(contestant.method);
    return {{QStringLiteral("name"), contestant.name()},
            {QStringLiteral("way"), wayName(contestant.way)},
            {QStringLiteral("method"),
             hasMethod(contestant.way)
                 ? QJsonValue(QString::fromLatin1(method.data(), qsizetype(method.size())))
                 : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("chunksize"), toJson(contestant.chunksize)},
            {QStringLiteral("processes"), orNull(contestant.processes)}};
}

Contestant contestantFrom(const QJsonObject &json)
{
    Contestant contestant;
    const QString name = json.value(QLatin1String("way")).toString(wayName(Way::Pool));
    const std::optional<Way> way = wayFrom(name);
    if (!way)
        throw ComparisonError(tr("it names a way “%1” that is not known here").arg(name));
    contestant.way = *way;
    if (hasMethod(contestant.way)) {
        const QString methodText = json.value(QLatin1String("method")).toString();
        const auto method = methodFromName(methodText.toStdString());
        if (!method)
            throw ComparisonError(tr("it names a method “%1” that is not known here").arg(methodText));
        contestant.method = *method;
    }
    contestant.chunksize = chunksFrom(json.value(QLatin1String("chunksize")));
    contestant.processes = orNothing(json.value(QLatin1String("processes")));
    return contestant;
}

QJsonObject toJson(const RaceRound &round)
{
    const RaceFigures &figures = round.figures;
    return {{QStringLiteral("first_result"), figures.first},
            {QStringLiteral("half"), figures.half},
            {QStringLiteral("makespan"), figures.last},
            {QStringLiteral("throughput"), figures.throughput},
            {QStringLiteral("peak_buffered_results"), qint64(figures.mostWaited)},
            {QStringLiteral("inversions"), qint64(figures.inversions)},
            {QStringLiteral("utilisation"), figures.utilisation},
            {QStringLiteral("overhead_per_item"), figures.overhead},
            {QStringLiteral("processes_started"), qint64(round.processesStarted)},
            {QStringLiteral("chunksize"), qint64(round.chunksize)},
            {QStringLiteral("peak_memory_bytes"),
             round.peakMemory > 0 ? QJsonValue(qint64(round.peakMemory)) : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("ok"), qint64(round.ok)},
            {QStringLiteral("failed"), qint64(round.failed)},
            {QStringLiteral("outcome"), outcomeName(round.outcome)},
            {QStringLiteral("message"), round.message}};
}

/// What others may have written there is not to be calculated with.
bool isNumber(double number)
{
    constexpr double most = 9.0e15; // below 2^53: a whole number that a double tells from its neighbours
    return std::isfinite(number) && number >= 0 && number <= most;
}

RaceRound roundFrom(const QJsonObject &json)
{
    const auto number = [&json](const char *name) {
        const double value = json.value(QLatin1String(name)).toDouble();
        if (!isNumber(value))
            throw ComparisonError(tr("%1 is no number that can be meant").arg(QLatin1String(name)));
        return value;
    };
    RaceRound round;
    round.figures = {.first = number("first_result"),
                     .half = number("half"),
                     .last = number("makespan"),
                     .throughput = number("throughput"),
                     .mostWaited = std::uint64_t(number("peak_buffered_results")),
                     .inversions = std::uint64_t(number("inversions")),
                     .utilisation = number("utilisation"),
                     .overhead = number("overhead_per_item")};
    round.processesStarted = std::uint64_t(number("processes_started"));
    round.chunksize = std::uint64_t(number("chunksize"));
    round.ok = std::uint64_t(number("ok"));
    round.failed = std::uint64_t(number("failed"));
    round.peakMemory = std::uint64_t(number("peak_memory_bytes"));
    round.outcome = outcomeFrom(json.value(QLatin1String("outcome")).toString());
    round.message = json.value(QLatin1String("message")).toString();
    return round;
}

/// An item is an array, in the order in which it was handed out: there may be a million of them.
QJsonArray toJson(const RaceItem &item)
{
    return {qint64(item.index), qint64(item.worker), item.started, item.finished, item.delivered, item.ok};
}

RaceItem itemFrom(const QJsonArray &json, std::uint64_t items, std::uint32_t workers)
{
    if (json.size() != 6 || !json.at(0).isDouble() || !json.at(5).isBool())
        throw ComparisonError(tr("an item is no list of index, worker, three times and whether it is ok"));
    const double index = json.at(0).toDouble();
    const double worker = json.at(1).toDouble();
    const RaceItem item = {.index = isNumber(index) ? std::uint64_t(index) : items,
                           .worker = isNumber(worker) && worker < workers ? std::uint32_t(worker) : workers,
                           .started = json.at(2).toDouble(-1),
                           .finished = json.at(3).toDouble(-1),
                           .delivered = json.at(4).toDouble(-1),
                           .ok = json.at(5).toBool()};
    const bool hasRun = item.started >= 0;
    if (item.index >= items || item.worker == workers || !isNumber(item.delivered) ||
        (hasRun && (!isNumber(item.started) || !isNumber(item.finished) || item.finished < item.started)))
        throw ComparisonError(
            tr("item %1 cannot have been run by worker %2 from %3 to %4 and handed out at %5")
                .arg(json.at(0).toVariant().toString(), json.at(1).toVariant().toString(),
                     json.at(2).toVariant().toString(), json.at(3).toVariant().toString(),
                     json.at(4).toVariant().toString()));
    return item;
}

} // namespace

QString outcomeName(RaceOutcome outcome)
{
    switch (outcome) {
    case RaceOutcome::Ended:
        return QStringLiteral("ended");
    case RaceOutcome::Hung:
        return QStringLiteral("hung");
    case RaceOutcome::Failed:
        return QStringLiteral("failed");
    }
    Q_UNREACHABLE();
}

Racer::Spread Racer::spread(double (*figure)(const RaceRound &)) const
{
    std::vector<double> values;
    for (const RaceRound &round : rounds)
        values.push_back(figure(round));
    if (values.empty())
        return {};
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    const std::size_t outer = values.size() < fewRounds ? 0 : values.size() / 4;
    return {median, values.front(), values.back(), values[outer], values[values.size() - 1 - outer]};
}

const RaceRound *Racer::trouble() const
{
    const auto found = std::find_if(rounds.begin(), rounds.end(), [](const RaceRound &round) {
        return round.outcome != RaceOutcome::Ended;
    });
    return found == rounds.end() ? nullptr : &*found;
}

std::vector<const Racer *> Comparison::comparable() const
{
    const auto ok = [](const Racer &racer) {
        return racer.spread([](const RaceRound &round) { return double(round.ok); }).median;
    };
    std::vector<const Racer *> ended;
    double most = 0;
    for (const Racer &racer : racers) {
        if (racer.rounds.empty() || racer.trouble())
            continue;
        ended.push_back(&racer);
        most = std::max(most, ok(racer));
    }
    std::erase_if(ended, [&](const Racer *racer) { return ok(*racer) < enoughOfMost * most; });
    return ended;
}

Comparison Comparison::measured() const
{
    Comparison measured = *this;
    std::erase_if(measured.racers, [](const Racer &racer) { return racer.rounds.empty(); });
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (const Racer &racer : measured.racers)
        if (!racer.trouble())
            least = std::min(least, racer.rounds.size());
    for (Racer &racer : measured.racers)
        if (!racer.trouble() && racer.rounds.size() > least)
            racer.rounds.resize(least);
    return measured;
}

QJsonObject Comparison::toJson() const
{
    QJsonArray contestants;
    for (const Racer &racer : racers) {
        QJsonArray rounds;
        for (const RaceRound &round : racer.rounds)
            rounds.append(Poolscope::toJson(round));
        QJsonArray replay;
        if (racer.replay)
            for (const RaceItem &item : racer.replay->items())
                replay.append(Poolscope::toJson(item));
        QJsonObject contestant = Poolscope::toJson(racer.contestant);
        contestant.insert(QStringLiteral("workers"), racer.replay ? qint64(racer.replay->workers()) : 0);
        contestant.insert(QStringLiteral("rounds"), rounds);
        contestant.insert(QStringLiteral("items"), replay);
        contestants.append(contestant);
    }
    return {{QStringLiteral("format"), QLatin1String(formatName)},
            {QStringLiteral("version"), formatVersion},
            {QStringLiteral("task"), task},
            {QStringLiteral("input"), input},
            {QStringLiteral("items"), qint64(items)},
            {QStringLiteral("processes"), processes},
            {QStringLiteral("contestants"), contestants}};
}

Comparison Comparison::fromJson(const QJsonObject &json)
{
    if (json.value(QLatin1String("format")).toString() != QLatin1String(formatName))
        throw ComparisonError(tr("it is no comparison: choose a file that a comparison was saved to"));
    if (const int version = json.value(QLatin1String("version")).toInt();
        version < oldestVersion || version > formatVersion)
        throw ComparisonError(tr("it was saved by another version, in a way that this one cannot read"));
    Comparison comparison;
    comparison.task = json.value(QLatin1String("task")).toString();
    comparison.input = json.value(QLatin1String("input")).toString();
    comparison.items = std::uint64_t(std::max<qint64>(json.value(QLatin1String("items")).toInteger(), 0));
    comparison.processes = json.value(QLatin1String("processes")).toInt();
    const QJsonArray contestants = json.value(QLatin1String("contestants")).toArray();
    for (const QJsonValue &value : contestants) {
        const QJsonObject contestant = value.toObject();
        Racer racer;
        racer.contestant = contestantFrom(contestant);
        const QJsonArray rounds = contestant.value(QLatin1String("rounds")).toArray();
        for (const QJsonValue &round : rounds)
            racer.rounds.push_back(roundFrom(round.toObject()));
        const int workers = contestant.value(QLatin1String("workers")).toInt(1);
        if (workers < 0 || workers > maximumProcesses)
            throw ComparisonError(tr("a contestant with %1 workers").arg(workers));
        std::vector<RaceItem> items;
        const QJsonArray replay = contestant.value(QLatin1String("items")).toArray();
        for (const QJsonValue &item : replay)
            items.push_back(itemFrom(item.toArray(), comparison.items, std::uint32_t(std::max(workers, 1))));
        racer.replay.emplace(std::move(items), std::uint32_t(std::max(workers, 1)));
        comparison.racers.push_back(std::move(racer));
    }
    return comparison;
}

void Comparison::save(const QString &file) const
{
    QSaveFile target(file);
    const QByteArray bytes = QJsonDocument(toJson()).toJson(QJsonDocument::Compact) + '\n';
    if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size() || !target.commit())
        throw ComparisonError(tr("%1 cannot be written: %2").arg(file, target.errorString()));
}

Comparison Comparison::open(const QString &file)
{
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        throw ComparisonError(tr("%1 cannot be read: %2").arg(file, source.errorString()));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(source.readAll(), &error);
    if (!document.isObject())
        throw ComparisonError(
            tr("%1 is no comparison: it is no JSON object (%2)").arg(file, error.errorString()));
    try {
        return fromJson(document.object());
    } catch (const ComparisonError &problem) {
        throw ComparisonError(tr("%1: %2").arg(file, problem.message()));
    }
}

} // namespace Poolscope
