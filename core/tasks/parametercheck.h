// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/taskcatalog.h"

#include <QJsonObject>
#include <QString>

namespace Poolscope {

/// What is wrong with these parameters for this task (a name it does not know, a value of another type);
/// empty when nothing is.
QString parameterProblem(const TaskDescription &task, const QJsonObject &parameters);

/// The parameters with the defaults of those not given.
QJsonObject completeParameters(const TaskDescription &task, const QJsonObject &parameters);

} // namespace Poolscope
