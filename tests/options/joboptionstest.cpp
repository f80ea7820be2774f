// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/options/joboptions.h"

#include <QCommandLineParser>
#include <QJsonObject>
#include <QTest>

using namespace Poolscope;

namespace {

JobOptions::Result read(const QStringList &arguments)
{
    QCommandLineParser parser;
    JobOptions::addTo(parser);
    if (!parser.parse(QStringList{QStringLiteral("program")} + arguments))
        qFatal("%s", qPrintable(parser.errorText()));
    return JobOptions::read(parser);
}

} // namespace

class JobOptionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingGivenIsADefaultJobWithoutTask();
    void everyOptionReachesTheJob();
    void wordsStandForNoNumber();
    void parametersAreJsonOrText_data();
    void parametersAreJsonOrText();
    void badValuesNameOptionValueAndRange_data();
    void badValuesNameOptionValueAndRange();
    void everyProblemIsReportedAtOnce();
};

void JobOptionsTest::nothingGivenIsADefaultJobWithoutTask()
{
    const JobOptions::Result result = read({});
    QVERIFY(result.problems.isEmpty());
    QVERIFY(!result.namesTask);
    QVERIFY(!result.namesInput);
    QCOMPARE(result.spec.method, Method::Map);
    QCOMPARE(result.spec.processes, JobSpec::usableCpus());
    QVERIFY(!result.spec.chunksize);
    QVERIFY(!result.spec.maxTasksPerChild);
    QVERIFY(!result.spec.timeout);
}

void JobOptionsTest::everyOptionReachesTheJob()
{
    const JobOptions::Result result =
        read(QStringLiteral("--task square --input range:10 --item-type json --method "
                            "imap_unordered --processes 3 --chunksize 5 "
                            "--maxtasksperchild 7 --max-memory-per-child 1500k --memory-limit 3G "
                            "--buffersize 11 --initializer "
                            "prepare --initargs [1,\"a\"] --timeout 2.5 --start-timeout 9 --retries 2 "
                            "--on-error raise --python python3.11")
                 .split(u' '));
    QVERIFY2(result.problems.isEmpty(),
             qPrintable(result.problems.isEmpty() ? QString() : JobOptions::toText(result.problems.first())));
    const JobSpec &spec = result.spec;
    QVERIFY(result.namesTask);
    QVERIFY(result.namesInput);
    QCOMPARE(spec.task, QStringLiteral("square"));
    QCOMPARE(spec.input, QStringLiteral("range:10"));
    QCOMPARE(spec.itemType, ItemType::Json);
    QCOMPARE(spec.method, Method::ImapUnordered);
    QCOMPARE(spec.processes, 3);
    QCOMPARE(spec.chunksize, std::optional(5));
    QCOMPARE(spec.maxTasksPerChild, std::optional(7));
    QCOMPARE(spec.maxMemoryPerChild, std::optional(qint64{1500} << 10));
    QCOMPARE(spec.memoryLimit, std::optional(qint64{3} << 30));
    QCOMPARE(spec.buffersize, std::optional(11));
    QCOMPARE(spec.initializer, QStringLiteral("prepare"));
    QCOMPARE(spec.initargs, QStringLiteral("[1,\"a\"]"));
    QCOMPARE(spec.timeout, std::optional(2.5));
    QCOMPARE(spec.startTimeout, 9.0);
    QCOMPARE(spec.retries, 2);
    QCOMPARE(spec.onError, OnError::Raise);
    QCOMPARE(spec.python, QStringLiteral("python3.11"));
}

void JobOptionsTest::wordsStandForNoNumber()
{
    const auto result = read(QStringLiteral("--chunksize auto --maxtasksperchild none").split(u' '));
    QVERIFY(result.problems.isEmpty());
    QVERIFY(!result.spec.chunksize);
    QVERIFY(!result.spec.maxTasksPerChild);
}

void JobOptionsTest::parametersAreJsonOrText_data()
{
    QTest::addColumn<QString>("argument");
    QTest::addColumn<QJsonValue>("value");
    QTest::newRow("number") << QStringLiteral("x=2") << QJsonValue(2);
    QTest::newRow("text") << QStringLiteral("x=two") << QJsonValue(QStringLiteral("two"));
    QTest::newRow("quoted text") << QStringLiteral("x=\"2\"") << QJsonValue(QStringLiteral("2"));
    QTest::newRow("boolean") << QStringLiteral("x=true") << QJsonValue(true);
    QTest::newRow("text with an equals sign") << QStringLiteral("x=a=b") << QJsonValue(QStringLiteral("a=b"));
    QTest::newRow("text with a comma") << QStringLiteral("x=1,2") << QJsonValue(QStringLiteral("1,2"));
    QTest::newRow("nothing") << QStringLiteral("x=") << QJsonValue(QString());
    QTest::newRow("folder") << QStringLiteral("x=/tmp/a b") << QJsonValue(QStringLiteral("/tmp/a b"));
}

