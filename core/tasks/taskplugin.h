// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QtPlugin>

#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

/// The interface of native tasks. This header stands alone: a plugin needs it and Qt Core, nothing else.
///
/// A plugin describes its functions in the JSON file it names in Q_PLUGIN_METADATA, which programs read
/// without running any of its code:
///
///     {
///       "name": "My tasks",
///       "functions": [
///         {
///           "name": "scale",
///           "description": "Multiplies a number by a factor.",
///           "item": "a number",
///           "arguments": ["x"],
///           "parameters": [
///             { "name": "factor", "type": "number", "default": 2, "description": "What to multiply by" }
///           ],
///           "example": "range:1000"
///         }
///       ],
///       "initializers": ["prepare"],
///       "reentrant": true
///     }
///
/// "reentrant" says that functions that function() gave may run at the same time, each in a thread of its
/// own: a comparison of the pool with threads needs that. Without it a function is never run beside another.
///
/// Parameter types: integer, number, text, boolean, folder, file. Only worker processes load plugins.
namespace Poolscope {

/// Raised by a task to fail its item with a type of its own. Any other std::exception fails the item too,
/// under the name of its class.
class TaskError : public std::runtime_error
{
public:
    TaskError(const QString &type, const QString &message)
        : std::runtime_error(message.toStdString()), m_type(type)
    {}
    const QString &type() const { return m_type; }

private:
    QString m_type;
};

/// The positional arguments of one call: one for map, imap and apply; the elements of the item for starmap.
using Arguments = std::span<const QJsonValue>;

/// A function ready to be called, once per item, always from the same thread of the worker.
using TaskFunction = std::function<QJsonValue(Arguments)>;

class TaskPlugin
{
public:
    virtual ~TaskPlugin() = default;

    /// \param name        one of the "functions" of the metadata
    /// \param parameters  values for its "parameters"; those not given have their default
    /// \throws TaskError when a parameter has no usable value: no item is run then
    virtual TaskFunction function(const QString &name, const QJsonObject &parameters) = 0;

    /// Runs one of the "initializers" of the metadata, once in every worker process before its first item.
    virtual void initialize(const QString &name, const QJsonArray &arguments)
    {
        Q_UNUSED(arguments)
        throw TaskError(QStringLiteral("AttributeError"),
                        QStringLiteral("no initializer named %1").arg(name));
    }
};

} // namespace Poolscope

#define PoolscopeTaskPlugin_iid "org.poolscope.TaskPlugin/1.0"
Q_DECLARE_INTERFACE(Poolscope::TaskPlugin, PoolscopeTaskPlugin_iid)
