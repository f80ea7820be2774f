// SPDX-License-Identifier: GPL-3.0-or-later
#include <QObject>
#include <QtPlugin>

class Outdated final : public QObject
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID "org.poolscope.TaskPlugin/0.9")
};

#include "outdated.moc"
