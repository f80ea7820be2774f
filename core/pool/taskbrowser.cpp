// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/taskbrowser.h"

#include "core/engine/pythoninspection.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Poolscope {

namespace {

TaskDescription describe(const QString &file, const QJsonObject &function)
{
    TaskDescription task;
    task.kind = TaskKind::Python;
    task.file = QFileInfo(file).absoluteFilePath();
    task.function = function.value(QStringLiteral("name")).toString();
    task.name = file + QLatin1Char(':') + task.function;
    task.description = function.value(QStringLiteral("description")).toString();
    task.item = function.value(QStringLiteral("item")).toString();
    for (const QJsonValue &argument : function.value(QStringLiteral("arguments")).toArray())
        task.arguments << argument.toString();
    for (const QJsonValue &value : function.value(QStringLiteral("parameters")).toArray()) {
        const QJsonObject parameter = value.toObject();
        task.parameters.append({parameter.value(QStringLiteral("name")).toString(),
                                parameter.value(QStringLiteral("type")).toString(),
                                parameter.value(QStringLiteral("default")),
                                parameter.value(QStringLiteral("description")).toString()});
    }
    return task;
}

} // namespace

class PythonFileBrowser::Private
{
public:
    std::unique_ptr<PythonInspection> inspection;
};

PythonFileBrowser::PythonFileBrowser(QObject *parent) : QObject(parent), d(std::make_unique<Private>()) {}

PythonFileBrowser::~PythonFileBrowser() = default;

void PythonFileBrowser::browse(const QString &file, const QString &python)
{
    d->inspection = std::make_unique<PythonInspection>();
    // Queued: what answers may start the next one, which destroys the sender.
    connect(d->inspection.get(), &PythonInspection::failed, this, &PythonFileBrowser::failed,
            Qt::QueuedConnection);
    connect(
        d->inspection.get(), &PythonInspection::finished, this,
        [this, file](const QByteArray &json) {
            const QJsonObject answer = QJsonDocument::fromJson(json).object();
            if (const QString error = answer.value(QStringLiteral("error")).toString(); !error.isEmpty()) {
                Q_EMIT failed(error);
                return;
            }
            QList<TaskDescription> tasks;
            for (const QJsonValue &function : answer.value(QStringLiteral("functions")).toArray())
                tasks.append(describe(file, function.toObject()));
            Q_EMIT found(tasks);
        },
        Qt::QueuedConnection);
    d->inspection->start(file, python);
}

} // namespace Poolscope
