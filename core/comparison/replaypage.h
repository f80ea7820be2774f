// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"

#include <QByteArray>
#include <QJsonObject>

/// A comparison as one page of HTML that plays it back: it holds all it needs, asks no network for anything
/// and works from a file in any browser.
namespace Poolscope::ReplayPage {

/// What the page is made from: texts as ComparisonText words them, and the recorded times of each contestant,
/// packed as base64 (little-endian, 32-bit whole numbers and 64-bit floats), in the order of delivery.
QJsonObject data(const Comparison &comparison);
/// UTF-8.
QByteArray html(const Comparison &comparison);

/// JSON that may stand between <script> and </script>, whatever its texts hold: < and what a script takes for
/// the end of a line are written as escapes, so that it reads back as the same.
QByteArray embeddable(const QJsonObject &json);

} // namespace Poolscope::ReplayPage
