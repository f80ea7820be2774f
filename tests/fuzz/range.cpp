// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/inputsource.h"
#include "tests/fuzz/fuzz.h"

#include <array>
#include <charconv>
#include <optional>

using namespace Poolscope;

namespace {

__extension__ using Wide = __int128;

/// The numbers of a range, read again in the plainest way; nothing when it is none.
std::optional<std::array<std::int64_t, 3>> numbersOf(std::string_view text)
{
    std::array<std::int64_t, 3> given{};
    std::size_t count = 0;
    for (bool isLast = false; !isLast; ++count) {
        const std::size_t end = std::min(text.find(':'), text.size());
        isLast = end == text.size();
        if (count == given.size())
            return std::nullopt;
        const auto read = std::from_chars(text.data(), text.data() + end, given[count]);
        if (read.ec != std::errc() || read.ptr != text.data() + end)
            return std::nullopt;
        text.remove_prefix(isLast ? end : end + 1);
    }
    if (count == 1)
        return {{0, given[0], 1}};
    if (count == 2)
        return {{given[0], given[1], 1}};
    if (given[2] == 0)
        return std::nullopt;
    return given;
}

} // namespace

/// A range counts as numbers of unlimited size would.
void fuzz::run(std::string_view bytes)
{
    const QString text = QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
    const QByteArray utf8 = text.toUtf8();
    const auto numbers = numbersOf(std::string_view(utf8.constData(), std::size_t(utf8.size())));
    try {
        const auto source = openInput(QStringLiteral("range:") + text, {});
        MUST(numbers);
        const Wide start = (*numbers)[0];
        const Wide stop = (*numbers)[1];
        const Wide step = (*numbers)[2];
        const Wide distance = step > 0 ? stop - start : start - stop;
        const Wide stride = step > 0 ? step : -step;
        const Wide length = distance > 0 ? (distance + stride - 1) / stride : 0;
        MUST(scanInput(QStringLiteral("range:") + text, {}) == std::uint64_t(length));

        std::string items;
        const std::uint32_t count = source->read(items, 50);
        MUST(Wide(count) == std::min(length, Wide(50)));
        std::string expected;
        for (std::uint32_t i = 0; i < count; ++i)
            expected += std::to_string(std::int64_t(start + step * i)) + '\n';
        MUST(items == expected);
    } catch (const InputError &error) {
        MUST(!numbers);
        MUST(error.kind() == InputError::Kind::Usage);
    }
}
