// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/installation.h"
#include "core/tasks/taskcatalog.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace Poolscope;

namespace {

const QString plugins = QStringLiteral(POOLSCOPE_BINARY_DIR "/tests/plugins/");

} // namespace

class TestTaskCatalog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void describesEveryBuiltinTask();
    void findsTasks_data();
    void findsTasks();
    void saysWhatIsWrongWithAName_data();
    void saysWhatIsWrongWithAName();
    void saysWhatIsWrongWithAFile_data();
    void saysWhatIsWrongWithAFile();
    void refusesAPluginOfAnotherQtVersion();
    void checksParameters_data();
    void checksParameters();
    void splitsCommandsOnce_data();
    void splitsCommandsOnce();
    void saysWhatIsWrongWithACommand_data();
    void saysWhatIsWrongWithACommand();
    void resolvesInitializers_data();
    void resolvesInitializers();
    void writesTasksAsJsonAndReadsThemBack();
    void takesRelativeFilesFromTheCurrentFolder();

private:
    QTemporaryDir m_folder;
    QString m_pythonFile;
};

void TestTaskCatalog::initTestCase()
{
    m_pythonFile = m_folder.filePath(QStringLiteral("my:tasks.py"));
    QFile file(m_pythonFile);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("def f(x): return x\n");
}

void TestTaskCatalog::describesEveryBuiltinTask()
{
    const QList<TaskDescription> tasks = builtinTasks();
    QStringList names;
    for (const TaskDescription &task : tasks) {
        names.append(task.name);
        QVERIFY2(!task.description.isEmpty() && !task.item.isEmpty() && !task.arguments.isEmpty(),
                 qPrintable(task.name));
        QVERIFY2(QFileInfo::exists(task.file), qPrintable(task.file));
        for (const TaskParameter &parameter : task.parameters) {
            QVERIFY2(!parameter.description.isEmpty() && !parameter.defaultValue.isUndefined(),
                     qPrintable(task.name));
            const TaskLookup lookup = findTask(task.name, {{parameter.name, parameter.defaultValue}});
            QVERIFY2(lookup.error.isEmpty(), qPrintable(lookup.error));
        }
    }
    const QStringList wanted{
        QStringLiteral("square"),      QStringLiteral("cube"),       QStringLiteral("add"),
        QStringLiteral("slow_square"), QStringLiteral("sleep_for"),  QStringLiteral("count_primes"),
        QStringLiteral("leak"),        QStringLiteral("word_count"), QStringLiteral("sha256"),
        QStringLiteral("echo"),        QStringLiteral("thumbnail"),  QStringLiteral("sample_image")};
    QCOMPARE(names.mid(0, wanted.size()), wanted);
    QCOMPARE(QSet<QString>(names.begin(), names.end()).size(), names.size());
}

void TestTaskCatalog::findsTasks_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<TaskKind>("kind");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("function");
    const QString unruly = plugins + QStringLiteral("unruly.so");
    QTest::newRow("built in") << "square" << TaskKind::Native
                              << Installation::taskPluginFolder() + "/basic.so"
                              << "square";
    QTest::newRow("plugin") << unruly + ":print" << TaskKind::Native << unruly << "print";
    QTest::newRow("Python file with a colon in its name")
        << m_pythonFile + ":f" << TaskKind::Python << m_pythonFile << "f";
    if (QFileInfo::exists(Installation::pythonFolder() + QStringLiteral("/tasks.json")))
        QTest::newRow("built in, Python")
            << "python.square" << TaskKind::Python << Installation::pythonFolder() + "/poolscope_tasks.py"
            << "square";
}

void TestTaskCatalog::findsTasks()
{
    QFETCH(QString, name);
    const TaskLookup lookup = findTask(name);
    QCOMPARE(lookup.error, QString());
    QCOMPARE(lookup.spec.name, name);
    QTEST(lookup.spec.kind, "kind");
    QTEST(lookup.spec.file, "file");
    QTEST(lookup.spec.function, "function");
    QCOMPARE(lookup.description.kind, lookup.spec.kind);
    QCOMPARE(lookup.description.function, lookup.spec.function);
}

