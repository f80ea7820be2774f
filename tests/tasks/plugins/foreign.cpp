// SPDX-License-Identifier: GPL-3.0-or-later
#include <QObject>
#include <QtPlugin>

class Foreign final : public QObject
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID "org.example.Something/1.0")
};

#include "foreign.moc"
