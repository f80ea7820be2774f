// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/jobsettings.h"
#include "ui/jobpanel/fieldmessage.h"
#include "ui/jobpanel/formgrid.h"
#include "ui/jobpanel/jobpanel.h"
#include "ui/jobpanel/spinboxes.h"

#include <QAccessible>
#include <QComboBox>
#include <QJsonObject>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace Poolscope;

namespace {

/// The field that accessibility tools find under a name.
template <class Widget>
Widget *named(const QWidget &panel, const char *name)
{
    const auto widgets = panel.findChildren<Widget *>();
    for (Widget *widget : widgets)
        if (widget->accessibleName() == QLatin1String(name))
            return widget;
    return nullptr;
}

QStringList visibleMessages(const JobPanel &panel)
{
    QStringList texts;
    const auto messages = panel.findChildren<FieldMessage *>();
    for (const FieldMessage *message : messages)
        if (!message->isHidden())
            texts.append(message->text());
    return texts;
}

bool saysSomewhere(const JobPanel &panel, const QString &text)
{
    const QStringList texts = visibleMessages(panel);
    return std::any_of(texts.begin(), texts.end(),
                       [&text](const QString &said) { return said.contains(text); });
}

QString writeFile(const QTemporaryDir &folder, const QString &name, const QByteArray &content)
{
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
    return file.fileName();
}

JobSpec squareJob(const QString &input)
{
    JobSpec spec;
    spec.task = QStringLiteral("square");
    spec.input = input;
    return spec;
}

} // namespace

class JobPanelTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void everyFieldOfTheContractHasItsName_data();
    void everyFieldOfTheContractHasItsName();
    void noLabelIsFoundUnderTheNameOfItsField();
    void anEmptyFormAsksForWhatIsMissingWithoutComplaining();
    void aCompleteJobCanBeRun();
    void everyValueOfAJobSurvivesTheForm();
    void everyValueOfAJobSurvivesTheSettings();
    void theTaskChosenSaysWhatItDoes();
    void theExampleOfATaskFillsInTheInput();
    void theInputIsPreviewedAndCounted();
    void chunkSizeAndRecyclingAreExplainedForThisInput_data();
    void chunkSizeAndRecyclingAreExplainedForThisInput();
    void aFunctionIsDescribedHoweverItsFileIsNamed();
    void problemsAreSaidAtTheirFieldAndStopTheRun_data();
    void problemsAreSaidAtTheirFieldAndStopTheRun();
    void aSolvedProblemDisappears();
    void aTypedZeroIsNotTheWordForNoNumber();
    void theWheelChangesOnlyAFieldWithTheFocus();
    void aLockedFormCannotBeChanged();
    void functionsOfAPythonFileCanBeChosen();
    void aPythonFileWithASyntaxErrorIsNamedWithItsLine();
    void parametersOfATaskReachTheJob();
    void recentInputsAreKeptOnceAndBounded();
    void aFailedRunIsExplainedAtItsFieldUntilTheJobIsChanged();
    void whatIsTooWideCanBeScrolledTo();
    void labelsStandAboveTheirFieldsWhereThereIsLittleRoom();
    void fieldsStayWhereTheyAreWhenATaskIsChosen();
};

void JobPanelTest::everyFieldOfTheContractHasItsName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QAccessible::Role>("role");
    QTest::newRow("Task") << QStringLiteral("Task") << QAccessible::ComboBox;
    QTest::newRow("Input") << QStringLiteral("Input") << QAccessible::EditableText;
    QTest::newRow("Browse input") << QStringLiteral("Browse input") << QAccessible::Button;
    QTest::newRow("Method") << QStringLiteral("Method") << QAccessible::ComboBox;
    QTest::newRow("Processes") << QStringLiteral("Processes") << QAccessible::SpinBox;
    QTest::newRow("Chunk size") << QStringLiteral("Chunk size") << QAccessible::SpinBox;
    QTest::newRow("Max tasks per child") << QStringLiteral("Max tasks per child") << QAccessible::SpinBox;
}

