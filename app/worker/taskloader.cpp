// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/taskloader.h"

#include "app/worker/commandtask.h"
#include "app/worker/nativetask.h"
#include "core/tasks/parametercheck.h"
#include "core/tasks/taskplugin.h"

#include <QFile>
#include <QPluginLoader>

#include <utility>

namespace Poolscope::Worker {

namespace {

[[noreturn]] void refuse(const char *type, const QString &message)
{
    throw TaskError(QLatin1String(type), message);
}

std::unique_ptr<Task> loadCommand(const TaskSpec &spec)
{
    std::vector<std::string> command;
    for (const QString &argument : spec.command)
        command.push_back(argument.toStdString());
    if (command.empty())
        refuse("ValueError", QStringLiteral("the command is empty"));
    return std::make_unique<CommandTask>(command);
}

} // namespace

TaskLoader::TaskLoader() = default;
TaskLoader::~TaskLoader() = default;

std::unique_ptr<Task> TaskLoader::load(const TaskSpec &spec)
{
    if (spec.kind == TaskKind::Command)
        return loadCommand(spec);
    if (spec.kind == TaskKind::Python)
        refuse(
            "ValueError",
            QStringLiteral("this is the worker for native tasks and commands; %1 is Python").arg(spec.name));

    const Plugin &found = plugin(spec.file);
    for (const TaskDescription &description : found.metadata.functions) {
        if (description.function != spec.function)
            continue;
        const QString problem = parameterProblem(description, spec.parameters);
        if (!problem.isEmpty())
            refuse("ValueError", problem);
        TaskFunction function =
            found.instance->function(spec.function, completeParameters(description, spec.parameters));
        if (!function)
            refuse(
                "AttributeError",
                QStringLiteral("%1: the plugin lists %2 but does not give it").arg(spec.file, spec.function));
        std::optional<QStringList> arguments;
        if (!description.arguments.isEmpty())
            arguments = description.arguments;
        return std::make_unique<NativeTask>(spec.function, arguments, std::move(function));
    }
    refuse("AttributeError",
           QStringLiteral("%1: the plugin has no function named %2").arg(spec.file, spec.function));
}

void TaskLoader::initialize(const QJsonObject &initializer, const QString &taskFile)
{
    const QString name = initializer.value(QLatin1String("function")).toString();
    if (name.isEmpty())
        return;
    const QString given = initializer.value(QLatin1String("file")).toString();
    const QString file = given.isEmpty() ? taskFile : given;
    if (file.isEmpty())
        refuse("ValueError",
               QStringLiteral("a command has no initializer: it is started anew for every item"));
    const Plugin &found = plugin(file);
    if (!found.metadata.initializers.contains(name))
        refuse("AttributeError",
               QStringLiteral("%1: the plugin has no initializer named %2").arg(file, name));
    found.instance->initialize(name, initializer.value(QLatin1String("args")).toArray());
}

const TaskLoader::Plugin &TaskLoader::plugin(const QString &file)
{
    if (const auto known = m_plugins.find(file); known != m_plugins.end())
        return known->second;

    Plugin loaded;
    loaded.metadata = readPluginMetadata(file);
    if (!loaded.metadata.error.isEmpty())
        refuse(QFile::exists(file) ? "ImportError" : "FileNotFoundError", loaded.metadata.error);
    loaded.loader = std::make_unique<QPluginLoader>(file);
    // Symbols are resolved now: one that is missing must fail the loading, not end the worker at an item.
    loaded.loader->setLoadHints(QLibrary::PreventUnloadHint | QLibrary::ResolveAllSymbolsHint);
    QObject *object = loaded.loader->instance();
    if (!object)
        refuse("ImportError",
               QStringLiteral("%1: the plugin cannot be loaded: %2").arg(file, loaded.loader->errorString()));
    loaded.instance = qobject_cast<TaskPlugin *>(object);
    if (!loaded.instance)
        refuse("ImportError",
               QStringLiteral("%1: the plugin's class is no Poolscope::TaskPlugin: derive it from "
                              "that class and name it in Q_INTERFACES")
                   .arg(file));
    return m_plugins.emplace(file, std::move(loaded)).first->second;
}

} // namespace Poolscope::Worker
