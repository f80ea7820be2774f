// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskplugin.h"

#include <QObject>

namespace Poolscope::Builtin {

/// The built-in tasks that need nothing but Qt Core.
class BasicPlugin final : public QObject, public TaskPlugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID PoolscopeTaskPlugin_iid FILE "basic.json")
    Q_INTERFACES(Poolscope::TaskPlugin)
public:
    BasicPlugin() = default;

    TaskFunction function(const QString &name, const QJsonObject &parameters) override;

private:
    Q_DISABLE_COPY_MOVE(BasicPlugin)
};

} // namespace Poolscope::Builtin
