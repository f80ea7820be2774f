// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/jsonarray.h"

#include "tests/fuzz/readinput.h"

using namespace Poolscope;

namespace {

/// As many items as Qt finds, and each the same.
void compareWithQt(std::string_view content)
{
    const fuzz::MemoryFile file(content);
    const QString path = QString::fromStdString(file.path());
    const fuzz::Items items =
        fuzz::readItems([&path] { return std::make_unique<JsonArray>(ByteStream::openFile(path)); }, 10'000);
    const QJsonDocument document =
        QJsonDocument::fromJson(QByteArray(content.data(), qsizetype(content.size())));
    if (!items.error.empty() || document.isNull())
        return;
    MUST(document.isArray());
    MUST(std::uint64_t(document.array().size()) == items.count);
    const QByteArray lines = QByteArray::fromStdString(items.lines).chopped(items.count > 0 ? 1 : 0);
    MUST(QJsonDocument::fromJson('[' + QByteArray(lines).replace('\n', ',') + ']') == document);
}

} // namespace

void fuzz::run(std::string_view bytes)
{
    const Choices choices(bytes);
    checkReader(choices, [](auto stream) { return std::make_unique<JsonArray>(std::move(stream)); });
    compareWithQt(choices.rest());
}