void JobOptionsTest::parametersAreJsonOrText()
{
    QFETCH(const QString, argument);
    QFETCH(const QJsonValue, value);
    const auto result = read({QStringLiteral("--param"), argument});
    QVERIFY(result.problems.isEmpty());
    QCOMPARE(result.spec.parameters.value(QStringLiteral("x")), value);
}

void JobOptionsTest::badValuesNameOptionValueAndRange_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("option");
    QTest::addColumn<QStringList>("mentions");
    const struct
    {
        const char *option;
        const char *range;
        bool zeroIsFine;
    } numbers[] = {{"processes", "1 to 4096", false},
                   {"chunksize", "1 to 100000000", false},
                   {"maxtasksperchild", "1 to 100000000", false},
                   {"buffersize", "1 to 100000000", false},
                   {"retries", "0 to 1000", true}};
    for (const auto &number : numbers)
        for (const char *text : {"0", "-1", "1.5", "x", "", "999999999", "99999999999999999999", " 3", "+3",
                                 "0x10", "1e3", "٣"}) {
            if (number.zeroIsFine && qstrcmp(text, "0") == 0)
                continue;
            const QString option = QString::fromLatin1(number.option);
            const QString value = QString::fromUtf8(text);
            QTest::addRow("%s=%s", number.option, text)
                << QStringList{QStringLiteral("--%1=%2").arg(option, value)} << option
                << QStringList{QStringLiteral("“%1”").arg(value), QString::fromLatin1(number.range)};
        }
    for (const char *text : {"0", "-1", "x", "", "nan", "inf", "1e30", " 1"})
        QTest::addRow("timeout=%s", text)
            << QStringList{QStringLiteral("--timeout=%1").arg(QString::fromLatin1(text))}
            << QStringLiteral("timeout")
            << QStringList{QStringLiteral("“%1”").arg(QString::fromLatin1(text)), QStringLiteral("above 0")};
    const auto row = [](const char *name, const QString &line, const char *option,
                        const QStringList &mentions) {
        QTest::newRow(name) << line.split(u'|') << QString::fromLatin1(option) << mentions;
    };
    row("unknown method", QStringLiteral("--method=pmap"), "method",
        {QStringLiteral("pmap"),
         QStringLiteral("map, starmap, imap, imap_unordered, apply, apply_async, map_async, starmap_async")});
    row("method in capitals", QStringLiteral("--method=MAP"), "method", {QStringLiteral("MAP")});
    row("item type", QStringLiteral("--item-type=xml"), "item-type",
        {QStringLiteral("xml"), QStringLiteral("json")});
    row("on error", QStringLiteral("--on-error=ignore"), "on-error",
        {QStringLiteral("ignore"), QStringLiteral("raise")});
    row("given twice", QStringLiteral("--processes=1|--processes=2"), "processes",
        {QStringLiteral("2 times")});
    row("empty input", QStringLiteral("--input="), "input", {QStringLiteral("no value")});
    row("empty task", QStringLiteral("--task="), "task", {QStringLiteral("no value")});
    row("task and command", QStringLiteral("--task=square|--command=echo {}"), "command",
        {QStringLiteral("--task")});
    row("parameter without value", QStringLiteral("--param=size"), "param",
        {QStringLiteral("size"), QStringLiteral("NAME=VALUE")});
    row("parameter without name", QStringLiteral("--param==3"), "param", {QStringLiteral("=3")});
    row("parameter twice", QStringLiteral("--param=a=1|--param=a=2"), "param",
        {QStringLiteral("more than once")});
    row("arguments that are no JSON", QStringLiteral("--initializer=f|--initargs=[1,"), "initargs",
        {QStringLiteral("[1,"), QStringLiteral("JSON")});
    row("arguments that are no array", QStringLiteral("--initializer=f|--initargs={}"), "initargs",
        {QStringLiteral("{}"), QStringLiteral("array")});
    row("arguments without an initializer", QStringLiteral("--initargs=[1]"), "initargs",
        {QStringLiteral("--initializer")});
}

void JobOptionsTest::badValuesNameOptionValueAndRange()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, option);
    QFETCH(const QStringList, mentions);
    const auto result = read(arguments);
    QCOMPARE(result.problems.size(), 1);
    QCOMPARE(result.problems.first().option, option);
    QCOMPARE(result.problems.first().kind, JobProblem::Kind::Usage);
    const QString text = JobOptions::toText(result.problems.first());
    QVERIFY2(text.startsWith(QStringLiteral("--") + option + u':'), qPrintable(text));
    for (const QString &mention : mentions)
        QVERIFY2(text.contains(mention), qPrintable(text + QStringLiteral(" lacks ") + mention));
}

void JobOptionsTest::everyProblemIsReportedAtOnce()
{
    const auto result = read(QStringLiteral("--processes 0 --chunksize x --timeout -1").split(u' '));
    QCOMPARE(result.problems.size(), 3);
}

QTEST_GUILESS_MAIN(JobOptionsTest)
#include "joboptionstest.moc"
