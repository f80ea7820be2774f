// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/worker/task.h"
#include "core/tasks/pluginmetadata.h"
#include "core/tasks/taskspec.h"

#include <QJsonObject>

#include <map>
#include <memory>

class QPluginLoader;

namespace Poolscope {
class TaskPlugin;
}

namespace Poolscope::Worker {

/// Loads tasks and runs initializers.
class TaskLoader
{
public:
    TaskLoader();
    ~TaskLoader();
    TaskLoader(const TaskLoader &) = delete;
    TaskLoader &operator=(const TaskLoader &) = delete;

    /// \throws TaskError or whatever the plugin throws
    std::unique_ptr<Task> load(const TaskSpec &spec);

    /// \param initializer  as in the Setup frame
    /// \param taskFile     what an initializer without a file is in
    void initialize(const QJsonObject &initializer, const QString &taskFile);

private:
    struct Plugin
    {
        PluginMetadata metadata;
        std::unique_ptr<QPluginLoader> loader;
        TaskPlugin *instance = nullptr;
    };
    const Plugin &plugin(const QString &file);

    std::map<QString, Plugin> m_plugins;
};

} // namespace Poolscope::Worker
