// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/parametercheck.h"
#include "core/tasks/pluginmetadata.h"
#include "core/tasks/taskspec.h"
#include "tests/fuzz/fuzz.h"

#include <QJsonDocument>

using namespace Poolscope;

/// The description of a function, parameters for it, and the message that carries both: any JSON will do.
void fuzz::run(std::string_view bytes)
{
    const QJsonObject json =
        QJsonDocument::fromJson(QByteArray(bytes.data(), qsizetype(bytes.size()))).object();
    const TaskDescription task = describeFunction(json.value(QLatin1String("function")).toObject(),
                                                  TaskKind::Native, QStringLiteral("plugin.so"));
    const QJsonObject parameters = json.value(QLatin1String("parameters")).toObject();
    const QJsonObject complete = completeParameters(task, parameters);
    for (auto given = parameters.begin(); given != parameters.end(); ++given)
        MUST(complete.value(given.key()) == given.value());
    MUST(completeParameters(task, complete) == complete);
    parameterProblem(task, parameters);

    const TaskSpec spec = taskFromJson(json);
    MUST(taskFromJson(taskToJson(7, spec)) == spec);
}
