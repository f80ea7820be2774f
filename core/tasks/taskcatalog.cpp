// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/taskcatalog.h"

#include "core/tasks/installation.h"
#include "core/tasks/parametercheck.h"
#include "core/tasks/pluginmetadata.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>

#include <algorithm>
#include <numeric>
#include <vector>

namespace Poolscope {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Poolscope::TaskCatalog)
};

/// Built-in tasks name our own samples by their place below the prefix.
QString resolvedExample(const QString &example)
{
    const QString samples = QStringLiteral("samples/");
    return example.startsWith(samples)
               ? Installation::samplesFolder() + QLatin1Char('/') + example.mid(samples.size())
               : example;
}

QList<TaskDescription> nativeBuiltins()
{
    QList<TaskDescription> tasks;
    const QDir folder(Installation::taskPluginFolder());
    const QStringList files = folder.entryList({QStringLiteral("*.so")}, QDir::Files, QDir::Name);
    for (const QString &file : files) {
        const PluginMetadata metadata = readPluginMetadata(folder.absoluteFilePath(file));
        if (!metadata.error.isEmpty())
            qWarning("%s", qUtf8Printable(metadata.error));
        for (TaskDescription task : metadata.functions) {
            task.name = task.function;
            task.example = resolvedExample(task.example);
            tasks.append(task);
        }
    }
    return tasks;
}

QList<TaskDescription> pythonBuiltins()
{
    const QString folder = Installation::pythonFolder();
    QFile list(folder + QStringLiteral("/tasks.json"));
    if (!list.open(QIODevice::ReadOnly))
        return {};
    QJsonParseError problem;
    const QJsonObject json = QJsonDocument::fromJson(list.readAll(), &problem).object();
    if (problem.error != QJsonParseError::NoError)
        qWarning("%s: %s", qUtf8Printable(list.fileName()), qUtf8Printable(problem.errorString()));
    const QString file = folder + QLatin1Char('/') + json.value(QLatin1String("file")).toString();
    QList<TaskDescription> tasks;
    const QJsonArray functions = json.value(QLatin1String("functions")).toArray();
    for (const QJsonValue &function : functions) {
        TaskDescription task = describeFunction(function.toObject(), TaskKind::Python, file);
        task.name = QStringLiteral("python.") + task.function;
        task.example = resolvedExample(task.example);
        tasks.append(task);
    }
    return tasks;
}

