// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <poolscope/taskplugin.h>

class MyTasks final : public QObject, public Poolscope::TaskPlugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID PoolscopeTaskPlugin_iid FILE "mytasks.json")
    Q_INTERFACES(Poolscope::TaskPlugin)
public:
    Poolscope::TaskFunction function(const QString &name, const QJsonObject &parameters) override;
    void initialize(const QString &name, const QJsonArray &arguments) override;

private:
    double m_offset = 0;
};