void TestTaskCatalog::saysWhatIsWrongWithAName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << ""
                           << "--list-tasks";
    QTest::newRow("blank") << " "
                           << "--list-tasks";
    QTest::newRow("misspelt") << "sqaure"
                              << "Did you mean square";
    QTest::newRow("part of a name") << "primes"
                                    << "Did you mean count_primes";
    QTest::newRow("unknown") << "xyzzy"
                             << "no task is named \"xyzzy\". --list-tasks";
    QTest::newRow("file without function") << "tasks.py"
                                           << "tasks.py:FUNCTION";
    QTest::newRow("empty function") << "tasks.py:"
                                    << "names no function";
    QTest::newRow("empty file") << ":f"
                                << "names no file";
    QTest::newRow("another kind of file") << "tasks.rb:f"
                                          << "neither a Python file (.py) nor a plugin (.so)";
}

void TestTaskCatalog::saysWhatIsWrongWithAName()
{
    QFETCH(QString, name);
    QFETCH(QString, text);
    const TaskLookup lookup = findTask(name);
    QVERIFY(lookup.isUsageError);
    QVERIFY2(lookup.error.contains(text), qPrintable(lookup.error));
}

void TestTaskCatalog::saysWhatIsWrongWithAFile_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("text");
    QTest::newRow("missing plugin") << "/no/such.so:f"
                                    << "/no/such.so: no such file";
    QTest::newRow("missing Python file") << "/no/such.py:f"
                                         << "/no/such.py: no such file";
    QTest::newRow("missing function") << plugins + "unruly.so:nothing"
                                      << "no function named \"nothing\". It has: print, ";
    QTest::newRow("another interface version") << plugins + "outdated.so:f"
                                               << "built against task interface 0.9, this is 1.0: rebuild it";
    QTest::newRow("another kind of plugin") << plugins + "foreign.so:f"
                                            << "another kind (org.example.Something/1.0)";

    const auto make = [this](const char *name, const QByteArray &content) {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", name);
        return path;
    };
    QTest::newRow("text file") << make("text.so", "hello") + ":f"
                               << "no plugin, not even a shared library";
    QTest::newRow("empty file") << make("empty.so", "") + ":f"
                                << "no plugin, not even a shared library";
    QTest::newRow("cut library") << make("cut.so", "\177ELF\2\1\1") + ":f"
                                 << "not a Poolscope task plugin";
    const QString program = m_folder.filePath(QStringLiteral("program.so"));
    QFile::copy(Installation::workerProgram(), program);
    QTest::newRow("library that is no plugin") << program + ":f"
                                               << "it carries no plugin metadata";
    QDir(m_folder.path()).mkdir(QStringLiteral("folder.so"));
    QTest::newRow("folder") << m_folder.filePath("folder.so:f") << "this is a folder";
    QDir(m_folder.path()).mkdir(QStringLiteral("folder.py"));
    QTest::newRow("folder for Python") << m_folder.filePath("folder.py:f") << "this is a folder";
    // The superuser can read anything.
    if (geteuid() != 0) {
        const QString secret = make("secret.py", "x");
        QFile::setPermissions(secret, {});
        QTest::newRow("no permission") << secret + ":f"
                                       << "cannot be read";
    }
}

void TestTaskCatalog::saysWhatIsWrongWithAFile()
{
    QFETCH(QString, name);
    QFETCH(QString, text);
    const TaskLookup lookup = findTask(name);
    QVERIFY2(lookup.error.contains(text), qPrintable(lookup.error));
    QVERIFY(!lookup.isUsageError);
}

void TestTaskCatalog::refusesAPluginOfAnotherQtVersion()
{
    QFile original(plugins + QStringLiteral("unruly.so"));
    QVERIFY(original.open(QIODevice::ReadOnly));
    QByteArray content = original.readAll();
    // The note's name, then one byte each: format, major and minor version of the Qt it was built with.
    const QByteArray mark("qt-project!\0", 12);
    const qsizetype at = content.indexOf(mark);
    QVERIFY(at > 0);
    content[at + mark.size() + 2] = 99;
    QFile changed(m_folder.filePath(QStringLiteral("newer.so")));
    QVERIFY(changed.open(QIODevice::WriteOnly));
    changed.write(content);
    changed.close();
    const TaskLookup lookup = findTask(changed.fileName() + QStringLiteral(":print"));
    QVERIFY2(lookup.error.contains(QLatin1String("was built for Qt 6.99, this program uses 6.")),
             qPrintable(lookup.error));
    QVERIFY(!lookup.isUsageError);
}

