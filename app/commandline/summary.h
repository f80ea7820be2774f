// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/run.h"

#include <QJsonObject>

namespace Poolscope {

/// The figures of a run that is over, under the names of --summary. Times in seconds.
QJsonObject summaryOf(const Run &run);

} // namespace Poolscope
