// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/comparison/comparisonexport.h"

#include "core/comparison/comparisoncsv.h"
#include "core/comparison/replaypage.h"

#include <QCoreApplication>
#include <QSaveFile>

#include <algorithm>
#include <initializer_list>

namespace Poolscope::ComparisonExport {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::ComparisonExport", text);
}

bool endsWith(const QString &file, std::initializer_list<const char *> endings)
{
    return std::any_of(endings.begin(), endings.end(), [&file](const char *ending) {
        return file.endsWith(QLatin1String(ending), Qt::CaseInsensitive);
    });
}

} // namespace

Format formatOf(const QString &file)
{
    if (endsWith(file, {".html", ".htm"}))
        return Format::WebPage;
    if (endsWith(file, {"-items.csv"}))
        return Format::Deliveries;
    return endsWith(file, {".csv"}) ? Format::Figures : Format::Comparison;
}

bool isPicture(const QString &file)
{
    return endsWith(file, {".png", ".svg", ".pdf"});
}

void write(const Comparison &comparison, Format format, const QString &file)
{
    QByteArray bytes;
    switch (format) {
    case Format::Comparison:
        comparison.save(file);
        return;
    case Format::WebPage:
        bytes = ReplayPage::html(comparison);
        break;
    case Format::Figures:
        bytes = ComparisonCsv::figures(comparison);
        break;
    case Format::Deliveries:
        bytes = ComparisonCsv::deliveries(comparison);
        break;
    }
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size() || !target.commit())
        throw ComparisonError(
            tr("%1 cannot be written: %2. Choose another folder or name.").arg(file, target.errorString()));
}

} // namespace Poolscope::ComparisonExport
