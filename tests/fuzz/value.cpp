// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/valuecodec.h"
#include "core/input/jsonscanner.h"
#include "core/tasks/taskplugin.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json.h"

#include <optional>

using namespace Poolscope;

namespace {

std::optional<QJsonValue> decoded(std::string_view text)
{
    try {
        return Worker::decodeItem(text);
    } catch (const TaskError &) {
        return std::nullopt;
    }
}

} // namespace

/// An item that a native task takes comes back from it unaltered.
void fuzz::run(std::string_view bytes)
{
    const std::string invalidBefore(bytes.substr(0, Worker::findInvalidUtf8(bytes)));
    MUST(QByteArrayView(invalidBefore.data(), qsizetype(invalidBefore.size())).isValidUtf8());
    std::string asText;
    Worker::appendJsonString(asText, bytes);
    MUST(JsonScanner(asText).scanText());

    // Items are checked before they travel.
    if (bytes.find('\n') != std::string_view::npos || invalidBefore.size() != bytes.size() ||
        !JsonScanner(bytes).scanText())
        return;
    const auto value = decoded(bytes);
    if (!value)
        return;
    std::string encoded;
    Worker::encodeValue(*value, encoded);
    MUST(encoded.find('\n') == std::string::npos);
    MUST(JsonScanner(encoded).scanText());
    MUST(decoded(encoded) == value);
    MUST(!Worker::typeName(*value).isEmpty());
}
