// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobpanel/wording.h"

#include <QCoreApplication>
#include <QLocale>

#include <limits>

namespace Poolscope::Wording {

namespace {

// The singular has a text of its own, as English has no translation file that would choose the plural form;
// the number is handed on for languages with more than two forms.
QString counted(const char *one, const char *many, quint64 number)
{
    const int plural = int(qMin<quint64>(number, std::numeric_limits<int>::max()));
    return QCoreApplication::translate("Poolscope::Wording", number == 1 ? one : many, nullptr, plural)
        .arg(QLocale().toString(number));
}

} // namespace

QString items(quint64 number)
{
    return counted(QT_TRANSLATE_NOOP("Poolscope::Wording", "%1 item"),
                   QT_TRANSLATE_NOOP("Poolscope::Wording", "%1 items"), number);
}

QString chunks(quint64 number)
{
    return counted(QT_TRANSLATE_NOOP("Poolscope::Wording", "%1 chunk"),
                   QT_TRANSLATE_NOOP("Poolscope::Wording", "%1 chunks"), number);
}

} // namespace Poolscope::Wording