void JobPanelTest::everyFieldOfTheContractHasItsName()
{
    QFETCH(const QString, name);
    QFETCH(const QAccessible::Role, role);
    JobPanel panel;
    panel.setSpec(squareJob(QStringLiteral("range:3"))); // a chosen task does not take its field's name
    auto *field = named<QWidget>(panel, name.toLatin1().constData());
    QVERIFY(field);
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(field);
    QVERIFY(interface);
    QCOMPARE(interface->role(), role);
    QCOMPARE(interface->text(QAccessible::Name), name);
    QVERIFY(field->focusPolicy() & Qt::TabFocus);
    panel.show();
    panel.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    named<QComboBox>(panel, "Item type")->setFocus();
    QVERIFY(!field->hasFocus());
    interface->actionInterface()->doAction(QAccessibleActionInterface::setFocusAction());
    QVERIFY(field->hasFocus());
}

void JobPanelTest::noLabelIsFoundUnderTheNameOfItsField()
{
    JobPanel panel;
    const auto labels = panel.findChildren<QLabel *>();
    int buddies = 0;
    for (const QLabel *label : labels) {
        if (!label->buddy())
            continue;
        ++buddies;
        QVERIFY(label->accessibleName() != label->buddy()->accessibleName());
        QVERIFY(!label->accessibleName().isEmpty());
    }
    QVERIFY(buddies >= 7);
}

void JobPanelTest::anEmptyFormAsksForWhatIsMissingWithoutComplaining()
{
    JobPanel panel;
    QCOMPARE(panel.check(), QStringLiteral("Choose a task and an input."));
    QVERIFY(!saysSomewhere(panel, QStringLiteral("⚠")));
    JobSpec spec;
    spec.task = QStringLiteral("square");
    panel.setSpec(spec);
    QCOMPARE(panel.obstacle(), QStringLiteral("Choose an input."));
    spec.input = QStringLiteral("range:3");
    spec.task.clear();
    panel.setSpec(spec);
    QCOMPARE(panel.obstacle(), QStringLiteral("Choose a task."));
    QVERIFY(!saysSomewhere(panel, QStringLiteral("⚠")));
}

void JobPanelTest::aCompleteJobCanBeRun()
{
    JobPanel panel;
    panel.setSpec(squareJob(QStringLiteral("range:100")));
    QCOMPARE(panel.check(), QString());
}

void JobPanelTest::everyValueOfAJobSurvivesTheForm()
{
    JobSpec spec = squareJob(QStringLiteral("range:10"));
    spec.itemType = ItemType::Json;
    spec.method = Method::ImapUnordered;
    spec.processes = 3;
    spec.chunksize = 17;
    spec.maxTasksPerChild = 5;
    spec.maxMemoryPerChild = 1'500'000;
    spec.memoryLimit = (qint64{1} << 40) + 1;
    spec.buffersize = 9;
    spec.timeout = 2.5;
    spec.retries = 4;
    spec.onError = OnError::Raise;
    spec.initializer = QStringLiteral("prepare");
    spec.initargs = QStringLiteral("[1]");
    spec.python = QStringLiteral("python3");
    JobPanel panel;
    panel.setSpec(spec);
    QCOMPARE(jobToJson(panel.spec()), jobToJson(spec));
    JobSpec plain = squareJob(QStringLiteral("range:10"));
    panel.setSpec(plain);
    QCOMPARE(jobToJson(panel.spec()), jobToJson(plain));
    plain.task.clear();
    plain.commandTemplate = QStringLiteral("wc -w {}");
    panel.setSpec(plain);
    QCOMPARE(jobToJson(panel.spec()), jobToJson(plain));
}

