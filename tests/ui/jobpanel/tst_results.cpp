// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/recordwriter.h"
#include "ui/window/resultsexport.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Poolscope;

namespace {

/// A finished run with results of a known number.
class ManyResults final : public RunFeed
{
public:
    explicit ManyResults(std::size_t items) : m_items(items) {}

    const JobSpec &spec() const override { return m_spec; }
    RunSnapshot snapshot() const override { return {}; }
    bool isOver() const override { return true; }
    void pause() override {}
    void resume() override {}
    void stop() override {}
    std::vector<ItemRecord> completed(std::size_t, std::size_t) const override { return {}; }
    std::vector<ItemRecord> failures(std::size_t, std::size_t) const override { return {}; }
    std::vector<LogLine> log(std::size_t, std::size_t) const override { return {}; }
    std::vector<ItemRecord> delivered(std::size_t from, std::size_t most) const override
    {
        std::vector<ItemRecord> records;
        for (std::size_t index = from; index < std::min(m_items, from + most); ++index) {
            ItemRecord record;
            record.index = index;
            record.value = std::to_string(index * index);
            records.push_back(record);
        }
        return records;
    }

private:
    JobSpec m_spec;
    std::size_t m_items;
};

ItemRecord okRecord(const char *value)
{
    ItemRecord record;
    record.index = 3;
    record.chunk = 1;
    record.worker = 2;
    record.pid = 4711;
    record.started = 0.5;
    record.finished = 0.75;
    record.delivered = 1;
    record.value = value;
    return record;
}

ItemRecord failedRecord(ItemStatus status, const char *error)
{
    ItemRecord record = okRecord(error);
    record.status = status;
    return record;
}

QByteArray resultLine(const ItemRecord &record, RecordFormat format)
{
    std::string line;
    appendRecord(line, record, format);
    return QByteArray::fromStdString(line);
}

QByteArray readAll(const QString &file)
{
    QFile reader(file);
    return reader.open(QIODevice::ReadOnly) ? reader.readAll() : QByteArray("not there");
}

} // namespace

class ResultsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void valuesStandInTheTableAsPeopleReadThem_data();
    void valuesStandInTheTableAsPeopleReadThem();
    void aFailureSaysItsTypeAndMessageInTheTable();
    void aJsonLineIsTheRecordOfTheContract();
    void aLostItemSaysHowItsWorkerEnded();
    void anItemThatNeverRanHasNoWorkerAndNoTimes();
    void everyResultIsWrittenOnceInManyTurns();
    void aPlaceThatCannotBeWrittenIsNamed();
    void aCancelledExportLeavesNoFile();
};

