// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/errors.h"
#include "core/pool/task.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

using namespace Poolscope;

Q_DECLARE_METATYPE(Poolscope::Task)

class TaskTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tasksAreFoundByName()
    {
        const TaskSpec square = Task("square").resolve();
        QCOMPARE(square.kind, TaskKind::Native);
        QCOMPARE(square.function, QStringLiteral("square"));
        QVERIFY(!square.file.isEmpty());

        QTemporaryDir folder;
        QFile file(folder.filePath("tasks.py"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const Task python = Task(file.fileName() + QStringLiteral(":f")).with("base", 2);
        const TaskSpec f = python.with("more", QJsonArray{1}).resolve();
        QCOMPARE(f.kind, TaskKind::Python);
        QCOMPARE(f.file, file.fileName());
        QCOMPARE(f.function, QStringLiteral("f"));
        QCOMPARE(f.parameters, (QJsonObject{{"base", 2}, {"more", QJsonArray{1}}}));
        QCOMPARE(python.resolve().parameters, (QJsonObject{{"base", 2}}));
    }

    void commandsAreSplitOnce()
    {
        const TaskSpec command = Task::command("wc -l 'a b' {}").resolve();
        QCOMPARE(command.kind, TaskKind::Command);
        QCOMPARE(command.command, (QStringList{"wc", "-l", "a b", "{}"}));
    }

    void whatIsWrongIsTold_data()
    {
        QTest::addColumn<Task>("task");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *name, const Task &task, const char *problem) {
            QTest::newRow(name) << task << QString::fromUtf8(problem);
        };
        row("unknown", "squaer", "squaer");
        row("nothing", "", "no task is named");
        row("no file", "/no/such.py:f", "/no/such.py");
        row("no function", "tasks.py:", "names no function");
        row("quote", Task::command("wc 'a"), "wc 'a");
        row("no command", Task::command(""), "");
        row("parameter", Task("square").with("base", 2), "base");
        row("parameter of a command", Task::command("wc {}").with("base", 2),
            "a command has no parameters, so \"base\" cannot be set");
        // S10.6: Qt would make null and U+FFFD of them.
        row("NaN", Task("/dev/null.py:f").with("base", qQNaN()), "parameter \"base\": NaN has no JSON");
        row("half a pair", Task("/dev/null.py:f").with("base", QString(QChar(0xd800))),
            "parameter \"base\": the text holds half of a surrogate pair");
    }
    void whatIsWrongIsTold()
    {
        QFETCH(Task, task);
        QFETCH(QString, problem);
        try {
            task.resolve();
            QFAIL("it was taken");
        } catch (const ValueError &error) {
            QVERIFY2(error.message().contains(problem), error.what());
            QVERIFY(!error.message().isEmpty());
        }
    }
};

QTEST_GUILESS_MAIN(TaskTest)
#include "tst_task.moc"
