// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Counted things in words: "1 item", "1,000 items".
namespace Poolscope::Wording {

QString items(quint64 number);
QString chunks(quint64 number);

} // namespace Poolscope::Wording
