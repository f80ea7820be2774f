// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>

#include <optional>
#include <string_view>

namespace fuzz {

/// The value as Qt reads it, in an array of one; nothing where Qt refuses it.
inline std::optional<QJsonArray> qtJson(std::string_view text, QJsonParseError::ParseError *error = nullptr)
{
    QJsonParseError problem;
    const QByteArray wrapped = '[' + QByteArray(text.data(), qsizetype(text.size())) + ']';
    const QJsonDocument document = QJsonDocument::fromJson(wrapped, &problem);
    if (error)
        *error = problem.error;
    if (problem.error != QJsonParseError::NoError || document.array().size() != 1)
        return std::nullopt;
    return document.array();
}

} // namespace fuzz
