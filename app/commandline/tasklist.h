// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace Poolscope {

/// What --list-tasks prints: a paragraph a built-in task.
QString taskListText();

} // namespace Poolscope