void JobPanelTest::everyValueOfAJobSurvivesTheSettings()
{
    JobSpec spec = squareJob(QStringLiteral("range:10"));
    spec.itemType = ItemType::Text;
    spec.method = Method::Starmap;
    spec.chunksize = 17;
    spec.maxMemoryPerChild = 1'500'000;
    spec.memoryLimit = qint64{3} << 40;
    spec.timeout = 0.5;
    spec.onError = OnError::Raise;
    spec.parameters = {{QStringLiteral("a"), 1}};
    QCOMPARE(jobToJson(jobFromJson(jobToJson(spec))), jobToJson(spec));
    // Settings edited by hand, or of another version.
    const JobSpec strange = jobFromJson({{QStringLiteral("processes"), -5},
                                         {QStringLiteral("method"), QStringLiteral("pmap")},
                                         {QStringLiteral("chunksize"), QStringLiteral("many")}});
    QCOMPARE(strange.processes, JobSpec::usableCpus());
    QCOMPARE(strange.method, Method::Map);
    QVERIFY(!strange.chunksize);
}

void JobPanelTest::theTaskChosenSaysWhatItDoes()
{
    JobPanel panel;
    auto *task = named<QComboBox>(panel, "Task");
    QVERIFY(task->count() > 5);
    task->setCurrentIndex(task->findText(QStringLiteral("square")));
    QVERIFY(saysSomewhere(panel, QStringLiteral("number")));
    QCOMPARE(panel.spec().task, QStringLiteral("square"));
}

void JobPanelTest::theExampleOfATaskFillsInTheInput()
{
    JobPanel panel;
    auto *task = named<QComboBox>(panel, "Task");
    task->setCurrentIndex(task->findText(QStringLiteral("square")));
    QPushButton *example = nullptr;
    const auto buttons = panel.findChildren<QPushButton *>();
    for (QPushButton *button : buttons)
        if (button->text().startsWith(QStringLiteral("Try it on")))
            example = button;
    QVERIFY(example);
    QVERIFY(!example->isHidden());
    example->click();
    QVERIFY(!panel.spec().input.isEmpty());
    QCOMPARE(panel.check(), QString());
}

void JobPanelTest::theInputIsPreviewedAndCounted()
{
    JobPanel panel;
    auto *items = named<QListView>(panel, "First items");
    auto *count = panel.findChild<QLabel *>(QStringLiteral("itemCount"));
    panel.setInput(QStringLiteral("range:5:1200"));
    QTRY_COMPARE(count->text(), QStringLiteral("1,195 items"));
    QTRY_COMPARE(items->model()->index(0, 0).data().toString(), QStringLiteral("5"));
    panel.setInput(QStringLiteral("range:1"));
    QTRY_COMPARE(count->text(), QStringLiteral("1 item"));
    panel.setInput({});
    QTRY_COMPARE(count->text(), QStringLiteral("No items yet"));
    QCOMPARE(items->model()->rowCount(), 0);
}

void JobPanelTest::chunkSizeAndRecyclingAreExplainedForThisInput_data()
{
    QTest::addColumn<int>("method");
    QTest::addColumn<int>("chunksize");
    QTest::addColumn<int>("maxTasks");
    QTest::addColumn<QStringList>("said");
    QTest::newRow("map divides the input among its processes")
        << int(Method::Map) << 0 << 2
        << QStringList{QStringLiteral("auto = 63 items, 16 chunks"),
                       QStringLiteral("A new process every 2 chunks ≈ 126 items")};
    QTest::newRow("imap sends items one by one")
        << int(Method::Imap) << 0 << 0
        << QStringList{QStringLiteral("auto = 1 item, 1,000 chunks"), QStringLiteral("as long as the run")};
    QTest::newRow("a chunk size asked for")
        << int(Method::Imap) << 300 << 1
        << QStringList{QStringLiteral("300 items, 4 chunks"), QStringLiteral("for every chunk ≈ 300 items")};
}

void JobPanelTest::chunkSizeAndRecyclingAreExplainedForThisInput()
{
    QFETCH(const int, method);
    QFETCH(const int, chunksize);
    QFETCH(const int, maxTasks);
    QFETCH(const QStringList, said);
    JobSpec spec = squareJob(QStringLiteral("range:1000"));
    spec.method = Method(method);
    spec.processes = 4;
    spec.chunksize = chunksize > 0 ? std::optional(chunksize) : std::nullopt;
    spec.maxTasksPerChild = maxTasks > 0 ? std::optional(maxTasks) : std::nullopt;
    JobPanel panel;
    panel.setSpec(spec);
    for (const QString &text : said)
        QTRY_VERIFY2(saysSomewhere(panel, text), qPrintable(visibleMessages(panel).join(u'\n')));
}

