// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisoncsv.h"
#include "core/comparison/comparisonexport.h"
#include "core/comparison/comparisontext.h"
#include "core/comparison/replaypage.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QtEndian>
#include <QtTest>

#include <cstring>

using namespace Poolscope;

namespace {

// What would be markup, the end of the data, or the end of a line, were it taken literally.
const QString hostile =
    QStringLiteral("</script><img src=x onerror=alert(1)><!-- @SCRIPT@ \u2028\u2029 & \"quoted\", é");

Comparison scripted()
{
    Comparison comparison;
    comparison.task = hostile;
    comparison.input = hostile;
    comparison.items = 3;
    comparison.processes = 2;
    std::vector<RaceItem> items = {
        {.index = 1, .worker = 1, .started = 0, .finished = 0.1, .delivered = 0.125},
        {.index = 0, .worker = 0, .started = 0, .finished = 1.0 / 3, .delivered = 0.5},
        {.index = 2, .worker = 0, .started = -1, .finished = -1, .delivered = 0.5, .ok = false}};
    Racer racer{.contestant = {.method = Method::ImapUnordered, .chunksize = {ChunkChoice::Kind::Items, 4}},
                .rounds = {},
                .replay = Replay(items, 2)};
    for (const double makespan : {0.5, 0.75})
        racer.rounds.push_back({.figures = {.first = 0.125,
                                            .half = 1.0 / 3,
                                            .last = makespan,
                                            .throughput = 3 / makespan,
                                            .mostWaited = 1,
                                            .inversions = 1,
                                            .utilisation = 0.5,
                                            .overhead = 1e-6},
                                .processesStarted = 2,
                                .chunksize = 4,
                                .ok = 2,
                                .failed = 1});
    comparison.racers.push_back(racer);
    comparison.racers.push_back(
        {.contestant = {.method = Method::Map, .processes = 3}, .rounds = racer.rounds, .replay = {}});
    return comparison;
}

/// The parts of the page between the tags that begin and end so.
QByteArrayList between(const QByteArray &page, const QByteArray &begin, const QByteArray &end)
{
    QByteArrayList parts;
    for (qsizetype at = page.indexOf(begin); at >= 0; at = page.indexOf(begin, at)) {
        at += begin.size();
        parts += page.mid(at, page.indexOf(end, at) - at);
    }
    return parts;
}

double numberAt(const QJsonValue &packed, int place)
{
    const QByteArray bytes = QByteArray::fromBase64(packed.toString().toLatin1());
    const auto bits = qFromLittleEndian<quint64>(bytes.constData() + place * 8);
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    return number;
}

} // namespace

class ComparisonExportTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aNameSaysTheFormat_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("format");
        QTest::addColumn<bool>("isPicture");
        using ComparisonExport::Format;
        QTest::newRow("json") << "race.json" << int(Format::Comparison) << false;
        QTest::newRow("html") << "/a/race.HTML" << int(Format::WebPage) << false;
        QTest::newRow("htm") << "race.htm" << int(Format::WebPage) << false;
        QTest::newRow("csv") << "race.csv" << int(Format::Figures) << false;
        QTest::newRow("items") << "race-items.csv" << int(Format::Deliveries) << false;
        QTest::newRow("another") << "race.html.save" << int(Format::Comparison) << false;
        QTest::newRow("picture") << "race.Png" << int(Format::Comparison) << true;
    }
    void aNameSaysTheFormat()
    {
        QFETCH(const QString, file);
        QFETCH(const int, format);
        QFETCH(const bool, isPicture);
        QCOMPARE(int(ComparisonExport::formatOf(file)), format);
        QCOMPARE(ComparisonExport::isPicture(file), isPicture);
    }

    void thePageHoldsTheVeryTimes()
    {
        const Comparison comparison = scripted();
        const QByteArrayList parts = between(ReplayPage::html(comparison), "id=\"data\">", "</script>");
        QCOMPARE(parts.size(), 1);
        const QJsonObject data = QJsonDocument::fromJson(parts.first()).object();
        QCOMPARE(data, ReplayPage::data(comparison));
        const QJsonArray contestants = data.value(u"contestants").toArray();
        QCOMPARE(contestants.size(), 2);
        const QJsonObject first = contestants.first().toObject();
        const std::vector<RaceItem> &items = comparison.racers.front().replay->items();
        for (int place = 0; place < int(items.size()); ++place) {
            QCOMPARE(numberAt(first.value(u"started"), place), items[std::size_t(place)].started);
            QCOMPARE(numberAt(first.value(u"finished"), place), items[std::size_t(place)].finished);
            QCOMPARE(numberAt(first.value(u"delivered"), place), items[std::size_t(place)].delivered);
        }
        QCOMPARE(first.value(u"failed").toArray(), QJsonArray{2});
        QCOMPARE(first.value(u"name").toString(), QStringLiteral("imap_unordered, chunksize 4"));
        QCOMPARE(data.value(u"facts").toArray().first().toArray().last().toString(), hostile);
        const QJsonArray rows = data.value(u"figures")[u"rows"].toArray();
        const QList<ComparisonText::Row> told = ComparisonText::rows(comparison);
        QCOMPARE(rows.size(), told.size());
        for (qsizetype row = 0; row < told.size(); ++row)
            QCOMPARE(rows.at(row).toObject().value(u"values").toArray(),
                     QJsonArray::fromStringList(told.at(row).values));
    }

    void textsAreNoMarkupInThePage()
    {
        const QByteArray page = ReplayPage::html(scripted());
        QVERIFY(!page.contains("<img"));
        QCOMPARE(page.count("<!--"), 1); // the page's own
        QCOMPARE(page.count("</script>"), 2);
        const QByteArray data = between(page, "id=\"data\">", "</script>").value(0);
        QVERIFY(!data.contains('<'));
        QVERIFY(!data.contains("\xe2\x80\xa8"));
        QVERIFY(!data.contains("\xe2\x80\xa9"));
        const QByteArrayList titles = between(page, "<title>", "</title>");
        QCOMPARE(titles.size(), 1);
        QVERIFY(titles.first().startsWith("&lt;/script&gt;&lt;img src=x"));
        // Every place was filled, and none that a text only seems to have: it stands as often as the text
        // does.
        QCOMPARE(page.count("@SCRIPT@"), page.count("onerror"));
        for (const char *place : {"@DATA@", "@STYLE@", "@TITLE@", "@LANGUAGE@", "HASH@", "@NEEDS_SCRIPT@"})
            QVERIFY2(!page.contains(place), place);
    }

    void thePageRunsItsOwnScriptOnly()
    {
        const QByteArray page = ReplayPage::html(scripted());
        const QByteArray script = between(page, "<script>", "</script>").value(0);
        QVERIFY(script.size() > 10'000);
        const QByteArray hash = QCryptographicHash::hash(script, QCryptographicHash::Sha256).toBase64();
        QVERIFY(page.contains("script-src 'sha256-" + hash + "'"));
        QVERIFY(page.contains("default-src 'none'"));
        for (const char *address : {"src=\"", "href=\"http", "url(", "@import", "innerHTML", "fetch("})
            QVERIFY2(!page.contains(address), address);
    }

    void figuresAreATable()
    {
        const QList<QByteArray> lines = ComparisonCsv::figures(scripted()).split('\n');
        QCOMPARE(lines.size(), 6); // two contestants, two rounds
        QVERIFY(lines.at(0).startsWith("contestant,round,processes,chunksize,first_result_s,"));
        QCOMPARE(lines.at(1),
                 QByteArray("\"imap_unordered, chunksize 4\",1,2,4,0.125,0.3333333333333333,0.5,6,1,1,"
                            "0.5,1e-06,2,,2,1,ended,"));
        QCOMPARE(
            lines.at(4),
            QByteArray(
                "\"map, processes 3\",2,3,4,0.125,0.3333333333333333,0.75,4,1,1,0.5,1e-06,2,,2,1,ended,"));
        QCOMPARE(lines.at(0).count(','), lines.at(1).count(',') - 1); // that in the name
    }

    void deliveriesAreATable()
    {
        QCOMPARE(ComparisonCsv::deliveries(scripted()),
                 QByteArray("contestant,index,worker,started_s,finished_s,delivered_s,status\n"
                            "\"imap_unordered, chunksize 4\",1,1,0,0.1,0.125,ok\n"
                            "\"imap_unordered, chunksize 4\",0,0,0,0.3333333333333333,0.5,ok\n"
                            "\"imap_unordered, chunksize 4\",2,0,,,0.5,failed\n"));
    }

    void filesAreReplacedAsAWhole()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("race.csv"));
        const Comparison comparison = scripted();
        ComparisonExport::write(comparison, ComparisonExport::Format::Deliveries, file);
        ComparisonExport::write(comparison, ComparisonExport::Format::Figures, file);
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(written.readAll(), ComparisonCsv::figures(comparison));
        try {
            ComparisonExport::write(comparison, ComparisonExport::Format::WebPage,
                                    QStringLiteral("/nowhere/at/all.html"));
            QFAIL("it was written");
        } catch (const ComparisonError &error) {
            QVERIFY(error.message().contains(QStringLiteral("/nowhere/at/all.html")));
        }
    }
};

QTEST_GUILESS_MAIN(ComparisonExportTest)
#include "tst_comparisonexport.moc"
