// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/pluginmetadata.h"

#include "core/tasks/taskplugin.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPluginLoader>
#include <QVersionNumber>

namespace Poolscope {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Poolscope::PluginMetadata)
};

QString version(const QString &iid)
{
    return iid.section(QLatin1Char('/'), 1);
}

QString interfaceProblem(const QString &file, const QString &iid)
{
    const QString ours = QStringLiteral(PoolscopeTaskPlugin_iid);
    if (iid == ours)
        return {};
    if (iid.section(QLatin1Char('/'), 0, 0) == ours.section(QLatin1Char('/'), 0, 0))
        return Text::tr("%1: the plugin was built against task interface %2, this is %3: rebuild it with the "
                        "header of this version")
            .arg(file, version(iid), version(ours));
    return Text::tr("%1: this is a Qt plugin of another kind (%2), not a Poolscope task plugin")
        .arg(file, iid);
}

bool isLibrary(const QString &file)
{
    QFile content(file);
    return content.open(QIODevice::ReadOnly) && content.read(4) == "\177ELF";
}

/// Qt loads plugins built for its own major version and any minor one up to its own.
QString qtProblem(const QString &file, qint64 builtFor)
{
    const QVersionNumber theirs(int(builtFor >> 16), int(builtFor >> 8 & 0xff));
    const QVersionNumber ours = QVersionNumber::fromString(QLatin1String(qVersion()));
    if (theirs.majorVersion() == ours.majorVersion() && theirs.minorVersion() <= ours.minorVersion())
        return {};
    return Text::
        tr("%1: the plugin was built for Qt %2, this program uses %3: rebuild it with the Qt installed here")
            .arg(file, theirs.toString(), ours.toString());
}

} // namespace

QString fileProblem(const QString &file)
{
    const QFileInfo info(file);
    if (!info.exists())
        return Text::tr("%1: no such file").arg(file);
    if (info.isDir())
        return Text::tr("%1: this is a folder, not a file").arg(file);
    if (!info.isReadable())
        return Text::tr("%1: the file cannot be read: check its permissions").arg(file);
    return {};
}

TaskDescription describeFunction(const QJsonObject &function, TaskKind kind, const QString &file)
{
    TaskDescription task;
    task.kind = kind;
    task.file = file;
    task.function = function.value(QLatin1String("name")).toString();
    task.description = function.value(QLatin1String("description")).toString();
    task.item = function.value(QLatin1String("item")).toString();
    task.example = function.value(QLatin1String("example")).toString();
    const QJsonArray arguments = function.value(QLatin1String("arguments")).toArray();
    for (const QJsonValue &argument : arguments)
        task.arguments.append(argument.toString());
    const QJsonArray parameters = function.value(QLatin1String("parameters")).toArray();
    for (const QJsonValue &value : parameters) {
        const QJsonObject parameter = value.toObject();
        task.parameters.append({parameter.value(QLatin1String("name")).toString(),
                                parameter.value(QLatin1String("type")).toString(),
                                parameter.value(QLatin1String("default")),
                                parameter.value(QLatin1String("description")).toString()});
    }
    return task;
}

PluginMetadata readPluginMetadata(const QString &file)
{
    PluginMetadata result;
    result.error = fileProblem(file);
    if (!result.error.isEmpty())
        return result;

    const QString path = QFileInfo(file).absoluteFilePath();
    // Asked first because QPluginLoader complains on stderr about some of the rest (an empty file).
    if (!isLibrary(path)) {
        result.error =
            Text::tr("%1: this is no plugin, not even a shared library: give the .so file that was built "
                     "from the plugin's source")
                .arg(path);
        return result;
    }
    const QPluginLoader loader(path);
    const QJsonObject all = loader.metaData();
    if (all.isEmpty()) {
        result.error =
            Text::tr("%1: a shared library, but not a Poolscope task plugin: it carries no plugin metadata")
                .arg(path);
        return result;
    }
    result.error = interfaceProblem(path, all.value(QLatin1String("IID")).toString());
    if (result.error.isEmpty())
        result.error = qtProblem(path, all.value(QLatin1String("version")).toInteger());
    if (!result.error.isEmpty())
        return result;

    const QJsonObject own = all.value(QLatin1String("MetaData")).toObject();
    const QJsonArray functions = own.value(QLatin1String("functions")).toArray();
    for (const QJsonValue &function : functions) {
        TaskDescription task = describeFunction(function.toObject(), TaskKind::Native, path);
        task.name = path + QLatin1Char(':') + task.function;
        result.functions.append(task);
    }
    const QJsonArray initializers = own.value(QLatin1String("initializers")).toArray();
    for (const QJsonValue &initializer : initializers)
        result.initializers.append(initializer.toString());
    result.isReentrant = own.value(QLatin1String("reentrant")).toBool();
    if (result.functions.isEmpty())
        result.error = Text::tr("%1: the plugin describes no functions: list them under \"functions\" in the "
                                "JSON file named in Q_PLUGIN_METADATA")
                           .arg(path);
    return result;
}

} // namespace Poolscope