void JobPanelTest::aFunctionIsDescribedHoweverItsFileIsNamed()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("grades.py")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("def grade(x):\n    \"\"\"Grades an essay.\"\"\"\n    return x\n");
    file.close();
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(folder.path()));
    for (const QString &name : {QStringLiteral("grades.py:grade"), QStringLiteral("./grades.py:grade"),
                                file.fileName() + QStringLiteral(":grade")}) {
        JobSpec spec = squareJob(QStringLiteral("range:3"));
        spec.task = name;
        JobPanel panel;
        panel.setSpec(spec);
        QTRY_VERIFY2(saysSomewhere(panel, QStringLiteral("Grades an essay.")),
                     qPrintable(name + u'\n' + visibleMessages(panel).join(u'\n')));
    }
    QVERIFY(QDir::setCurrent(before));
}

void JobPanelTest::problemsAreSaidAtTheirFieldAndStopTheRun_data()
{
    QTest::addColumn<QString>("task");
    QTest::addColumn<QString>("input");
    QTest::addColumn<QString>("initargs");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("mentions");
    const QString square = QStringLiteral("square");
    const QString range = QStringLiteral("range:3");
    QTest::newRow("unknown task") << QStringLiteral("sqare") << range << QString() << QStringLiteral("Task")
                                  << QStringLiteral("sqare");
    QTest::newRow("missing input") << square << QStringLiteral("/nowhere/numbers.txt") << QString()
                                   << QStringLiteral("Input") << QStringLiteral("/nowhere/numbers.txt");
    QTest::newRow("folder as input") << square << QStringLiteral("/tmp") << QString()
                                     << QStringLiteral("Input") << QStringLiteral("/tmp");
    QTest::newRow("range without sense") << square << QStringLiteral("range:x") << QString()
                                         << QStringLiteral("Input") << QStringLiteral("range:x");
    QTest::newRow("missing Python file") << QStringLiteral("/nowhere/tasks.py:f") << range << QString()
                                         << QStringLiteral("Task") << QStringLiteral("/nowhere/tasks.py");
    QTest::newRow("arguments that are no array")
        << square << range << QStringLiteral("{}") << QStringLiteral("Its arguments")
        << QStringLiteral("array");
}

void JobPanelTest::problemsAreSaidAtTheirFieldAndStopTheRun()
{
    QFETCH(const QString, task);
    QFETCH(const QString, input);
    QFETCH(const QString, initargs);
    QFETCH(const QString, field);
    QFETCH(const QString, mentions);
    JobSpec spec = squareJob(input);
    spec.task = task;
    spec.initargs = initargs;
    if (!initargs.isEmpty())
        spec.initializer = QStringLiteral("prepare");
    JobPanel panel;
    panel.setSpec(spec);
    QVERIFY2(panel.obstacle().contains(mentions), qPrintable(panel.obstacle()));
    QVERIFY(saysSomewhere(panel, QStringLiteral("⚠")));
    const auto *widget = named<QWidget>(panel, field.toLatin1().constData());
    QVERIFY2(widget->accessibleDescription().contains(mentions), qPrintable(widget->accessibleDescription()));
}

void JobPanelTest::aSolvedProblemDisappears()
{
    QTemporaryDir folder;
    const QString file = writeFile(folder, QStringLiteral("bad.jsonl"), "{\"a\": 1}\n{\"a\": \n");
    JobPanel panel;
    panel.setSpec(squareJob(file));
    // The error stands in the second line: only reading finds it.
    QTRY_VERIFY2(panel.obstacle().contains(u'2'), qPrintable(panel.obstacle()));
    QVERIFY(saysSomewhere(panel, QStringLiteral("⚠")));
    panel.setInput(QStringLiteral("range:4"));
    QTRY_COMPARE(panel.obstacle(), QString());
    QVERIFY(!saysSomewhere(panel, QStringLiteral("⚠")));
}

