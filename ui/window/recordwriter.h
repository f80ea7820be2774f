// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pool/run.h"

#include <QByteArray>

namespace Poolscope {

enum class ResultsFormat
{
    JsonLines,
    Csv
};

/// The line that names the columns; nothing for JSON lines.
QByteArray resultsHeader(ResultsFormat format);
/// One record, ended by a line break. JSON lines are those of poolscope-run; in CSV a value that is text
/// stands as that text, any other as JSON.
QByteArray resultLine(const ItemRecord &record, ResultsFormat format);

} // namespace Poolscope