void TestTaskCatalog::checksParameters_data()
{
    QTest::addColumn<QString>("task");
    QTest::addColumn<QJsonObject>("parameters");
    QTest::addColumn<QString>("text");
    const auto one = [](const char *name, const QJsonValue &value) {
        return QJsonObject{{QString::fromLatin1(name), value}};
    };
    QTest::newRow("number") << "slow_square" << one("seconds", 0.5) << "";
    QTest::newRow("whole number for a number") << "slow_square" << one("seconds", 2) << "";
    QTest::newRow("text for a number") << "slow_square" << one("seconds", QStringLiteral("2"))
                                       << "parameter \"seconds\" of slow_square must be a number, not \"2\"";
    QTest::newRow("fraction for a whole number")
        << "thumbnail" << one("size", 1.5)
        << "parameter \"size\" of thumbnail must be a whole number, not 1.5";
    QTest::newRow("number for a folder")
        << "thumbnail" << one("folder", 5) << "must be the path of a folder, not 5";
    QTest::newRow("unknown") << "thumbnail" << one("width", 5)
                             << "no parameter named \"width\". It has: folder, size";
    QTest::newRow("none to set") << "square" << one("x", 5) << "square has no parameters";
}

void TestTaskCatalog::checksParameters()
{
    QFETCH(QString, task);
    QFETCH(QJsonObject, parameters);
    QFETCH(QString, text);
    const TaskLookup lookup = findTask(task, parameters);
    QCOMPARE(lookup.error.isEmpty(), text.isEmpty());
    QCOMPARE(lookup.isUsageError, !text.isEmpty());
    QVERIFY2(lookup.error.contains(text), qPrintable(lookup.error));
    QCOMPARE(lookup.spec.parameters, parameters);
}

void TestTaskCatalog::splitsCommandsOnce_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("arguments");
    const auto list = [](std::initializer_list<const char *> texts) {
        QStringList arguments;
        for (const char *text : texts)
            arguments.append(QString::fromUtf8(text));
        return arguments;
    };
    QTest::newRow("words") << "wc  -l {}" << list({"wc", "-l", "{}"});
    QTest::newRow("single quotes") << "sh -c 'echo $HOME {}'" << list({"sh", "-c", "echo $HOME {}"});
    QTest::newRow("double quotes") << R"(echo "a \"b\" c" d)" << list({"echo", R"(a "b" c)", "d"});
    QTest::newRow("escaped blank") << R"(echo a\ b)" << list({"echo", "a b"});
    QTest::newRow("no expansion") << "echo $HOME `id` *.txt ~ ; | >"
                                  << list({"echo", "$HOME", "`id`", "*.txt", "~", ";", "|", ">"});
    QTest::newRow("empty argument") << "echo '' x" << list({"echo", "", "x"});
    QTest::newRow("other scripts") << QStringLiteral("echo „ä“") << list({"echo", "„ä“"});
    QTest::newRow("program by placeholder") << "{} --version" << list({"{}", "--version"});
}

void TestTaskCatalog::splitsCommandsOnce()
{
    QFETCH(QString, text);
    const TaskLookup lookup = commandTask(text);
    QCOMPARE(lookup.error, QString());
    QTEST(lookup.spec.command, "arguments");
    QCOMPARE(lookup.spec.kind, TaskKind::Command);
    QCOMPARE(lookup.spec.name, text);
}

void TestTaskCatalog::saysWhatIsWrongWithACommand_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("error");
    QTest::addColumn<bool>("isUsageError");
    QTest::newRow("empty") << ""
                           << "the command is empty" << true;
    QTest::newRow("blank") << "  "
                           << "the command is empty" << true;
    QTest::newRow("open quote") << "echo 'a"
                                << "a quote that is not closed" << true;
    QTest::newRow("open double quote") << "echo \"a"
                                       << "a quote that is not closed" << true;
    QTest::newRow("no program") << "'' x"
                                << "names no program" << true;
    QTest::newRow("unknown program") << "no-such-program {}"
                                     << "no-such-program was not found in PATH" << false;
    QTest::newRow("missing file") << "/no/such {}"
                                  << "/no/such does not exist" << false;
    QTest::newRow("not executable") << "/etc/passwd {}"
                                    << "/etc/passwd is not a program" << false;
    QTest::newRow("folder") << "/etc {}"
                            << "/etc is not a program" << false;
}

