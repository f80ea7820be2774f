// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/jobspec.h"

#include <QJsonObject>

namespace Poolscope {

/// A job as it is remembered from one start of the program to the next.
QJsonObject jobToJson(const JobSpec &spec);
/// The reverse; what is missing, unknown or out of range has its default.
JobSpec jobFromJson(const QJsonObject &json);

} // namespace Poolscope
