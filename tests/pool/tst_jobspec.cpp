// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/jobspec.h"

#include <QtTest>

#include <sched.h>

using namespace Poolscope;

class JobSpecTest final : public QObject
{
    Q_OBJECT

    static JobSpec good()
    {
        JobSpec spec;
        spec.task = QStringLiteral("square");
        spec.input = QStringLiteral("range:10");
        return spec;
    }

private Q_SLOTS:
    void aGoodJobHasNoProblem() { QVERIFY(checkJob(good()).isEmpty()); }

    void cpusAreThoseThisProcessMayUse() // S1.1
    {
        cpu_set_t before;
        QCOMPARE(sched_getaffinity(0, sizeof before, &before), 0);
        QCOMPARE(JobSpec::usableCpus(), CPU_COUNT(&before));
        int first = 0;
        while (!CPU_ISSET(first, &before))
            ++first;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(first, &one);
        QCOMPARE(sched_setaffinity(0, sizeof one, &one), 0);
        QCOMPARE(JobSpec::usableCpus(), 1);
        sched_setaffinity(0, sizeof before, &before);
    }

    void problemsNameTheirOption_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("value");
        QTest::addColumn<int>("kind");
        const int usage = int(JobProblem::Kind::Usage);
        for (const char *value : {"0", "-1", "5000"})
            QTest::addRow("processes %s", value)
                << QStringLiteral("processes") << QString::fromLatin1(value) << usage;
        QTest::addRow("chunksize 0") << QStringLiteral("chunksize") << QStringLiteral("0") << usage;   // S1.8
        QTest::addRow("chunksize -1") << QStringLiteral("chunksize") << QStringLiteral("-1") << usage; // S1.7
        QTest::addRow("maxtasks 0") << QStringLiteral("maxtasksperchild") << QStringLiteral("0")
                                    << usage; // S1.5
        QTest::addRow("buffersize 0") << QStringLiteral("buffersize") << QStringLiteral("0") << usage;
        QTest::addRow("timeout 0") << QStringLiteral("timeout") << QStringLiteral("0") << usage;
        QTest::addRow("timeout nan") << QStringLiteral("timeout") << QStringLiteral("nan") << usage;
        QTest::addRow("retries -1") << QStringLiteral("retries") << QStringLiteral("-1") << usage;
        QTest::addRow("no task") << QStringLiteral("task") << QStringLiteral("nothing") << usage;
        QTest::addRow("no file") << QStringLiteral("task") << QStringLiteral("/no/such.py:f")
                                 << int(JobProblem::Kind::Task);
        QTest::addRow("no input") << QStringLiteral("input") << QString() << usage;
        QTest::addRow("folder") << QStringLiteral("input") << QStringLiteral("/")
                                << int(JobProblem::Kind::Input);
        QTest::addRow("initargs alone") << QStringLiteral("initargs") << QStringLiteral("[1]") << usage;
    }
    void problemsNameTheirOption()
    {
        QFETCH(QString, option);
        QFETCH(QString, value);
        QFETCH(int, kind);
        JobSpec spec = good();
        if (option == QLatin1String("processes"))
            spec.processes = value.toInt();
        else if (option == QLatin1String("chunksize"))
            spec.chunksize = value.toInt();
        else if (option == QLatin1String("maxtasksperchild"))
            spec.maxTasksPerChild = value.toInt();
        else if (option == QLatin1String("buffersize"))
            spec.buffersize = value.toInt();
        else if (option == QLatin1String("timeout"))
            spec.timeout = value.toDouble();
        else if (option == QLatin1String("retries"))
            spec.retries = value.toInt();
        else if (option == QLatin1String("task"))
            spec.task = value;
        else if (option == QLatin1String("input"))
            spec.input = value;
        else if (option == QLatin1String("initargs"))
            spec.initargs = value;
        const QList<JobProblem> problems = checkJob(spec);
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems[0].option, option);
        QCOMPARE(int(problems[0].kind), kind);
        QVERIFY(!problems[0].message.isEmpty());
    }

    void everyProblemIsToldAtOnce()
    {
        JobSpec spec;
        spec.processes = 0;
        spec.chunksize = 0;
        QStringList options;
        for (const JobProblem &problem : checkJob(spec))
            options << problem.option;
        QCOMPARE(options, (QStringList{QStringLiteral("processes"), QStringLiteral("chunksize"),
                                       QStringLiteral("task"), QStringLiteral("input")}));
    }
};

QTEST_GUILESS_MAIN(JobSpecTest)
#include "tst_jobspec.moc"
