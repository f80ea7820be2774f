// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/taskfield.h"

#include "ui/controls/namedcombobox.h"
#include "ui/jobpanel/fieldmessage.h"
#include "ui/jobpanel/formgrid.h"
#include "ui/jobpanel/parameterform.h"
#include "ui/jobpanel/spinboxes.h"
#include "ui/jobpanel/taskdelegate.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QCompleter>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedLayout>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace Poolscope {

namespace {

// As many as those of the built-in tasks take.
constexpr int descriptionLines = 4;

QString commandEntry()
{
    return TaskField::tr("Command");
}

QStandardItem *makeItem(const QString &name, const QString &title, const QString &origin,
                        const QString &description)
{
    auto *item = new QStandardItem(name);
    item->setData(title, TaskDelegate::TitleRole);
    item->setData(origin, TaskDelegate::OriginRole);
    item->setData(description, TaskDelegate::DescriptionRole);
    item->setData(description, Qt::AccessibleDescriptionRole);
    return item;
}

} // namespace

TaskField::TaskField(QWidget *parent)
    : QWidget(parent)
    , m_combo(new NamedComboBox(this))
    , m_more(new QPushButton(tr("Open"), this))
    , m_model(new QStandardItemModel(this))
    , m_commandRow(new FormGrid(this))
    , m_command(new QLineEdit(m_commandRow))
    , m_description(new FieldMessage(m_combo, this))
    , m_about(new QStackedLayout)
    , m_example(new QPushButton(this))
    , m_parameters(new ParameterForm(this))
{
    m_combo->setEditable(true);
    m_combo->setInsertPolicy(QComboBox::NoInsert);
    // What is typed is taken as it stands: a completion would make "tasks.py:f" into "tasks.py:fast".
    m_combo->setCompleter(nullptr);
    m_combo->setModel(m_model);
    m_combo->setItemDelegate(new TaskDelegate(m_combo));
    m_combo->setMaxVisibleItems(12);
    m_combo->view()->setMinimumWidth(fontMetrics().averageCharWidth() * 64);
    m_combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_combo->setMinimumContentsLength(16);
    m_combo->setFocusPolicy(Qt::StrongFocus);
    m_combo->setAccessibleName(tr("Task"));
    m_combo->lineEdit()->setPlaceholderText(tr("Choose a task or type its name"));
    m_combo->setAcceptDrops(false);
    m_combo->lineEdit()->setAcceptDrops(false); // a dropped file is for the window
    m_combo->lineEdit()->setAccessibleName(tr("Name of the task"));
    new WheelGuard(m_combo);

    m_more->setAccessibleName(tr("Open a task"));
    m_more->setToolTip(tr("A task of your own: a Python file, a plugin or a command"));
    m_more->setAutoDefault(false);
    auto *menu = new QMenu(m_more);
    menu->addAction(tr("&Python file…"), this, &TaskField::choosePython);
    menu->addAction(tr("P&lugin…"), this, &TaskField::choosePlugin);
    menu->addAction(tr("&Command…"), this, &TaskField::chooseCommand);
    m_more->setMenu(menu);

    m_command->setAccessibleName(tr("Command line"));
    m_command->setPlaceholderText(QStringLiteral("wc -w {}"));
    m_commandRow->addWide(m_command);
    auto *placeholders = new FieldMessage(m_command, m_commandRow);
    m_commandRow->addWide(placeholders);
    placeholders->setLines(descriptionLines - 2); // the rest is as high as the line above it
    placeholders->setHint(
        tr("{} is the item, {/} its base name, {.} it without extension, {n} its index. No shell."));

    m_example->setAutoDefault(false);
    m_example->setToolTip(tr("Fills in an input to try the task on"));
    m_example->hide();
    QSizePolicy steady = m_example->sizePolicy();
    steady.setRetainSizeWhenHidden(true); // what is below stays where it is
    m_example->setSizePolicy(steady);
    m_description->setLines(descriptionLines);

    auto *row = new QHBoxLayout;
    row->setSpacing(Theme::space);
    row->addWidget(m_combo, 1);
    row->addWidget(m_more);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spaceSmall);
    auto *heading = new QHBoxLayout;
    heading->addWidget(makeLabel(tr("&Task"), m_combo, this), 1);
    heading->addWidget(m_example);
    layout->addLayout(heading);
    layout->addLayout(row);
    m_about->addWidget(m_description);
    m_about->addWidget(m_commandRow);
    layout->addLayout(m_about);

    addTasks(builtinTasks());
    m_model->appendRow(makeItem(commandEntry(), commandEntry(), {}, tr("Runs any program, once per item.")));
    m_combo->setCurrentIndex(-1);

    describe({});
    connect(m_combo, &QComboBox::currentTextChanged, this, &TaskField::follow);
    connect(m_command, &QLineEdit::textChanged, this, &TaskField::changed);
    connect(m_parameters, &ParameterForm::changed, this, &TaskField::changed);
    connect(m_example, &QPushButton::clicked, this,
            [this] { Q_EMIT exampleWanted(m_example->property("example").toString()); });
    connect(&m_files, &TaskFiles::listed, this, &TaskField::takeListed);
    connect(&m_files, &TaskFiles::failed, this, [this](const QString &message, bool isWanted) {
        if (!isWanted)
            return; // findTask() and the worker say it when the task is used
        m_fileProblem = message;
        Q_EMIT changed();
    });
}

QString TaskField::task() const
{
    return isCommand() ? QString() : m_combo->currentText().trimmed();
}

