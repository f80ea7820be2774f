// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskplugin.h"

#include <QObject>

namespace Poolscope::Builtin {

/// The built-in tasks that work on images; a plugin of its own, so that Qt Gui is loaded only for them.
class ImagePlugin final : public QObject, public TaskPlugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID PoolscopeTaskPlugin_iid FILE "image.json")
    Q_INTERFACES(Poolscope::TaskPlugin)
public:
    ImagePlugin() = default;

    TaskFunction function(const QString &name, const QJsonObject &parameters) override;

private:
    Q_DISABLE_COPY_MOVE(ImagePlugin)
};

} // namespace Poolscope::Builtin
