// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pool/task.h"

#include "core/pool/value.h"
#include "core/tasks/taskcatalog.h"

#include <QCoreApplication>

namespace Poolscope {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Poolscope::Task)
};

/// Qt would make null of NaN and U+FFFD of half a surrogate pair.
void requireJson(const QString &parameter, const QJsonValue &value)
{
    try {
        Value{parameter};
        Value{value};
    } catch (const ValueError &error) {
        throw ValueError(Text::tr("parameter \"%1\": %2").arg(parameter, error.message()));
    }
}

} // namespace

TaskSpec Task::resolve() const
{
    for (auto parameter = m_parameters.begin(); parameter != m_parameters.end(); ++parameter)
        requireJson(parameter.key(), parameter.value());
    if (m_isCommand && !m_parameters.isEmpty())
        throw ValueError(Text::tr("a command has no parameters, so \"%1\" cannot be set: write it into the "
                                  "command")
                             .arg(m_parameters.begin().key()));
    const TaskLookup lookup = m_isCommand ? commandTask(m_name) : findTask(m_name, m_parameters);
    if (!lookup.error.isEmpty())
        throw ValueError(lookup.error);
    return lookup.spec;
}

} // namespace Poolscope
