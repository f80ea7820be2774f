// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/taskplugin.h"

#include <QObject>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <limits>

#include <unistd.h>

using Poolscope::Arguments;
using Poolscope::TaskError;
using Poolscope::TaskFunction;

namespace {

QJsonValue print(Arguments arguments)
{
    const char text[] = "raw bytes\n";
    std::printf("printed %d\n", arguments[0].toInt());
    std::cout << "streamed" << std::endl;
    for (int descriptor = 0; descriptor < 100; ++descriptor)
        [[maybe_unused]] const ssize_t written = write(descriptor, text, sizeof text - 1);
    return arguments[0];
}

QJsonValue closeAll(Arguments arguments)
{
    for (int descriptor = 0; descriptor < 100; ++descriptor)
        close(descriptor);
    return arguments[0];
}

QJsonValue dieAt777(Arguments arguments)
{
    if (arguments[0].toInt() == 777)
        std::raise(SIGKILL);
    return arguments[0];
}

QJsonValue readStdin(Arguments)
{
    char byte = 0;
    return qint64(read(0, &byte, 1));
}

} // namespace

class Unruly final : public QObject, public Poolscope::TaskPlugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID PoolscopeTaskPlugin_iid FILE "unruly.json")
    Q_INTERFACES(Poolscope::TaskPlugin)
public:
    TaskFunction function(const QString &name, const QJsonObject &parameters) override
    {
        if (name == QLatin1String("print"))
            return print;
        if (name == QLatin1String("close_all"))
            return closeAll;
        if (name == QLatin1String("raise_task"))
            return [](Arguments) -> QJsonValue {
                throw TaskError(QStringLiteral("OwnError"), QStringLiteral("own “words”"));
            };
        if (name == QLatin1String("raise_std"))
            return [](Arguments) -> QJsonValue { throw std::out_of_range("too far"); };
        if (name == QLatin1String("raise_int"))
            return [](Arguments) -> QJsonValue { throw 5; };
        if (name == QLatin1String("not_a_number"))
            return [](Arguments) -> QJsonValue {
                return QJsonArray{
                    1, QJsonObject{{QStringLiteral("x"), std::numeric_limits<double>::quiet_NaN()}}};
            };
        if (name == QLatin1String("no_value"))
            return [](Arguments) { return QJsonValue(QJsonValue::Undefined); };
        if (name == QLatin1String("half_pair"))
            return [](Arguments) { return QJsonValue(QString(QChar(0xd800))); };
        if (name == QLatin1String("die_at_777"))
            return dieAt777;
        if (name == QLatin1String("read_stdin"))
            return readStdin;
        if (name == QLatin1String("remembered"))
            return [this](Arguments) { return QJsonValue(m_remembered); };
        if (name == QLatin1String("picky")) {
            const int level = parameters.value(QLatin1String("level")).toInt();
            if (level > 5)
                throw TaskError(QStringLiteral("ValueError"),
                                QStringLiteral("level %1 is too high").arg(level));
            return [level](Arguments) { return QJsonValue(level); };
        }
        return {};
    }

    void initialize(const QString &name, const QJsonArray &arguments) override
    {
        if (name == QLatin1String("refuse"))
            throw std::runtime_error("no, thanks");
        m_remembered = arguments.at(0);
    }

private:
    QJsonValue m_remembered;
};

#include "unruly.moc"
