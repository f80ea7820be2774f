// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/taskcatalog.h"
#include "workerdriver.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Poolscope;

namespace {

constexpr int patience = 240000;

} // namespace

/// Follows a user who writes a plugin: the installed package, the template from the samples, a job.
class TestPluginBuild final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void buildsTheTemplateAgainstTheInstalledPackageAndRunsIt();

private:
    void run(const QString &program, const QStringList &arguments);
};

void TestPluginBuild::run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, patience);
    const QByteArray output = process.readAll();
    QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0, output.constData());
    QVERIFY2(!output.contains("warning:"), output.constData());
}

void TestPluginBuild::buildsTheTemplateAgainstTheInstalledPackageAndRunsIt()
{
    const QTemporaryDir folder;
    const QString cmake = QStringLiteral(POOLSCOPE_CMAKE);
    const QString prefix = folder.filePath(QStringLiteral("prefix"));
    const QString build = folder.filePath(QStringLiteral("build"));
    run(cmake,
        {QStringLiteral("--install"), QStringLiteral(POOLSCOPE_BINARY_DIR), QStringLiteral("--component"),
         QStringLiteral("development"), QStringLiteral("--prefix"), prefix});
    QVERIFY(QFile::exists(prefix + QStringLiteral("/include/poolscope/taskplugin.h")));
    // The generator of this build: a machine with Ninja need not have make.
    run(cmake,
        {QStringLiteral("-G"), QStringLiteral(POOLSCOPE_CMAKE_GENERATOR), QStringLiteral("-S"),
         QStringLiteral(POOLSCOPE_SOURCE_DIR "/resources/samples/plugin"), QStringLiteral("-B"), build,
         QStringLiteral("-DCMAKE_PREFIX_PATH=") + prefix, QStringLiteral("-DCMAKE_CXX_FLAGS=-Wall -Wextra")});
    run(cmake, {QStringLiteral("--build"), build});
    if (QTest::currentTestFailed())
        return;

    const QString plugin = build + QStringLiteral("/mytasks.so");
    QString error;
    QCOMPARE(pluginTasks(plugin, &error).size(), 2);
    QCOMPARE(error, QString());
    const TaskSpec scale =
        WorkerDriver::task(plugin + QStringLiteral(":scale"), {{QStringLiteral("factor"), 3}});
    const InitializerSpec shift = findInitializer(QStringLiteral("shift"), {100}, scale, &error);
    QCOMPARE(error, QString());

    WorkerDriver worker;
    worker.setUp({scale, WorkerDriver::task(plugin + QStringLiteral(":greet"))}, shift);
    worker.sendChunk(0, 0, {"1", "2.5", "\"x\""}, 0);
    worker.sendChunk(1, 3, {R"(["Hello","world"])"}, 1, std::uint32_t(Wire::ChunkFlag::Unpack));
    QTRY_COMPARE_WITH_TIMEOUT(worker.poll().items.size(), 4, 30000);
    QCOMPARE(worker.items[0].value, "103");
    QCOMPARE(worker.items[1].value, "107.5");
    QCOMPARE(worker.items[2].type(), QStringLiteral("TypeError"));
    QCOMPARE(worker.items[3].value, "\"Hello, world!\"");
}

QTEST_GUILESS_MAIN(TestPluginBuild)
#include "tst_pluginbuild.moc"
