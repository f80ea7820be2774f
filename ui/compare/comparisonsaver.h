// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/comparison/comparison.h"

#include <QCoreApplication>
#include <QString>

#include <functional>

class QWidget;

namespace Poolscope {

class RaceView;

/// Exports a comparison: as a page that plays it back, as a picture, as a table.
class ComparisonSaver
{
    Q_DECLARE_TR_FUNCTIONS(Poolscope::ComparisonSaver)

public:
    /// Asks for a file and writes it.
    /// \param comparison, race  outlive the parent; the race shows the comparison
    /// \param tell  is told what was written where, or what failed and what to do
    static void chooseFile(QWidget *parent, const Comparison *comparison, const RaceView *race,
                           std::function<void(const QString &)> tell);

    /// \param filter  of the file dialog; says what is meant where the file's ending leaves it open
    /// \returns what is to be told
    static QString save(const Comparison &comparison, const RaceView *race, const QString &filter,
                        const QString &file);
};

} // namespace Poolscope
