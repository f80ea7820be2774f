// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/inputsource.h"

#include "core/input/bytestream.h"
#include "core/input/globfiles.h"
#include "core/input/inputerrors.h"
#include "core/input/integerrange.h"
#include "core/input/jsonarray.h"
#include "core/input/jsonlines.h"
#include "core/input/tablerows.h"
#include "core/input/textlines.h"

#include <QCryptographicHash>
#include <QFile>
#include <QRegularExpression>

#include <utility>

#include <sys/stat.h>

namespace Poolscope {

namespace {

constexpr QLatin1String rangePrefix("range:");
constexpr QLatin1String globPrefix("glob:");
constexpr QLatin1String standardInput("-");

bool isFile(const QString &text)
{
    return !text.isEmpty() && text != standardInput && !text.startsWith(rangePrefix) &&
           !text.startsWith(globPrefix);
}

/// A mistyped "rang:5" is told apart from a missing file, unless a file is really called so.
void requireKnownKind(const QString &text)
{
    static const QRegularExpression prefix(QStringLiteral("^[A-Za-z]+:"));
    struct stat status = {};
    if (text.isEmpty())
        throw InputError(InputError::Kind::Usage,
                         InputMessages::tr("no input was given; name a file, - for standard input, "
                                           "range:STOP or glob:PATTERN"));
    if (prefix.match(text).hasMatch() && lstat(QFile::encodeName(text).constData(), &status) != 0)
        throw InputError(
            InputError::Kind::Usage,
            InputMessages::tr("%1 is neither a file nor a kind of input; known are a file, - for "
                              "standard input, range:STOP and glob:PATTERN")
                .arg(text));
}

std::unique_ptr<ItemSource> openFile(const QString &path, const InputOptions &options)
{
    auto stream = ByteStream::openFile(path);
    const auto endsIn = [&path](QLatin1String suffix) { return path.endsWith(suffix, Qt::CaseInsensitive); };
    if (endsIn(QLatin1String(".csv")))
        return std::make_unique<TableRows>(std::move(stream), ',', options);
    if (endsIn(QLatin1String(".tsv")))
        return std::make_unique<TableRows>(std::move(stream), '\t', options);
    if (endsIn(QLatin1String(".jsonl")))
        return std::make_unique<JsonLines>(std::move(stream));
    if (endsIn(QLatin1String(".json")))
        return std::make_unique<JsonArray>(std::move(stream));
    return std::make_unique<TextLines>(std::move(stream), options.itemType);
}

std::unique_ptr<ItemSource> openItems(const QString &text, const InputOptions &options)
{
    if (text.startsWith(rangePrefix))
        return std::make_unique<IntegerRange>(QStringView(text).mid(rangePrefix.size()));
    if (text.startsWith(globPrefix))
        return std::make_unique<GlobFiles>(text.mid(globPrefix.size()));
    if (text == standardInput)
        return std::make_unique<TextLines>(ByteStream::openStandardInput(), options.itemType);
    requireKnownKind(text);
    return openFile(text, options);
}

} // namespace

std::unique_ptr<InputSource> openInput(const QString &text, const InputOptions &options)
{
    return openItems(text, options);
}

bool canBeReread(const QString &text)
{
    if (text == standardInput)
        return false;
    struct stat status = {};
    // Where there is no such file, opening it says so as often as one likes.
    if (!isFile(text) || stat(QFile::encodeName(text).constData(), &status) != 0)
        return true;
    return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

std::optional<std::uint64_t> scanInput(const QString &text, const InputOptions &options,
                                       const std::function<bool(std::uint64_t)> &keepGoing)
{
    if (!canBeReread(text))
        return std::nullopt;
    return openItems(text, options)->count(keepGoing);
}

std::optional<InputDigest> digestInput(const QString &text, const InputOptions &options,
                                       const std::function<bool(std::uint64_t)> &keepGoing)
{
    if (!canBeReread(text))
        return std::nullopt;
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    const auto items = openItems(text, options)->readThrough(keepGoing, [&hash](std::string_view lines) {
        hash.addData(QByteArrayView(lines.data(), qsizetype(lines.size())));
    });
    if (!items)
        return std::nullopt;
    return InputDigest{*items, hash.result().toHex().toStdString()};
}

} // namespace Poolscope