QString TaskField::commandTemplate() const
{
    return isCommand() ? m_command->text().trimmed() : QString();
}

bool TaskField::isCommand() const
{
    return m_combo->currentText() == commandEntry();
}

QJsonObject TaskField::parameters() const
{
    return isCommand() ? QJsonObject() : m_parameters->values();
}

QWidget *TaskField::parameterFields() const
{
    return m_parameters;
}

void TaskField::setTask(const QString &task, const QString &commandTemplate, const QJsonObject &parameters)
{
    m_command->setText(commandTemplate);
    const QString text = commandTemplate.isEmpty() ? task : commandEntry();
    const int row = m_combo->findText(text, Qt::MatchExactly | Qt::MatchCaseSensitive);
    m_combo->setCurrentIndex(row);
    if (row < 0)
        m_combo->setEditText(text);
    follow();
    m_parameters->setValues(parameters);
    Q_EMIT changed();
}

void TaskField::setPython(const QString &interpreter)
{
    m_files.setPython(interpreter);
}

void TaskField::openFile(const QString &file)
{
    if (QFileInfo(file).suffix() == u"py")
        m_files.openPython(file, true);
    else
        m_files.openPlugin(file, true);
}

void TaskField::choosePython()
{
    m_files.choosePython(window());
}

void TaskField::choosePlugin()
{
    m_files.choosePlugin(window());
}

void TaskField::chooseCommand()
{
    m_combo->setCurrentIndex(m_combo->findText(commandEntry()));
    m_command->setFocus(Qt::OtherFocusReason);
}

void TaskField::setProblem(const QString &option, const QString &message)
{
    if (option == u"param")
        m_parameters->setProblem(message);
    else
        m_description->setProblem(message);
}

void TaskField::clearProblems()
{
    m_description->setProblem({});
    m_parameters->setProblem({});
}

void TaskField::addTasks(const QList<TaskDescription> &tasks)
{
    const QSignalBlocker blocker(m_combo);
    const QString text = m_combo->currentText();
    for (const TaskDescription &task : tasks) {
        const bool isBuiltin = !task.name.contains(u'/');
        if (!m_descriptions.contains(task.name))
            m_model->insertRow(isBuiltin ? m_model->rowCount() : 0,
                               makeItem(task.name, isBuiltin ? task.name : task.function,
                                        isBuiltin ? QString() : QFileInfo(task.file).fileName(),
                                        task.description));
        m_descriptions.insert(task.name, task);
    }
    m_combo->setEditText(text);
}

void TaskField::takeListed(const QList<TaskDescription> &tasks, bool isWanted)
{
    m_fileProblem.clear();
    addTasks(tasks);
    if (!tasks.isEmpty())
        m_listedFiles.insert(tasks.first().file);
    m_described.clear();
    if (isWanted && !tasks.isEmpty()) {
        m_parameters->setValues({});
        m_combo->setCurrentIndex(m_combo->findText(tasks.first().name));
        if (tasks.size() > 1)
            m_combo->showPopup();
    }
    follow();
}

void TaskField::follow()
{
    const QString text = m_combo->currentText();
    if (text != m_described) {
        // The next task has no use for this one's values, unless only its description became known.
        if (!m_described.isEmpty())
            m_parameters->setValues({});
        m_described = text;
        m_fileProblem.clear();
        describe(currentDescription());
    }
    m_about->setCurrentIndex(isCommand() ? 1 : 0);
    Q_EMIT changed();
}

TaskDescription TaskField::currentDescription()
{
    const QString text = m_combo->currentText().trimmed();
    if (isCommand() || text.isEmpty())
        return {};
    if (const auto known = m_descriptions.constFind(text); known != m_descriptions.constEnd())
        return *known;
    const TaskLookup lookup = findTask(text);
    const QString file = lookup.description.file;
    // Listed by the file's whole path, however it is named here.
    const QString whole = QFileInfo(file).absoluteFilePath() + QLatin1Char(':') + lookup.description.function;
    if (const auto known = m_descriptions.constFind(whole); known != m_descriptions.constEnd())
        return *known;
    if (lookup.error.isEmpty() && lookup.description.kind == TaskKind::Python &&
        !m_listedFiles.contains(file)) {
        m_listedFiles.insert(file);
        m_files.openPython(file, false);
    }
    return lookup.description;
}

void TaskField::describe(const TaskDescription &description)
{
    QStringList parts;
    if (isCommand())
        parts.append(tr("Runs a program once per item; the value is what it prints."));
    else if (!description.description.isEmpty())
        parts.append(description.description);
    if (!description.item.isEmpty())
        parts.append(tr("Item: %1.").arg(description.item));
    if (parts.isEmpty())
        parts.append(m_combo->currentText().isEmpty()
                         ? tr("What the task does, and what it takes, will stand here.")
                         : tr("Nothing is said of this task: the docstring of a function would stand here."));
    m_description->setHint(parts.join(QLatin1Char('\n')));
    m_parameters->setParameters(description.parameters);
    m_example->setVisible(!description.example.isEmpty());
    // The folder of a sample is no news and would widen the form.
    const QString name = description.example.section(QLatin1Char('/'), -1);
    m_example->setText(tr("Try it on %1").arg(name));
    m_example->setToolTip(description.example == name ? QString() : description.example.toHtmlEscaped());
    m_example->setProperty("example", description.example);
    m_combo->setToolTip(m_combo->currentText().toHtmlEscaped());
}

} // namespace Poolscope
