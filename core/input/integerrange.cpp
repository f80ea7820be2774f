// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/input/integerrange.h"

#include "core/input/inputerrors.h"

#include <QList>

#include <charconv>

namespace Poolscope {

namespace {

InputError rangeError(QStringView numbers, const QString &what)
{
    return {
        InputError::Kind::Usage,
        InputMessages::tr("range:%1: %2; write range:STOP, range:START:STOP or range:START:STOP:STEP, for "
                          "example range:0:100:5")
            .arg(numbers.toString(), what)};
}

std::int64_t toInteger(QStringView text, QStringView numbers)
{
    const QByteArray digits = text.toUtf8();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
    if (error == std::errc::result_out_of_range)
        throw rangeError(numbers, InputMessages::tr("%1 does not fit into 64 bits").arg(text.toString()));
    if (error != std::errc() || end != digits.end())
        throw rangeError(numbers, InputMessages::tr("\"%1\" is not a whole number").arg(text.toString()));
    return value;
}

std::uint64_t lengthOf(std::int64_t start, std::int64_t stop, std::int64_t step)
{
    const auto from = static_cast<std::uint64_t>(start);
    const auto to = static_cast<std::uint64_t>(stop);
    if (step > 0)
        return start < stop ? (to - from - 1) / static_cast<std::uint64_t>(step) + 1 : 0;
    return start > stop ? (from - to - 1) / (0 - static_cast<std::uint64_t>(step)) + 1 : 0;
}

} // namespace

IntegerRange::IntegerRange(QStringView numbers)
{
    const QList<QStringView> parts = numbers.split(u':');
    if (parts.size() > 3)
        throw rangeError(numbers, InputMessages::tr("more than three numbers"));
    const std::int64_t start = parts.size() > 1 ? toInteger(parts[0], numbers) : 0;
    const std::int64_t stop = toInteger(parts[parts.size() > 1 ? 1 : 0], numbers);
    const std::int64_t step = parts.size() > 2 ? toInteger(parts[2], numbers) : 1;
    if (step == 0)
        throw rangeError(numbers, InputMessages::tr("the step must not be 0"));
    m_next = static_cast<std::uint64_t>(start);
    m_step = static_cast<std::uint64_t>(step);
    m_left = lengthOf(start, stop, step);
}

std::uint32_t IntegerRange::fill(std::string &out, std::uint32_t most)
{
    constexpr std::uint32_t askEvery = 4096;
    std::uint32_t count = 0;
    for (; count < most && m_left > 0; ++count, --m_left) {
        if (count % askEvery == 0 && m_cancelled.load(std::memory_order_relaxed))
            break;
        char number[24];
        char *const end =
            std::to_chars(number, number + sizeof number - 1, static_cast<std::int64_t>(m_next)).ptr;
        *end = '\n';
        out.append(number, end + 1);
        m_next += m_step;
    }
    return count;
}

std::optional<std::uint64_t> IntegerRange::count(const std::function<bool(std::uint64_t)> &)
{
    return m_left;
}

} // namespace Poolscope
