// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>
#include "core/pool/jobspec.h"
#include "pooltest.h"
#endif

#include <QProcess>
#include <QScopeGuard>

#include <sys/resource.h>

using namespace PoolTest;

/// What a pool needs and is given when it is made.
class PoolConstructionTest final : public QObject
{
    Q_OBJECT

    static inline std::optional<PoolFailed> s_withoutApplication;

public:
    /// Called before there is a QCoreApplication.
    static void initMain()
    {
        s_withoutApplication = thrown<PoolFailed>([] { Pool pool(workers(1)); });
    }

private Q_SLOTS:
    void aPoolNeedsAnApplication()
    {
        QVERIFY(s_withoutApplication);
        QVERIFY2(s_withoutApplication->message().contains("QCoreApplication"), s_withoutApplication->what());
    }

    void optionsThatMakeNoSenseAreNamed_data() // S1.3, S1.4, S1.5
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("value");
        for (const char *value : {"0", "-1", "4097", "999999999"})
            QTest::addRow("processes %s", value) << "processes" << value;
        for (const char *value : {"0", "-1"})
            QTest::addRow("maxtasksperchild %s", value) << "maxtasksperchild" << value;
        for (const char *value : {"0", "-2"})
            QTest::addRow("buffersize %s", value) << "buffersize" << value;
        for (const char *value : {"0", "-0.5", "nan"})
            QTest::addRow("timeout %s", value) << "timeout" << value;
        QTest::addRow("retries") << "retries"
                                 << "-1";
    }
    void optionsThatMakeNoSenseAreNamed()
    {
        QFETCH(QString, option);
        QFETCH(QString, value);
        PoolOptions options = workers(2);
        if (option == QLatin1String("processes"))
            options.processes = value.toInt();
        else if (option == QLatin1String("maxtasksperchild"))
            options.maxtasksperchild = value.toInt();
        else if (option == QLatin1String("buffersize"))
            options.buffersize = value.toInt();
        else if (option == QLatin1String("timeout"))
            options.timeout = value.toDouble();
        else
            options.retries = value.toInt();
        const auto error = thrown<ValueError>([&options] { Pool pool(options); });
        QVERIFY(error);
        QVERIFY2(error->message().contains(option), error->what());
        QVERIFY2(error->message().contains(value), error->what());
        QVERIFY(childProcesses().empty());
    }

    void optionsAreCheckedInOrder() // S1.6
    {
        PoolOptions options = workers(0, 0);
        options.initializer = QStringLiteral("no initializer");
        QVERIFY(messageOf([&] { Pool pool(options); }).contains("processes"));
        options.processes = 1;
        QVERIFY(messageOf([&] { Pool pool(options); }).contains("maxtasksperchild"));
        options.maxtasksperchild = 1;
        QVERIFY(messageOf([&] { Pool pool(options); }).contains("initializer"));
    }

    void asManyProcessesAsCpusUnlessGiven() // S1.1
    {
        Pool pool;
        QCOMPARE(pool.pids().size(), std::size_t(JobSpec::usableCpus()));
        QVERIFY(!pool.options().processes);
    }

    void allWorkersStartBeforeThereIsWork() // S1.2
    {
        Pool pool(workers(5));
        TRY_VERIFY(allReady(pool));
        const std::vector<std::int64_t> pids = pool.pids();
        QCOMPARE(std::set(pids.begin(), pids.end()).size(), std::size_t(5));
        for (const std::int64_t pid : pids)
            QVERIFY(childProcesses().contains(pid_t(pid)));
        QCOMPARE(pool.map<int>("square", {1, 2}), (std::vector<int>{1, 4}));
        QCOMPARE(snapshotOf(pool).workersStarted, 5u);
        QCOMPARE(pool.state(), PoolState::Open);
    }

    void withoutDescriptorsThereIsNoPool() // S1.10
    {
        if (!qEnvironmentVariableIsSet("FEW_DESCRIPTORS")) {
            // The limit of this process could not be put back.
            QProcess limited;
            QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("FEW_DESCRIPTORS"), QStringLiteral("1"));
            limited.setProcessEnvironment(environment);
            limited.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            limited.start(QStringLiteral("/bin/sh"), {"-c", "ulimit -n 60 && exec \"$0\" \"$1\"",
                                                      QCoreApplication::applicationFilePath(),
                                                      QString::fromLatin1(QTest::currentTestFunction())});
            QVERIFY(limited.waitForFinished(60'000));
            QVERIFY2(limited.exitCode() == 0, limited.readAllStandardOutput().constData());
            return;
        }
        const int before = openDescriptors();
        const auto error = thrown<PoolFailed>([] { Pool pool(workers(100)); });
        QVERIFY(error);
        QVERIFY2(error->message().contains("open files"), error->what());
        QVERIFY2(error->message().contains("100"), error->what());
        QVERIFY(childProcesses().empty());
        QCOMPARE(openDescriptors(), before);
    }

    void aLowSoftLimitIsRaisedForEachPool() // S1.10
    {
        rlimit limit;
        QCOMPARE(getrlimit(RLIMIT_NOFILE, &limit), 0);
        if (limit.rlim_max < 1024)
            QSKIP("the hard limit of open files leaves no room to raise the soft one");
        const rlimit old = limit;
        limit.rlim_cur = rlim_t(openDescriptors() + 100);
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &limit), 0);
        const auto putBack = qScopeGuard([&old] { setrlimit(RLIMIT_NOFILE, &old); });
        // Neither must count on the descriptors that the other has in use.
        QString failure;
        try {
            Pool first(workers(60));
            QCOMPARE(first.map<int>("square", numbers(100)), squares(100));
            Pool second(workers(60));
            QCOMPARE(second.map<int>("square", numbers(100)), squares(100));
        } catch (const PoolFailed &error) {
            failure = error.message();
        }
        QCOMPARE(failure, QString());
    }
};

QTEST_GUILESS_MAIN(PoolConstructionTest)
#include "tst_poolconstruction.moc"
