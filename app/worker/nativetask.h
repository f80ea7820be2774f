// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/task.h"
#include "core/tasks/taskplugin.h"

#include <QString>

#include <optional>
#include <string>

namespace Poolscope::Worker {

/// A function of a plugin.
class NativeTask final : public Task
{
public:
    /// \param arguments  the names in its metadata; nothing when they are not given: any number is passed on
    NativeTask(const QString &name, const std::optional<QStringList> &arguments, TaskFunction function);

    void run(const Call &call, Outcome &outcome) override;

private:
    QJsonValue call(const QJsonValue &item);
    QJsonValue callUnpacked(const QJsonValue &item);
    void checkCount(qsizetype given) const;

    const QString m_name;
    const std::optional<QStringList> m_arguments;
    const bool m_takesOne;
    const TaskFunction m_function;
};

} // namespace Poolscope::Worker