void JobPanelTest::aTypedZeroIsNotTheWordForNoNumber()
{
    JobPanel panel;
    auto *field = named<WordSpinBox>(panel, "Chunk size");
    field->setNumber(7);
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("0\t"));
    QCOMPARE(field->number(), std::optional(7));
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("12\t"));
    QCOMPARE(panel.spec().chunksize, std::optional(12));
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("auto\t"));
    QCOMPARE(panel.spec().chunksize, std::optional<int>());
}

void JobPanelTest::theWheelChangesOnlyAFieldWithTheFocus()
{
    JobPanel panel;
    panel.show();
    auto *processes = named<QSpinBox>(panel, "Processes");
    processes->setValue(3);
    const auto turn = [processes] {
        QWheelEvent event(QPointF(5, 5), processes->mapToGlobal(QPointF(5, 5)), {}, {0, 120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(processes, &event);
    };
    turn();
    QCOMPARE(processes->value(), 3);
    panel.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    processes->setFocus();
    turn();
    QCOMPARE(processes->value(), 4);
}

void JobPanelTest::aLockedFormCannotBeChanged()
{
    JobPanel panel;
    panel.setLock(JobPanel::Lock::Locked);
    for (const char *name : {"Task", "Input", "Browse input", "Method", "Processes", "Chunk size"})
        QVERIFY(!named<QWidget>(panel, name)->isEnabled());
    panel.setLock(JobPanel::Lock::Open);
    for (const char *name : {"Task", "Input", "Browse input", "Method", "Processes", "Chunk size"})
        QVERIFY(named<QWidget>(panel, name)->isEnabled());
}

void JobPanelTest::functionsOfAPythonFileCanBeChosen()
{
    QTemporaryDir folder;
    // A file that ends whoever imports it: its functions are listed all the same.
    const QString file =
        writeFile(folder, QStringLiteral("tasks.py"),
                  "import os\nos._exit(3)\ndef double(x, factor=2):\n    \"\"\"Doubles.\"\"\"\n"
                  "    return factor * x\ndef half(x):\n    return x / 2\n");
    JobPanel panel;
    panel.setInput(QStringLiteral("range:3"));
    panel.takeFile(file);
    auto *task = named<QComboBox>(panel, "Task");
    QTRY_VERIFY(task->findText(file + QStringLiteral(":half")) >= 0);
    QCOMPARE(task->currentText(), file + QStringLiteral(":double"));
    QVERIFY2(saysSomewhere(panel, QStringLiteral("Doubles")), qPrintable(visibleMessages(panel).join(u'\n')));
}

void JobPanelTest::aPythonFileWithASyntaxErrorIsNamedWithItsLine()
{
    QTemporaryDir folder;
    const QString file = writeFile(folder, QStringLiteral("broken.py"), "x = 1\ndef f(:\n    pass\n");
    JobPanel panel;
    panel.takeFile(file);
    QTRY_VERIFY2(panel.obstacle().contains(QStringLiteral("broken.py")) && panel.obstacle().contains(u'2'),
                 qPrintable(panel.obstacle()));
}

void JobPanelTest::parametersOfATaskReachTheJob()
{
    JobPanel panel;
    auto *task = named<QComboBox>(panel, "Task");
    task->setCurrentIndex(task->findText(QStringLiteral("thumbnail")));
    auto *size = named<QSpinBox>(panel, "size");
    QVERIFY(size);
    QVERIFY2(!panel.spec().parameters.contains(QStringLiteral("size")), "a default needs no word");
    size->setValue(77);
    QCOMPARE(panel.spec().parameters.value(QStringLiteral("size")).toInt(), 77);
    task->setCurrentIndex(task->findText(QStringLiteral("square")));
    QVERIFY2(panel.spec().parameters.isEmpty(), "another task's parameters");
}

void JobPanelTest::recentInputsAreKeptOnceAndBounded()
{
    JobPanel panel;
    for (int i = 0; i < 15; ++i) {
        panel.setInput(QStringLiteral("range:%1").arg(i));
        panel.rememberInput();
    }
    panel.setInput(QStringLiteral("range:12"));
    panel.rememberInput();
    QCOMPARE(panel.recentInputs().size(), 10);
    QCOMPARE(panel.recentInputs().first(), QStringLiteral("range:12"));
    QCOMPARE(panel.recentInputs().count(QStringLiteral("range:12")), 1);
}

void JobPanelTest::aFailedRunIsExplainedAtItsFieldUntilTheJobIsChanged()
{
    JobPanel panel;
    panel.setSpec(squareJob(QStringLiteral("range:3")));
    panel.showFailure(
        {JobProblem::Kind::Task, QStringLiteral("task"), QStringLiteral("no module\nTraceback…")});
    QVERIFY(saysSomewhere(panel, QStringLiteral("⚠ no module")));
    QVERIFY(!saysSomewhere(panel, QStringLiteral("Traceback")));
    QCOMPARE(panel.check(), QString()); // it may be tried again
    QVERIFY(saysSomewhere(panel, QStringLiteral("no module")));
    panel.setInput(QStringLiteral("range:4"));
    panel.check();
    QVERIFY(!saysSomewhere(panel, QStringLiteral("no module")));
}

void JobPanelTest::whatIsTooWideCanBeScrolledTo()
{
    JobPanel panel;
    panel.show();
    panel.findChild<QToolButton *>(QStringLiteral("advanced"))->click();
    panel.resize(panel.sizeHint().width(), 700);
    QTRY_VERIFY(panel.widget()->width() <= panel.viewport()->width());
    // A field may come that is wider than all others, as the parameters of a task do.
    auto *wide = new QWidget(panel.widget());
    wide->setMinimumWidth(900);
    panel.widget()->layout()->addWidget(wide);
    QTRY_VERIFY(panel.widget()->width() > 900);
    QCOMPARE(panel.horizontalScrollBar()->maximum(), panel.widget()->width() - panel.viewport()->width());
}

void JobPanelTest::labelsStandAboveTheirFieldsWhereThereIsLittleRoom()
{
    QWidget window; // a window of its own would not become narrower than its layout
    FormGrid grid(&window);
    auto *const field = new QLineEdit(&grid);
    field->setMinimumWidth(200);
    const QLabel *const label = grid.addRow(QStringLiteral("A field"), field);
    grid.resize(900, 100);
    window.show();
    QTRY_VERIFY(label->geometry().right() < field->geometry().left());
    QVERIFY(grid.minimumSizeHint().width() < 300);
    grid.resize(grid.minimumSizeHint().width(), 100);
    QTRY_VERIFY(label->geometry().bottom() < field->geometry().top());
    grid.resize(900, 100);
    QTRY_VERIFY(label->geometry().right() < field->geometry().left());
}

void JobPanelTest::fieldsStayWhereTheyAreWhenATaskIsChosen()
{
    JobPanel panel;
    panel.resize(370, 700);
    panel.show();
    const auto places = [&panel] {
        QStringList all;
        for (const char *const name : {"Task", "Input", "First items", "Item type", "Method", "Processes",
                                       "Chunk size", "Max tasks per child"}) {
            const auto *const field = named<QWidget>(panel, name);
            all += QStringLiteral("%1 at %2")
                       .arg(QLatin1String(name))
                       .arg(field->mapTo(panel.widget(), QPoint()).y());
        }
        return all;
    };
    QTRY_VERIFY(panel.widget()->height() > 400);
    const QStringList before = places();
    auto *const task = named<QComboBox>(panel, "Task");
    for (int row = 0; row < task->count(); ++row) {
        task->setCurrentIndex(row);
        panel.check();
        QCoreApplication::sendPostedEvents();
        QCOMPARE(places(), before);
    }
    task->setEditText(QStringLiteral("/nowhere/tasks.py:function"));
    panel.check();
    QCoreApplication::sendPostedEvents();
    QVERIFY(saysSomewhere(panel, QStringLiteral("⚠")));
    QCOMPARE(places(), before);
}

QTEST_MAIN(JobPanelTest)
#include "tst_jobpanel.moc"
