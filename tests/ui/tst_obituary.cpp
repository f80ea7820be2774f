// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/obituary.h"

#include <QTest>

using namespace Poolscope;

class ObituaryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void anObituaryTellsWhoDiedOfWhat_data();
    void anObituaryTellsWhoDiedOfWhat();
    void anObituaryTellsTheAttemptsBefore();
};

void ObituaryTest::anObituaryTellsWhoDiedOfWhat_data()
{
    QTest::addColumn<int>("status"); // -1: no item was lost
    QTest::addColumn<QString>("value");
    QTest::addColumn<QStringList>("expected");
    QTest::addColumn<QStringList>("unexpected");
    const QString worker = QStringLiteral("Worker  2, generation 3, PID 77");
    const QStringList nothing;
    QTest::newRow("a signal, with all that can be known")
        << int(ItemStatus::Lost)
        << QStringLiteral(R"x({"type":"WorkerLost","message":"worker 2 (PID 77) was killed by SIGKILL",)x"
                          R"x("signal":"SIGKILL","stderr":"last <b>words</b>\n","input":"\"seven\"",)x"
                          R"x("peak_rss_bytes":812000000})x")
        << QStringList{QStringLiteral("worker 2 (PID 77) was killed by SIGKILL\n\n"),
                       QStringLiteral("Item    7, attempt 1\nInput   \"seven\"\n") + worker,
                       QStringLiteral("Why     signal SIGKILL: killed from outside"),
                       QStringLiteral("Ran     1.50 s, until 3.50 s of the run"),
                       QStringLiteral("Memory  812 MB at its peak"),
                       QStringLiteral("standard error\nlast <b>words</b>")}
        << nothing;
    QTest::newRow("an exit code and silence")
        << int(ItemStatus::Lost)
        << QStringLiteral(R"x({"type":"WorkerLost","message":"worker 2 exited","exit_code":3,"stderr":""})x")
        << QStringList{QStringLiteral("Why     exit code 3"), QStringLiteral("wrote nothing")}
        << QStringList{QStringLiteral("Memory"), QStringLiteral("Input")};
    QTest::newRow("a timeout")
        << int(ItemStatus::Lost)
        << QStringLiteral(R"x({"type":"TimeoutError","message":"ran longer than 2 s","signal":"SIGTERM"})x")
        << QStringList{QStringLiteral("Why     out of time")} << QStringList{QStringLiteral("SIGTERM")};
    QTest::newRow("an error of an item is no death")
        << int(ItemStatus::Error)
        << QStringLiteral(R"x({"type":"ValueError","message":"no","traceback":"Traceback: x"})x")
        << QStringList{QStringLiteral("ValueError: no\n\nItem"), QStringLiteral("Traceback: x")}
        << QStringList{QStringLiteral("Why"), QStringLiteral("standard error")};
    QTest::newRow("an idle worker")
        << -1 << QStringLiteral(R"x({"type":"WorkerLost","message":"worker 2 died","signal":"SIGSEGV"})x")
        << QStringList{QStringLiteral("Item    none, so nothing was lost\n") + worker,
                       QStringLiteral("Why     signal SIGSEGV: native code"),
                       QStringLiteral("When    4.00 s of the run")}
        << QStringList{QStringLiteral("attempt")};
}

void ObituaryTest::anObituaryTellsWhoDiedOfWhat()
{
    QFETCH(const int, status);
    QFETCH(const QString, value);
    QFETCH(const QStringList, expected);
    QFETCH(const QStringList, unexpected);
    ItemRecord record;
    record.index = 7;
    record.worker = 2;
    record.generation = 3;
    record.pid = 77;
    record.started = 2;
    record.finished = 3.5;
    record.value = value.toStdString();
    const WorkerDeath death{4, 2, 3, 77, std::nullopt, record.value};
    if (status >= 0)
        record.status = ItemStatus(status);
    const QString text = obituary(status >= 0 ? &record : nullptr, &death);
    for (const QString &part : expected)
        QVERIFY2(text.contains(part), qPrintable(part + QStringLiteral("\nnot in\n") + text));
    for (const QString &part : unexpected)
        QVERIFY2(!text.contains(part), qPrintable(part + QStringLiteral("\nin\n") + text));
}

void ObituaryTest::anObituaryTellsTheAttemptsBefore()
{
    ItemRecord record;
    record.status = ItemStatus::Error;
    record.attempt = 3;
    record.value = R"({"type":"ValueError","message":"no"})";
    for (const std::uint32_t number : {1U, 2U}) {
        ItemRecord &attempt = record.earlier.emplace_back();
        attempt.attempt = number;
        attempt.status = number == 1 ? ItemStatus::Error : ItemStatus::Lost;
        attempt.worker = 4;
        attempt.value = R"({"type":"KeyError","message":"gone"})";
    }
    record.earlier[0].started = 1;
    record.earlier[0].finished = 1.5;
    const QString text = obituary(&record, nullptr);
    QVERIFY2(text.contains(QStringLiteral("Attempts before\n"
                                          "1: error · KeyError: gone (worker 4, 500 ms from 1.00 s)\n"
                                          "2: lost · KeyError: gone\n")) ||
                 text.endsWith(QStringLiteral("2: lost · KeyError: gone")),
             qPrintable(text));
}

QTEST_GUILESS_MAIN(ObituaryTest)
#include "tst_obituary.moc"