void ResultsTest::valuesStandInTheTableAsPeopleReadThem_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("cell");
    QTest::newRow("number") << QByteArray("9") << QByteArray("9");
    QTest::newRow("all digits") << QByteArray("12345678901234567890123")
                                << QByteArray("12345678901234567890123");
    QTest::newRow("text") << QByteArray("\"a word\"") << QByteArray("a word");
    QTest::newRow("separator") << QByteArray("\"a,b\"") << QByteArray("\"a,b\"");
    QTest::newRow("quote") << QByteArray(R"("say \"x\"")") << QByteArray(R"("say ""x""")");
    QTest::newRow("line break") << QByteArray(R"("a\nb")") << QByteArray("\"a\nb\"");
    QTest::newRow("letters of any script") << QByteArray("\"жé\"") << QByteArray("жé");
    QTest::newRow("half a surrogate pair stays what it is")
        << QByteArray(R"("\ud800")") << QByteArray(R"("""\ud800""")");
    QTest::newRow("a mark at the start") << QByteArray("\"\xEF\xBB\xBFx\"") << QByteArray("\xEF\xBB\xBFx");
    QTest::newRow("array") << QByteArray("[1,2]") << QByteArray("\"[1,2]\"");
    QTest::newRow("nothing") << QByteArray("null") << QByteArray("null");
}

void ResultsTest::valuesStandInTheTableAsPeopleReadThem()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, cell);
    QCOMPARE(resultLine(okRecord(value.constData()), RecordFormat::Csv),
             "3,ok," + cell + ",,,2,4711,1,0.500000,0.750000,1.000000\n");
    QCOMPARE(QByteArray(recordsHeader(RecordFormat::Csv).data()).count(','), 10);
}

void ResultsTest::aFailureSaysItsTypeAndMessageInTheTable()
{
    const ItemRecord record =
        failedRecord(ItemStatus::Error, R"({"type":"ValueError","message":"bad, very","traceback":"…"})");
    QCOMPARE(resultLine(record, RecordFormat::Csv),
             QByteArray("3,error,,ValueError,\"bad, very\",2,4711,1,0.500000,0.750000,1.000000\n"));
}

void ResultsTest::aJsonLineIsTheRecordOfTheContract()
{
    QCOMPARE(resultLine(okRecord("[1, 2.50]"), RecordFormat::Records),
             QByteArray(
                 R"({"index":3,"status":"ok","value":[1, 2.50],"chunk":1,"worker":2,"pid":4711,"attempt":1,)"
                 R"("started":0.500000,"finished":0.750000,"delivered":1.000000})"
                 "\n"));
    QVERIFY(recordsHeader(RecordFormat::Records).empty());
}

void ResultsTest::aLostItemSaysHowItsWorkerEnded()
{
    const ItemRecord record =
        failedRecord(ItemStatus::Lost, R"({"type":"WorkerLost","message":"m","signal":9,"stderr":"x"})");
    const QJsonObject line = QJsonDocument::fromJson(resultLine(record, RecordFormat::Records)).object();
    QCOMPARE(line.value(QLatin1String("status")).toString(), QStringLiteral("lost"));
    QCOMPARE(line.value(QLatin1String("signal")).toInt(), 9);
    QCOMPARE(line.value(QLatin1String("stderr")).toString(), QStringLiteral("x"));
    QCOMPARE(line.value(QLatin1String("error")).toObject().value(QLatin1String("type")).toString(),
             QStringLiteral("WorkerLost"));
}

void ResultsTest::anItemThatNeverRanHasNoWorkerAndNoTimes()
{
    ItemRecord record;
    record.index = 8;
    record.status = ItemStatus::Cancelled;
    record.value = R"({"type":"Cancelled","message":"m","traceback":""})";
    QCOMPARE(resultLine(record, RecordFormat::Csv), QByteArray("8,cancelled,,Cancelled,m,,,1,,,\n"));
    const QJsonObject line = QJsonDocument::fromJson(resultLine(record, RecordFormat::Records)).object();
    for (const char *key : {"worker", "pid", "started", "finished", "delivered"})
        QVERIFY2(line.value(QLatin1String(key)).isNull(), key);
}

void ResultsTest::everyResultIsWrittenOnceInManyTurns()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("results.csv"));
    const ManyResults results(10'000);
    ResultsExport exporter;
    QSignalSpy finished(&exporter, &ResultsExport::finished);
    QSignalSpy progressed(&exporter, &ResultsExport::progressed);
    exporter.start(results, file, ResultsExport::Format::Csv);
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(progressed.size() > 1);
    QCOMPARE(finished.first().first().toULongLong(), 10'000ULL);
    const QByteArrayList lines = readAll(file).split('\n');
    QCOMPARE(lines.size(), 10'002);
    for (int index = 0; index < 10'000; ++index)
        QVERIFY(lines.at(index + 1).startsWith(QByteArray::number(index) + ",ok,"));
    QVERIFY(lines.last().isEmpty());
}

void ResultsTest::aPlaceThatCannotBeWrittenIsNamed()
{
    const ManyResults results(1);
    ResultsExport exporter;
    QSignalSpy failed(&exporter, &ResultsExport::failed);
    exporter.start(results, QStringLiteral("/nowhere/results.jsonl"), ResultsExport::Format::Records);
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(failed.first().first().toString().contains(QStringLiteral("/nowhere/results.jsonl")));
    QVERIFY(!exporter.isActive());
}

void ResultsTest::aCancelledExportLeavesNoFile()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("results.jsonl"));
    const ManyResults results(50'000);
    ResultsExport exporter;
    QSignalSpy progressed(&exporter, &ResultsExport::progressed);
    exporter.start(results, file, ResultsExport::Format::Records);
    QTRY_VERIFY(!progressed.isEmpty());
    exporter.cancel();
    QVERIFY(!QFile::exists(file));
}

QTEST_MAIN(ResultsTest)
#include "tst_results.moc"
