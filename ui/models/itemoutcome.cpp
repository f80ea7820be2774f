// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/itemoutcome.h"

#include "ui/models/format.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

namespace Poolscope {

ItemError itemErrorOf(std::string_view json)
{
    const QByteArray bytes(json.data(), qsizetype(json.size()));
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    if (!document.isObject())
        return {{}, QString::fromUtf8(bytes), {}};
    const QJsonObject object = document.object();
    return {object.value(QLatin1String("type")).toString(), object.value(QLatin1String("message")).toString(),
            object.value(QLatin1String("traceback")).toString()};
}

QString statusWord(ItemStatus status)
{
    switch (status) {
    case ItemStatus::Ok:
        return QCoreApplication::translate("ItemOutcome", "ok");
    case ItemStatus::Error:
        return QCoreApplication::translate("ItemOutcome", "error");
    case ItemStatus::Lost:
        return QCoreApplication::translate("ItemOutcome", "lost");
    case ItemStatus::NotRun:
        return QCoreApplication::translate("ItemOutcome", "not run");
    case ItemStatus::Cancelled:
        return QCoreApplication::translate("ItemOutcome", "cancelled");
    }
    return {};
}

QString outcomeText(const ItemRecord &record, int most)
{
    if (record.status == ItemStatus::Ok)
        return Format::excerpt(record.value, most);
    const ItemError error = itemErrorOf(record.value);
    QString text = statusWord(record.status);
    if (!error.type.isEmpty())
        text += QStringLiteral(" · ") + error.type;
    if (!error.message.isEmpty())
        text += QStringLiteral(": ") + error.message;
    return Format::excerpt(text.toStdString(), most);
}

} // namespace Poolscope
