// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/input/bytestream.h"
#include "core/input/inputsource.h"
#include "core/input/itemsource.h"
#include "core/input/jsonscanner.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json.h"

#include <algorithm>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace fuzz {

/// What came out of an input, and how it ended.
struct Items
{
    std::string lines;
    std::string error;
    std::uint64_t count = 0;

    bool operator==(const Items &) const = default;
};

template <typename Open>
Items readItems(Open open, std::uint32_t most)
{
    Items items;
    try {
        const auto source = open();
        for (;;) {
            const std::uint32_t count = source->read(items.lines, most);
            MUST(count <= most);
            items.count += count;
            if (count < most)
                break;
        }
        MUST(source->read(items.lines, most) == 0);
        MUST(std::uint64_t(std::count(items.lines.begin(), items.lines.end(), '\n')) == items.count);
    } catch (const Poolscope::InputError &error) {
        items.error = error.what();
        MUST(!items.error.empty());
        items.count = std::uint64_t(std::count(items.lines.begin(), items.lines.end(), '\n'));
    }
    MUST(items.lines.empty() || items.lines.back() == '\n');
    return items;
}

/// A stream whose reads give these pieces.
class PiecewiseStream
{
public:
    explicit PiecewiseStream(const std::vector<std::string> &pieces)
    {
        int ends[2] = {-1, -1};
        MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
        m_descriptor = ends[0];
        for (const std::string &piece : pieces)
            MUST(send(ends[1], piece.data(), piece.size(), MSG_DONTWAIT) == ssize_t(piece.size()));
        close(ends[1]);
    }
    ~PiecewiseStream() { close(m_descriptor); }
    PiecewiseStream(const PiecewiseStream &) = delete;
    PiecewiseStream &operator=(const PiecewiseStream &) = delete;

    QString path() const { return QStringLiteral("/dev/fd/%1").arg(m_descriptor); }

private:
    int m_descriptor = -1;
};

/// Reads a content in every way, and checks that all give the same.
/// \param make  makes the source that reads a ByteStream
template <typename Make>
void checkReader(Choices choices, Make make)
{
    const std::size_t pieceSize = 1 + choices.below(64);
    const std::uint32_t most = 1 + std::uint32_t(choices.below(9));
    const std::string_view content = choices.rest().substr(0, 4096);

    const MemoryFile file(content);
    const QString path = QString::fromStdString(file.path());
    const auto open = [&make, &path] { return make(Poolscope::ByteStream::openFile(path)); };
    const Items items = readItems(open, 10'000);
    MUST(items == readItems(open, most));

    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < content.size(); at += pieceSize)
        pieces.emplace_back(content.substr(at, std::max(pieceSize, content.size() / 100)));
    if (pieces.size() < 100) {
        const PiecewiseStream stream(pieces);
        const auto openStream = [&] { return make(Poolscope::ByteStream::openFile(stream.path())); };
        const Items inPieces = readItems(openStream, most);
        MUST(items.lines == inPieces.lines);
        MUST(items.error.empty() == inPieces.error.empty());
    }

    std::uint64_t counted = 0;
    std::string scanError;
    try {
        counted = open()->count({}).value();
    } catch (const Poolscope::InputError &error) {
        scanError = error.what();
    }
    MUST(scanError == items.error);
    MUST(!scanError.empty() || counted == items.count);

    std::string_view rest = items.lines;
    while (!rest.empty()) {
        const std::string_view item = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(item.size() + 1);
        MUST(QByteArrayView(item.data(), qsizetype(item.size())).isValidUtf8());
        MUST(Poolscope::JsonScanner(item).scanText());
    }
}

} // namespace fuzz
