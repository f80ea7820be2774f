// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/replaypage.h"

#include "core/comparison/comparisontext.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QtEndian>

#include <algorithm>
#include <initializer_list>
#include <utility>

// Outside of every namespace, as Qt asks: the linker drops the resources of a static library that nothing
// names.
static void loadTemplate()
{
    Q_INIT_RESOURCE(replay);
}

namespace Poolscope::ReplayPage {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::ReplayPage", text);
}

QByteArray part(const char *name)
{
    QFile file(QStringLiteral(":/comparison/") + QLatin1String(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Exact, and much smaller and quicker to read than digits: base64 of the numbers, lowest byte first.
template <typename Number, typename Member>
QString packed(const std::vector<RaceItem> &items, Member member)
{
    QByteArray bytes(qsizetype(items.size() * sizeof(Number)), Qt::Uninitialized);
    char *to = bytes.data();
    for (const RaceItem &item : items) {
        qToLittleEndian(Number(item.*member), to);
        to += sizeof(Number);
    }
    return QString::fromLatin1(bytes.toBase64());
}

QJsonObject toJson(const Racer &racer)
{
    static const std::vector<RaceItem> none;
    const std::vector<RaceItem> &items = racer.replay ? racer.replay->items() : none;
    QJsonArray failed;
    for (std::size_t position = 0; position < items.size(); ++position)
        if (!items[position].ok)
            failed.append(qint64(position));
    return {{QStringLiteral("name"), racer.contestant.name()},
            {QStringLiteral("trouble"), racer.trouble() ? ComparisonText::outcomeText(racer) : QString()},
            {QStringLiteral("workers"), racer.replay ? qint64(racer.replay->workers()) : 0},
            {QStringLiteral("index"), packed<std::uint32_t>(items, &RaceItem::index)},
            {QStringLiteral("worker"), packed<std::uint32_t>(items, &RaceItem::worker)},
            {QStringLiteral("started"), packed<double>(items, &RaceItem::started)},
            {QStringLiteral("finished"), packed<double>(items, &RaceItem::finished)},
            {QStringLiteral("delivered"), packed<double>(items, &RaceItem::delivered)},
            {QStringLiteral("failed"), failed}};
}

int roundsOf(const Comparison &comparison)
{
    std::size_t rounds = 0;
    for (const Racer &racer : comparison.racers)
        rounds = std::max(rounds, racer.rounds.size());
    return int(rounds);
}

QJsonObject figures(const Comparison &comparison)
{
    QJsonArray head = {tr("Figure")};
    for (const Racer &racer : comparison.racers)
        head.append(racer.contestant.name());
    QJsonArray rows;
    const QList<ComparisonText::Row> all = ComparisonText::rows(comparison);
    for (const ComparisonText::Row &row : all)
        rows.append(QJsonObject{{QStringLiteral("name"), row.name},
                                {QStringLiteral("explanation"), row.explanation},
                                {QStringLiteral("why"), row.why},
                                {QStringLiteral("values"), QJsonArray::fromStringList(row.values)},
                                {QStringLiteral("best"),
                                 row.best ? QJsonValue(qint64(*row.best)) : QJsonValue(QJsonValue::Null)}});
    const int rounds = roundsOf(comparison);
    return {{QStringLiteral("caption"),
             rounds > 1 ? tr("Figures: medians of %1 rounds, with their spread").arg(rounds) : tr("Figures")},
            {QStringLiteral("head"), head},
            {QStringLiteral("rows"), rows}};
}

QString titleOf(const Comparison &comparison)
{
    QStringList names;
    for (const Racer &racer : comparison.racers)
        names += racer.contestant.name();
    // A name may hold a comma of its own.
    return tr("%1: %2").arg(comparison.task, names.join(tr(" · ")));
}

QJsonArray facts(const Comparison &comparison)
{
    QJsonArray facts;
    const auto add = [&facts](const QString &name, const QString &value) {
        facts.append(QJsonArray{name, value});
    };
    const QLocale english(QLocale::English); // as in the figures
    add(tr("Task"), comparison.task);
    add(tr("Input"), comparison.input);
    add(tr("Items"), english.toString(qulonglong(comparison.items)));
    add(tr("Processes"), QString::number(comparison.processes));
    if (const int rounds = roundsOf(comparison); rounds > 1)
        add(tr("Rounds"), tr("%1, of which the middle one is played back").arg(rounds));
    return facts;
}

QJsonObject words()
{
    return {
        {QStringLiteral("race"), tr("Race")},
        {QStringLiteral("transport"), tr("Playback")},
        {QStringLiteral("play"), tr("Play")},
        {QStringLiteral("pause"), tr("Pause")},
        {QStringLiteral("restart"), tr("Restart")},
        {QStringLiteral("nextDelivery"), tr("Next delivery")},
        {QStringLiteral("scrubber"), tr("Scrubber")},
        {QStringLiteral("speed"), tr("Speed")},
        {QStringLiteral("time"), tr("%1 / %2")},
        {QStringLiteral("delivered"), tr("%1 of %2")},
        {QStringLiteral("wait"), tr("%1 wait")},
        {QStringLiteral("lane"), tr("%1: %2 of %3 handed out, %4 wait")},
        {QStringLiteral("rampKey"), tr("first to last item of the input")},
        {QStringLiteral("waitingKey"), tr("finished, waits to be handed out")},
        {QStringLiteral("failedKey"), tr("failed")},
        {QStringLiteral("deliveredChart"), tr("Results handed out")},
        {QStringLiteral("waitingChart"), tr("Finished results that wait")},
        {QStringLiteral("differs"), tr("What differs")},
        {QStringLiteral("best"), tr("best")},
        {QStringLiteral("footer"),
         tr("Recorded by Poolscope from real runs. This page holds all of it and works without a network.")},
        {QStringLiteral("keys"),
         tr("Space plays and pauses, the arrow keys go from delivery to delivery, Home and End to either "
            "end.")}};
}

QByteArray hashOf(const QByteArray &text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toBase64();
}

QByteArray escaped(const QString &text)
{
    return text.toHtmlEscaped().toUtf8();
}

} // namespace

QJsonObject data(const Comparison &comparison)
{
    QJsonArray contestants;
    for (const Racer &racer : comparison.racers)
        contestants.append(toJson(racer));
    return {{QStringLiteral("format"), QStringLiteral("poolscope replay")},
            {QStringLiteral("version"), 1},
            {QStringLiteral("title"), titleOf(comparison)},
            {QStringLiteral("facts"), facts(comparison)},
            {QStringLiteral("items"), qint64(comparison.items)},
            {QStringLiteral("contestants"), contestants},
            {QStringLiteral("figures"), figures(comparison)},
            {QStringLiteral("sentences"), QJsonArray::fromStringList(ComparisonText::sentences(comparison))},
            {QStringLiteral("words"), words()}};
}

QByteArray embeddable(const QJsonObject &json)
{
    // Inside of JSON these stand in texts only, where an escape means the same.
    return QJsonDocument(json)
        .toJson(QJsonDocument::Compact)
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace("\xe2\x80\xa8", "\\u2028")
        .replace("\xe2\x80\xa9", "\\u2029");
}

QByteArray html(const Comparison &comparison)
{
    loadTemplate();
    const QByteArray style = part("replay.css");
    QByteArray script;
    for (const char *name : {"model.js", "drawing.js", "lane.js", "chart.js", "clock.js", "page.js"})
        script += part(name);
    const QByteArray page = part("replay.html");
    const std::initializer_list<std::pair<QByteArray, QByteArray>> values = {
        //: The code of the language that this is translated to, as HTML names it
        {"LANGUAGE", escaped(tr("en"))},
        // Nothing else is run or obeyed, not even what slipped in through a text.
        {"SCRIPT_HASH", hashOf(script)},
        {"STYLE_HASH", hashOf(style)},
        {"TITLE", escaped(titleOf(comparison))},
        {"STYLE", style},
        {"NEEDS_SCRIPT",
         escaped(tr("To play the comparison back, the browser must be allowed to run scripts."))},
        {"DATA", embeddable(data(comparison))},
        {"SCRIPT", script}};
    // In one pass: a text may hold what looks like a place for another.
    QByteArray result;
    qsizetype reached = 0;
    while (true) {
        const qsizetype begin = page.indexOf('@', reached);
        const qsizetype end = begin < 0 ? -1 : page.indexOf('@', begin + 1);
        result += page.mid(reached, begin < 0 ? -1 : begin - reached);
        if (end < 0)
            return result;
        const QByteArray name = page.mid(begin + 1, end - begin - 1);
        for (const auto &[key, value] : values)
            if (key == name)
                result += value;
        reached = end + 1;
    }
}

} // namespace Poolscope::ReplayPage