void TestTaskCatalog::saysWhatIsWrongWithACommand()
{
    QFETCH(QString, text);
    QFETCH(QString, error);
    const TaskLookup lookup = commandTask(text);
    QVERIFY2(lookup.error.contains(error), qPrintable(lookup.error));
    QTEST(lookup.isUsageError, "isUsageError");
}

void TestTaskCatalog::resolvesInitializers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("task");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("function");
    QTest::addColumn<QString>("error");
    const QString unruly = plugins + QStringLiteral("unruly.so");
    const QString native = unruly + QStringLiteral(":print");
    const QString python = m_pythonFile + QStringLiteral(":f");
    QTest::newRow("none") << "" << native << ""
                          << ""
                          << "";
    QTest::newRow("in the plugin") << "remember" << native << ""
                                   << "remember"
                                   << "";
    QTest::newRow("in another plugin") << unruly + ":remember"
                                       << "square" << unruly << "remember"
                                       << "";
    QTest::newRow("in the Python file") << "prepare" << python << ""
                                        << "prepare"
                                        << "";
    QTest::newRow("in another Python file")
        << m_pythonFile + ":prepare" << python << m_pythonFile << "prepare"
        << "";
    QTest::newRow("not in the plugin") << "nothing" << native << ""
                                       << ""
                                       << "no initializer named \"nothing\". It has: remember, refuse";
    QTest::newRow("plugin without any") << "nothing"
                                        << "square"
                                        << ""
                                        << ""
                                        << "has no initializers";
    QTest::newRow("missing file") << "/no/such.py:f" << python << ""
                                  << ""
                                  << "no such file";
    QTest::newRow("no function") << m_pythonFile + ":" << python << ""
                                 << ""
                                 << "write [FILE:]FUNCTION";
    QTest::newRow("no file") << ":f" << python << ""
                             << ""
                             << "write [FILE:]FUNCTION";
    QTest::newRow("Python for a plugin") << python << native << ""
                                         << ""
                                         << "must be in a plugin (.so)";
    QTest::newRow("plugin for Python") << native << python << ""
                                       << ""
                                       << "must be in a Python file (.py)";
    QTest::newRow("for a command") << "f"
                                   << ""
                                   << ""
                                   << ""
                                   << "a command has no initializer";
}

void TestTaskCatalog::resolvesInitializers()
{
    QFETCH(QString, text);
    QFETCH(QString, task);
    QFETCH(QString, error);
    const TaskSpec spec = task.isEmpty() ? commandTask(QStringLiteral("echo {}")).spec : findTask(task).spec;
    QString problem;
    const InitializerSpec initializer = findInitializer(text, {1, 2}, spec, &problem);
    QCOMPARE(problem.isEmpty(), error.isEmpty());
    QVERIFY2(problem.contains(error), qPrintable(problem));
    if (!problem.isEmpty())
        return;
    QTEST(initializer.file, "file");
    QTEST(initializer.function, "function");
    QCOMPARE(initializer.arguments, text.isEmpty() ? QJsonArray() : QJsonArray({1, 2}));
}

void TestTaskCatalog::writesTasksAsJsonAndReadsThemBack()
{
    TaskSpec spec;
    spec.kind = TaskKind::Python;
    spec.name = QStringLiteral("a.py:f");
    spec.file = QStringLiteral("/x/a.py");
    spec.function = QStringLiteral("f");
    spec.parameters = {{QStringLiteral("n"), 1.5}};
    const QJsonObject json = taskToJson(7, spec);
    QCOMPARE(json[QLatin1String("id")].toInteger(), 7);
    QCOMPARE(json[QLatin1String("kind")].toString(), QStringLiteral("python"));
    QCOMPARE(taskFromJson(json), spec);
    const TaskSpec command = commandTask(QStringLiteral("echo '' {}")).spec;
    QCOMPARE(taskFromJson(taskToJson(0, command)), command);
    QVERIFY(initializerToJson({}).isEmpty());
}

void TestTaskCatalog::takesRelativeFilesFromTheCurrentFolder()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_folder.path()));
    const TaskLookup lookup = findTask(QStringLiteral("my:tasks.py:f"));
    QDir::setCurrent(before);
    QCOMPARE(lookup.error, QString());
    QVERIFY(QFileInfo(lookup.spec.file).isAbsolute());
    QVERIFY(QFileInfo::exists(lookup.spec.file));
}

QTEST_GUILESS_MAIN(TestTaskCatalog)
#include "tst_taskcatalog.moc"
