// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"

#include <QList>
#include <QString>
#include <QStringList>

/// What a comparison comes to, in figures and in words.
namespace Poolscope::ComparisonText {

enum class Better
{
    Neither, ///< more or less of it is not better
    Less,
    More,
};

/// A figure of every contestant.
struct Row
{
    QString name;
    QString explanation;
    Better better = Better::Neither;
    QStringList values; ///< By contestant: the median, and the spread where there are more rounds.
    /// The one that is best, unless the spread of another reaches as far: then the difference is noise.
    std::optional<std::size_t> best = {};
    QString why = {}; ///< A sentence: what makes that one the best, or why none is; empty where none can be.
};

/// A word on how it ended: "ended", "hung", "failed".
QString outcomeText(const Racer &racer);
QList<Row> rows(const Comparison &comparison);
/// What differs and why, a sentence each.
QStringList sentences(const Comparison &comparison);
/// Both as a text for a terminal.
QString table(const Comparison &comparison);

} // namespace Poolscope::ComparisonText
