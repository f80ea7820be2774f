// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/nativetask.h"

#include "app/worker/clock.h"
#include "app/worker/valuecodec.h"
#include "core/wire/message.h"

#include <QVarLengthArray>

#include <utility>

namespace Poolscope::Worker {

namespace {

[[noreturn]] void typeError(const QString &message)
{
    throw TaskError(QStringLiteral("TypeError"), message);
}

/// 'a', 'a' and 'b', 'a', 'b', and 'c': as Python enumerates them.
QString enumerate(const QStringList &names)
{
    QString text;
    for (qsizetype i = 0; i < names.size(); ++i) {
        if (i > 0)
            text += i + 1 < names.size()
                        ? QStringLiteral(", ")
                        : (names.size() > 2 ? QStringLiteral(", and ") : QStringLiteral(" and "));
        text += QLatin1Char('\'') + names[i] + QLatin1Char('\'');
    }
    return text;
}

using Values = QVarLengthArray<QJsonValue, 8>;

/// Characters as people count them: a surrogate pair is one.
Values characters(const QString &text)
{
    Values values;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool isPair = text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        values.append(QJsonValue(text.mid(i, isPair ? 2 : 1)));
        i += isPair ? 1 : 0;
    }
    return values;
}

} // namespace

NativeTask::NativeTask(const QString &name, const std::optional<QStringList> &arguments,
                       TaskFunction function)
    : m_name(name)
    , m_arguments(arguments)
    , m_takesOne(!arguments || arguments->size() == 1)
    , m_function(std::move(function))
{}

void NativeTask::run(const Call &call, Outcome &outcome)
{
    try {
        if (call.keywords)
            typeError(QStringLiteral("%1() takes no keyword arguments").arg(m_name));
        const QJsonValue item = decodeItem(call.item);
        if (call.item.size() >= Wire::measuredTextSize)
            outcome.unpacked = now();
        const QJsonValue value = call.unpack ? callUnpacked(item) : this->call(item);
        // How long its text will be is not known yet; that of another kind of value is short.
        if (value.isString() || value.isArray() || value.isObject())
            outcome.returned = now();
        encodeValue(value, outcome.value);
    } catch (...) {
        outcome.failure = currentFailure();
    }
}

QJsonValue NativeTask::call(const QJsonValue &item)
{
    if (!m_takesOne)
        checkCount(1);
    return m_function(Arguments(&item, 1));
}

QJsonValue NativeTask::callUnpacked(const QJsonValue &item)
{
    Values values;
    if (item.isArray()) {
        const QJsonArray array = item.toArray();
        values.reserve(array.size());
        for (const QJsonValue &value : array)
            values.append(value);
    } else if (item.isString()) {
        values = characters(item.toString());
    } else {
        // An object too: Python would pass its keys in the order they were written, which is not known here.
        typeError(
            QStringLiteral("%1() argument after * must be an iterable, not %2").arg(m_name, typeName(item)));
    }
    checkCount(values.size());
    return m_function(Arguments(values.constData(), std::size_t(values.size())));
}

void NativeTask::checkCount(qsizetype given) const
{
    if (!m_arguments || m_arguments->size() == given)
        return;
    const qsizetype takes = m_arguments->size();
    if (given > takes)
        typeError(QStringLiteral("%1() takes %2 positional argument%3 but %4 %5 given")
                      .arg(m_name)
                      .arg(takes)
                      .arg(takes == 1 ? QString() : QStringLiteral("s"))
                      .arg(given)
                      .arg(given == 1 ? QStringLiteral("was") : QStringLiteral("were")));
    typeError(QStringLiteral("%1() missing %2 required positional argument%3: %4")
                  .arg(m_name)
                  .arg(takes - given)
                  .arg(takes - given == 1 ? QString() : QStringLiteral("s"))
                  .arg(enumerate(m_arguments->mid(given))));
}

} // namespace Poolscope::Worker
