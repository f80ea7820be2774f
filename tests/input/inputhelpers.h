// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/inputsource.h"

#include <QByteArray>
#include <QFile>
#include <QString>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

/// What came out of an input, and how it ended.
struct Outcome
{
    QByteArray items;
    QString error; ///< empty when there was none
    std::optional<Poolscope::InputError::Kind> kind;
    quint64 shortReads = 0; ///< read() calls that gave fewer items than asked for

    quint64 count() const { return static_cast<quint64>(items.count('\n')); }
};

inline Outcome readAll(const QString &text, const Poolscope::InputOptions &options, std::uint32_t most)
{
    Outcome outcome;
    std::string out;
    try {
        const auto source = Poolscope::openInput(text, options);
        std::uint32_t count = 0;
        quint64 total = 0;
        do {
            count = source->read(out, most);
            total += count;
            outcome.shortReads += count < most ? 1 : 0;
        } while (count > 0);
        if (total != static_cast<quint64>(std::count(out.begin(), out.end(), '\n')))
            outcome.error = QStringLiteral("read() returned a number that is not that of the items");
    } catch (const Poolscope::InputError &error) {
        outcome.error = error.message();
        outcome.kind = error.kind();
    }
    outcome.items = QByteArray::fromStdString(out);
    return outcome;
}

inline QString writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(path));
    return path;
}