/// Edits (insert, delete, replace a letter) that make one name of the other.
int distance(const QString &a, const QString &b)
{
    std::vector<int> row(std::size_t(b.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < a.size(); ++i) {
        int diagonal = std::exchange(row[0], int(i) + 1);
        for (std::size_t j = 1; j < row.size(); ++j) {
            const int replaced = diagonal + (a[i] == b[qsizetype(j) - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
        }
    }
    return row.back();
}

QString unknownName(const QString &name, const QList<TaskDescription> &builtins)
{
    QStringList near;
    const QString wanted = name.toLower();
    for (const TaskDescription &task : builtins) {
        // A third of the letters may be wrong: more would offer names that have nothing in common.
        if (distance(wanted, task.name) <= std::max(1, int(wanted.size() / 3)) ||
            (wanted.size() >= 3 && task.name.contains(wanted)))
            near.append(task.name);
    }
    QString text = Text::tr("no task is named \"%1\".").arg(name);
    if (!near.isEmpty())
        text += QLatin1Char(' ') + Text::tr("Did you mean %1?").arg(near.join(QStringLiteral(", ")));
    if (name.endsWith(QLatin1String(".py")) || name.endsWith(QLatin1String(".so")))
        text += QLatin1Char(' ') + Text::tr("To use a file, name its function too: %1:FUNCTION.").arg(name);
    else
        text += QLatin1Char(' ') + Text::tr("--list-tasks shows all built-in tasks; your own are named "
                                            "FILE.py:FUNCTION or PLUGIN.so:FUNCTION.");
    return text;
}

bool isPythonFile(const QString &file)
{
    return file.endsWith(QLatin1String(".py"));
}

bool isPluginFile(const QString &file)
{
    return file.endsWith(QLatin1String(".so")) || file.contains(QLatin1String(".so."));
}

TaskLookup failed(TaskLookup lookup, const QString &error, bool isUsageError)
{
    lookup.error = error;
    lookup.isUsageError = isUsageError;
    return lookup;
}

TaskLookup resolved(TaskLookup lookup, const TaskDescription &task, const QJsonObject &parameters)
{
    lookup.description = task;
    lookup.spec.kind = task.kind;
    lookup.spec.file = task.file;
    lookup.spec.function = task.function;
    lookup.spec.parameters = parameters;
    const QString problem = parameterProblem(task, parameters);
    return problem.isEmpty() ? lookup : failed(lookup, problem, true);
}

QStringList functionNames(const QList<TaskDescription> &tasks)
{
    QStringList names;
    for (const TaskDescription &task : tasks)
        names.append(task.function);
    return names;
}

TaskLookup findInPlugin(TaskLookup lookup, const QString &file, const QString &function,
                        const QJsonObject &parameters)
{
    const PluginMetadata metadata = readPluginMetadata(file);
    if (!metadata.error.isEmpty())
        return failed(lookup, metadata.error, false);
    for (const TaskDescription &task : metadata.functions) {
        if (task.function == function)
            return resolved(lookup, task, parameters);
    }
    return failed(lookup,
                  Text::tr("%1: the plugin has no function named \"%2\". It has: %3")
                      .arg(file, function, functionNames(metadata.functions).join(QStringLiteral(", "))),
                  false);
}

TaskLookup findInFile(TaskLookup lookup, const QString &file, const QString &function,
                      const QJsonObject &parameters)
{
    if (function.isEmpty())
        return failed(lookup,
                      Text::tr("\"%1\" names no function: write %2:FUNCTION").arg(lookup.spec.name, file),
                      true);
    if (file.isEmpty())
        return failed(lookup,
                      Text::tr("\"%1\" names no file: write FILE.py:%2 or PLUGIN.so:%2")
                          .arg(lookup.spec.name, function),
                      true);
    if (isPluginFile(file))
        return findInPlugin(lookup, QFileInfo(file).absoluteFilePath(), function, parameters);
    if (!isPythonFile(file))
        return failed(lookup,
                      Text::tr("\"%1\": %2 is neither a Python file (.py) nor a plugin (.so). For any other "
                               "program use --command")
                          .arg(lookup.spec.name, file),
                      true);

    const QString path = QFileInfo(file).absoluteFilePath();
    const QString problem = fileProblem(path);
    if (!problem.isEmpty())
        return failed(lookup, problem, false);
    // Which parameters a user's function takes is known only to Python, so they are passed on unchecked.
    lookup.spec.kind = TaskKind::Python;
    lookup.spec.file = path;
    lookup.spec.function = function;
    lookup.spec.parameters = parameters;
    lookup.description.name = path + QLatin1Char(':') + function;
    lookup.description.kind = TaskKind::Python;
    lookup.description.file = path;
    lookup.description.function = function;
    return lookup;
}

} // namespace

QList<TaskDescription> builtinTasks()
{
    return nativeBuiltins() + pythonBuiltins();
}

QList<TaskDescription> pluginTasks(const QString &file, QString *error)
{
    const PluginMetadata metadata = readPluginMetadata(file);
    *error = metadata.error;
    return metadata.functions;
}

TaskLookup findTask(const QString &name, const QJsonObject &parameters)
{
    TaskLookup lookup;
    lookup.spec.name = name;
    lookup.description.name = name;
    if (name.trimmed().isEmpty())
        return failed(lookup, Text::tr("no task is named: --list-tasks shows the built-in ones"), true);

    const QList<TaskDescription> builtins = builtinTasks();
    for (const TaskDescription &task : builtins) {
        if (task.name == name)
            return resolved(lookup, task, parameters);
    }
    const qsizetype colon = name.lastIndexOf(QLatin1Char(':'));
    if (colon >= 0)
        return findInFile(lookup, name.left(colon), name.mid(colon + 1), parameters);
    return failed(lookup, unknownName(name, builtins), true);
}

InitializerSpec findInitializer(const QString &text, const QJsonArray &arguments, const TaskSpec &task,
                                QString *error)
{
    error->clear();
    InitializerSpec spec;
    if (text.isEmpty())
        return spec;
    if (task.kind == TaskKind::Command) {
        *error = Text::tr("a command has no initializer: it is started anew for every item");
        return spec;
    }
    const qsizetype colon = text.lastIndexOf(QLatin1Char(':'));
    const QString file = colon < 0 ? QString() : text.left(colon);
    const QString function = text.mid(colon + 1);
    if (function.isEmpty() || (colon >= 0 && file.isEmpty())) {
        *error = Text::tr("\"%1\" is no initializer: write [FILE:]FUNCTION").arg(text);
        return spec;
    }
    if (!file.isEmpty()) {
        const bool fits = task.kind == TaskKind::Python ? isPythonFile(file) : isPluginFile(file);
        if (!fits) {
            *error =
                task.kind == TaskKind::Python
                    ? Text::tr("%1: the initializer of a Python task must be in a Python file (.py)")
                          .arg(file)
                    : Text::tr("%1: the initializer of a native task must be in a plugin (.so)").arg(file);
            return spec;
        }
        spec.file = QFileInfo(file).absoluteFilePath();
        *error = fileProblem(spec.file);
    }
    if (error->isEmpty() && task.kind == TaskKind::Native) {
        const QString plugin = spec.file.isEmpty() ? task.file : spec.file;
        const PluginMetadata metadata = readPluginMetadata(plugin);
        *error = metadata.error;
        if (error->isEmpty() && !metadata.initializers.contains(function))
            *error = metadata.initializers.isEmpty()
                         ? Text::tr("%1: the plugin has no initializers").arg(plugin)
                         : Text::tr("%1: the plugin has no initializer named \"%2\". It has: %3")
                               .arg(plugin, function, metadata.initializers.join(QStringLiteral(", ")));
    }
    spec.function = function;
    spec.arguments = arguments;
    return spec;
}

} // namespace Poolscope
